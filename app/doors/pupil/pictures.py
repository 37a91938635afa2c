"""Signing in with three pictures, one press a page, or by asking the teacher to be let in."""

from __future__ import annotations

from flask import abort, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.pupil.door import door
from app.people.actions import let_in, sign_ins
from app.people.actions.sign_ins import WayIn
from app.people.pictures import HOW_MANY
from app.people.queries import let_in as asks
from app.people.queries import pupils
from app.people.queries.classes import ClassFacts
from app.people.queries.pupils import PupilFacts
from app.people.queries.sign_ins import rest_of
from app.people.rights import May
from app.web import picking
from app.web.class_pass import open_class_here
from app.web.forms import pressed
from app.web.pages import page
from app.web.viewer import sign_in

DEVICE = "asked_from"
"""Where the session keeps the token of this device's ask."""


def _pupil_here(pupil_id: str) -> tuple[ClassFacts, PupilFacts]:
    """A pupil of the open class whose pass this device holds; otherwise the way to the door."""
    facts = open_class_here()
    if facts is None:
        abort(redirect(url_for("pupil.closed"), code=303))
    pupil = pupils.pupil(facts.school_id, pupil_id)
    if pupil is None or pupil.class_id != facts.id:
        abort(404)
    return facts, pupil


@door.opens("/sign-in/<pupil_id>", may=May.SIGN_IN, methods=("GET", "POST"))
def pictures(pupil_id: str) -> str | Response:
    """Tap your three pictures: each press comes back here until there are three."""
    tapped, (facts, pupil) = pressed(), _pupil_here(pupil_id)
    if not picking.can_pick(pupil):
        return _pictures_page(pupil)
    if not tapped:
        return _pictures_page(pupil, picking.picked_so_far(pupil.id))
    picked = picking.pick(pupil.id)
    if len(picked) < HOW_MANY:
        return _pictures_page(pupil, picked)
    if not picking.pictures_fit(pupil, facts.school_id, picked):
        return redirect(url_for("pupil.pictures", pupil_id=pupil.id, again="yes"), code=303)
    return _come_in(facts.school_id, pupil.id, WayIn("pictures", pupil.pictures_by))


def _pictures_page(pupil: PupilFacts, picked: tuple[str, ...] = ()) -> str:
    able = picking.can_pick(pupil)
    rest = rest_of(pupil.id, clock.now())
    return page(
        "pupil/sign-in/pictures",
        pupil=pupil,
        grid=picking.grid(pupil.id) if able and rest is None else (),
        rest=rest if able else None,
        able=able,
        done=len(picked),
        so_far=picking.carry(pupil.id, picked),
        again="again" in request.args and request.method == "GET",
    )


def _come_in(school_id: str, pupil_id: str, way: WayIn) -> Response:
    sign_in(sign_ins.begin_for_pupil(school_id, pupil_id, clock.now(), way=way))
    return redirect(url_for("pupil.map"), code=303)


@door.opens("/sign-in/<pupil_id>/ask", may=May.SIGN_IN, methods=("POST",))
def ask(pupil_id: str) -> Response:
    """Ask my teacher to let me in: one open ask for a pupil on a device."""
    asked, (facts, pupil) = pressed(), _pupil_here(pupil_id)
    if not asked:
        return redirect(url_for("pupil.pictures", pupil_id=pupil.id), code=303)
    if _standing(facts, pupil) == "none":
        session[DEVICE] = let_in.ask(facts.school_id, pupil.id, "door", clock.now())
    return redirect(url_for("pupil.waiting", pupil_id=pupil.id), code=303)


def _standing(facts: ClassFacts, pupil: PupilFacts) -> asks.Standing:
    token = session.get(DEVICE)
    return asks.standing(facts.school_id, pupil.id, token, "door", clock.now())


@door.opens("/sign-in/<pupil_id>/waiting", may=May.SIGN_IN)
def waiting(pupil_id: str) -> str | Response:
    """Waiting for the teacher's yes; looking never signs anybody in."""
    facts, pupil = _pupil_here(pupil_id)
    return page("pupil/sign-in/waiting", pupil=pupil, standing=_standing(facts, pupil))


@door.opens("/sign-in/<pupil_id>/come-in", may=May.SIGN_IN, methods=("POST",))
def come_in(pupil_id: str) -> Response:
    """Come in, on the device that asked and on no other."""
    coming, (facts, pupil) = pressed(), _pupil_here(pupil_id)
    token = session.get(DEVICE, "")
    way = WayIn("let in", asks.said_yes_by(facts.school_id, pupil.id, token))
    if coming and let_in.use(facts.school_id, pupil.id, token, "door", clock.now()):
        return _come_in(facts.school_id, pupil.id, way)
    return redirect(url_for("pupil.waiting", pupil_id=pupil.id), code=303)

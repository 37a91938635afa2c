"""My notes: what I told, who has read it and what they answered; never open for long."""

from __future__ import annotations

from flask import abort, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.ids import new_token
from app.doors.pupil.door import door
from app.people.actions import let_in
from app.people.pictures import HOW_MANY
from app.people.queries import let_in as asks
from app.people.queries import pupils, staff
from app.people.queries.sign_ins import rest_of
from app.safeguarding import queries
from app.safeguarding.actions.add import add_words
from app.web import picking
from app.web.forms import CatkinForm, Press, long_text, pressed
from app.web.guards import PUPIL
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_pupil

OPEN_FOR = 60
"""Seconds without activity after which My notes hides."""
WARNS_AFTER = 45
DEVICE = "asked_for_notes"


def _is_open() -> bool:
    kept = session.get("notes")
    pupil = the_pupil()
    return bool(
        kept and kept["sign_in"] == pupil.sign_in and clock.now().timestamp() < kept["until"]
    )


def _open_for_now() -> None:
    until = clock.now().timestamp() + OPEN_FOR
    session["notes"] = {"sign_in": the_pupil().sign_in, "until": until}


@door.opens("/notes", admits=PUPIL)
def notes() -> str:
    """My notes, or the door to them. Looking is activity: the minute begins again."""
    pupil = the_pupil()
    if not _is_open():
        session.pop("notes", None)
        return _gate()
    _open_for_now()
    return page(
        "pupil/notes/notes",
        notes=queries.notes.notes(pupil.school_id, pupil.id),
        known_as={adult.id: adult.known_as for adult in staff.adults(pupil.school_id)},
        warns_after=WARNS_AFTER,
        childline=catalogue().helplines["childline"],
    )


def _gate(picked: tuple[str, ...] = (), *, again: bool = False) -> str:
    here = the_pupil()
    pupil = pupils.pupil(here.school_id, here.id) or abort(404)
    able, rest = picking.can_pick(pupil), rest_of(pupil.id, clock.now())
    return page(
        "pupil/notes/gate",
        grid=picking.grid(pupil.id) if able and rest is None else (),
        rest=rest if able else None,
        able=able,
        done=len(picked),
        so_far=picking.carry(pupil.id, picked),
        again=again,
        standing=_standing(),
    )


def _standing() -> asks.Standing:
    here = the_pupil()
    return asks.standing(here.school_id, here.id, session.get(DEVICE), "notes", clock.now())


@door.opens("/notes/pictures", admits=PUPIL, methods=("GET", "POST"))
def notes_pictures() -> str | Response:
    """The three pictures again, one press a page."""
    here = the_pupil()
    pupil = pupils.pupil(here.school_id, here.id) or abort(404)
    if not picking.can_pick(pupil):
        return _gate()
    if not pressed():
        return _gate(picking.picked_so_far(pupil.id)) if request.method == "POST" else _gate()
    picked = picking.pick(pupil.id)
    if len(picked) < HOW_MANY:
        return _gate(picked)
    if not picking.pictures_fit(pupil, here.school_id, picked):
        return _gate(again=True)
    _open_for_now()
    return redirect(url_for("pupil.notes"), code=303)


@door.opens("/notes/ask", admits=PUPIL, methods=("POST",))
def notes_ask() -> Response:
    """Ask my teacher to open My notes."""
    here = the_pupil()
    if pressed() and _standing() == "none":
        session[DEVICE] = let_in.ask(here.school_id, here.id, "notes", clock.now())
    return redirect(url_for("pupil.notes"), code=303)


@door.opens("/notes/come-in", admits=PUPIL, methods=("POST",))
def notes_come_in() -> Response:
    """Open My notes by the teacher's yes, on the device that asked."""
    here = the_pupil()
    token = session.get(DEVICE, "")
    if pressed() and let_in.use(here.school_id, here.id, token, "notes", clock.now()):
        session.pop(DEVICE, None)
        _open_for_now()
    return redirect(url_for("pupil.notes"), code=303)


@door.opens("/notes/still-reading", admits=PUPIL)
def notes_still_reading() -> str | Response:
    """The warning before My notes hides; it shows nothing of them."""
    if not _is_open():
        return redirect(url_for("pupil.notes"), code=303)
    left = int(session["notes"]["until"] - clock.now().timestamp()) + 1
    return page("pupil/notes/still-reading", left=max(left, 1))


@door.opens("/notes/close", admits=PUPIL, methods=("POST",))
def notes_close() -> Response:
    """Hide My notes now."""
    if Press().validate_on_submit():
        session.pop("notes", None)
    return redirect(url_for("pupil.map"), code=303)


class AddForm(CatkinForm):
    """More words to something told before."""

    words = long_text("Add something", "Write a word or two first.", longest=500_000)


@door.opens("/notes/<reference>/add", admits=PUPIL, methods=("GET", "POST"))
def notes_add(reference: str) -> str | Response:
    """Add to what I told. Adding shows nothing, so it never waits for the pictures."""
    pupil = the_pupil()
    note = queries.notes.note(pupil.school_id, reference, pupil.id) or abort(404)
    form = AddForm()
    once = request.form.get("once", "")[:64] or new_token()
    if form.validate_on_submit():
        words = (form.words.data or "").replace("\r\n", "\n")
        add_words(pupil.school_id, note, words, once)
        return redirect(url_for("pupil.notes_added"), code=303)
    return page("pupil/notes/add", form=form, reference=reference, once=once)


@door.opens("/notes/added", admits=PUPIL)
def notes_added() -> str:
    """Thanks for adding."""
    return page("pupil/notes/added")

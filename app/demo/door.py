"""The demo's own page: every way to sign in, and a button for each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import StoreAway
from app.base.keys import keys_here
from app.demo.families import codes_of, keep_ready
from app.demo.kept import ClassSignIn, Demo, PupilSignIn, StaffSignIn
from app.people.actions import sign_ins
from app.people.actions.sign_ins import WayIn
from app.people.pictures import kept_form
from app.people.queries import classes, pupils, staff
from app.people.queries.classes import ClassFacts
from app.people.queries.pupils import PupilFacts
from app.people.rights import May
from app.web.class_pass import open_now, remember_class
from app.web.forms import pressed
from app.web.guards import Door
from app.web.pages import page
from app.web.squares import only_here
from app.web.viewer import sign_in

door = Door("demo", __name__, url_prefix="/demo", over_plain_http=True)


@dataclass(frozen=True, slots=True)
class ShownPupil:
    """A pupil as the class is now; no pictures where somebody has drawn others since."""

    id: str
    name: str
    avatar: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownClass:
    """A class as it is now."""

    facts: ClassFacts
    teacher: str
    open: bool
    pupils: list[ShownPupil]


@door.opens("", may=May.SIGN_IN)
def every_sign_in() -> str:
    """Who there is, what each of them sees, and how they come in."""
    here = _demo()
    with suppress(StoreAway):
        keep_ready(here.school, least=timedelta())
    shown = [_shown(here, one) for one in here.classes]
    return page(
        "demo/sign-ins",
        staff=_staff(here),
        classes=[one for one in shown if one],
        made=date.fromisoformat(here.made),
        codes=codes_of(here.school),
        only_here=only_here(),
    )


@door.opens("/staff", may=May.SIGN_IN, methods=("POST",))
def as_staff() -> Response:
    """Come in as an adult, as if the password had been typed."""
    here = _demo()
    found = next((one for one in _staff(here) if one.id == request.form.get("staff")), None)
    if not pressed() or found is None:
        return _back()
    sign_in(sign_ins.begin_for_staff(here.school, found.id, clock.now(), second_step=True))
    return redirect(url_for("teacher.today"), code=303)


@door.opens("/pupil", may=May.SIGN_IN, methods=("POST",))
def as_pupil() -> Response:
    """Come in as a pupil, as if the class code and the pictures had been found."""
    here = _demo()
    found = pupils.pupil(here.school, request.form.get("pupil", ""))
    facts = classes.class_(here.school, found.class_id) if found else None
    if not pressed() or found is None or facts is None:
        return _back()
    remember_class(facts)
    if not open_now(facts):
        return redirect(url_for("pupil.closed"), code=303)
    way = WayIn("pictures", found.pictures_by)
    sign_in(sign_ins.begin_for_pupil(here.school, found.id, clock.now(), way=way))
    return redirect(url_for("pupil.map"), code=303)


def _demo() -> Demo:
    here: Demo = current_app.extensions["catkin_demo"]
    return here


def _back() -> Response:
    return redirect(url_for("demo.every_sign_in"), code=303)


def _staff(here: Demo) -> list[StaffSignIn]:
    """Those whose account has not been ended by a visitor."""
    there = {adult.id for adult in staff.adults(here.school)}
    return [one for one in here.staff if one.id in there]


def _shown(here: Demo, known: ClassSignIn) -> ShownClass | None:
    facts = classes.class_(here.school, known.id)
    if facts is None:
        return None
    drawn = {one.id: one for one in known.pupils}
    forms = pupils.kept_pictures(here.school, facts.id)
    shown = [
        ShownPupil(one.id, one.shown_name, one.avatar, _pictures(here, one, drawn, forms))
        for one in pupils.pupils_of(here.school, facts.id)
    ]
    adults = staff.adults_of_class(here.school, facts.id)
    teacher = " and ".join(adult.known_as for adult in adults)
    return ShownClass(facts, teacher, open_now(facts), shown)


def _pictures(
    here: Demo, pupil: PupilFacts, drawn: dict[str, PupilSignIn], forms: dict[str, str]
) -> tuple[str, ...]:
    """The three pictures, if they still are the pupil's."""
    known = drawn.get(pupil.id)
    if known is None:
        return ()
    key = keys_here().read("pictures")
    fits = kept_form(key, here.school, pupil.id, known.pictures) == forms.get(pupil.id)
    return known.pictures if fits else ()

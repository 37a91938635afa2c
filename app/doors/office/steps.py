"""The five steps of setting up, for as long as no pupil can sign in yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import g, request, url_for

from app.doors.office.door import door
from app.people.queries import classes, pupils, schools, staff
from app.people.queries.classes import ClassFacts
from app.people.rights import May
from app.people.rules import team_state
from app.people.viewers import StaffHere
from app.web.viewer import viewer_here

SCHOOL, PEOPLE, CLASSES, PUPILS, READY = "School", "People", "Classes", "Pupils", "Ready"
HINTS: Final = {
    SCHOOL: "Its name and its day",
    PEOPLE: "Who can see concerns",
    CLASSES: "Names and years",
    PUPILS: "Paste their names",
    READY: "Slips and first lesson",
}
STEP_OF: Final = {
    "set_up": SCHOOL,
    "set_up_code": SCHOOL,
    "classes": CLASSES,
    "add_class": CLASSES,
    "change_class": CLASSES,
    "class_list": PUPILS,
    "look_at_names": PUPILS,
    "save_names": PUPILS,
    "add_one": PUPILS,
    "pupil": PUPILS,
    "rename_pupil": PUPILS,
    "move_pupil": PUPILS,
    "remove_pupil": PUPILS,
    "ready": READY,
    "recovery_key": READY,
    "make_recovery_key": READY,
    "recovery_key_printed": READY,
}
"""The step that a page belongs to; the pages about adults are all People."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the side bar; `state` is done, now or next."""

    says: str
    hint: str
    state: str
    href: str | None


@dataclass(frozen=True, slots=True)
class WayOn:
    """A link to the page before or after."""

    says: str
    href: str


@dataclass(frozen=True, slots=True)
class Way:
    """The steps, and where this page leads."""

    steps: tuple[Step, ...]
    back: WayOn | None = None
    onward: WayOn | None = None


def _here() -> str:
    return STEP_OF.get((request.endpoint or "").partition(".")[2], PEOPLE)


def _before_there_is_a_school() -> Way:
    return Way(tuple(_step(says, done=False, href=None) for says in HINTS))


def _step(says: str, *, done: bool, href: str | None, hint: str = "") -> Step:
    state = "now" if says == _here() else "done" if done else "next"
    return Step(says, hint or HINTS[says], state, href)


def _setting_up(here: StaffHere) -> Way:
    school_id, listed = here.school_id, classes.classes(here.school_id)
    counts = classes.pupil_counts(school_id)
    empty = [facts for facts in listed if facts.id not in counts]
    to_fill = _list_of((empty or listed)[0]) if listed else None
    people, all_classes, ready = (
        url_for(f"office.{name}") for name in ("people", "classes", "ready")
    )
    steps = (
        _step(SCHOOL, done=True, href=None, hint=schools.the_school(school_id).name),
        _step(PEOPLE, done=team_state(staff.adults(school_id)).safe, href=people),
        _step(CLASSES, done=bool(listed), href=all_classes),
        _step(PUPILS, done=bool(listed) and not empty, href=to_fill),
        _step(READY, done=False, href=ready),
    )
    return Way(steps, _back(people, all_classes), _onward(empty))


def _list_of(facts: ClassFacts) -> str:
    return url_for("office.class_list", class_id=facts.id)


def _back(people: str, all_classes: str) -> WayOn | None:
    known = {
        CLASSES: WayOn(PEOPLE, people),
        PUPILS: WayOn(CLASSES, all_classes),
        READY: WayOn(CLASSES, all_classes),
    }
    return known.get(_here())


def _onward(empty: list[ClassFacts]) -> WayOn | None:
    """The next thing to do; from the list of a class, the next class without pupils."""
    if _here() == PEOPLE:
        return WayOn("Go on to classes", url_for("office.classes"))
    if _here() == READY:
        return None
    others = [facts for facts in empty if facts.id != (request.view_args or {}).get("class_id")]
    if others:
        return WayOn(f"Go on to the pupils of {others[0].name}", _list_of(others[0]))
    return WayOn("Go on to the last step", url_for("office.ready"))


def set_up_way() -> Way | None:
    """The steps for whoever keeps the lists; None once a pupil has pictures to sign in with."""
    if "set_up_way" not in g:
        g.set_up_way = _find_way()
    found: Way | None = g.set_up_way
    return found


def _find_way() -> Way | None:
    if _here() == SCHOOL:
        return _before_there_is_a_school()
    here = viewer_here()
    if not isinstance(here, StaffHere) or not here.may(May.KEEP_PEOPLE):
        return None
    return None if pupils.with_pictures(here.school_id) else _setting_up(here)


@door.context_processor
def for_templates() -> dict[str, Callable[[], Way | None]]:
    """Asked by the templates of this door, and only then looked up."""
    return {"set_up_way": set_up_way}

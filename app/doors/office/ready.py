"""Before the first lesson: what is done, what still waits, and where slips and cards are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from app.base import clock
from app.doors.office.door import door
from app.people.queries import classes, pupils, schools, staff
from app.people.queries.classes import ClassFacts
from app.people.rights import May
from app.people.rules import Adult, team_state
from app.safeguarding import queries
from app.web.guards import may_open
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_adult


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list; `href` leads to where it is put right."""

    done: bool
    says: str
    more: str
    link: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class ClassAtDoor:
    """A class, how many pupils it has and how many of them have pictures."""

    facts: ClassFacts
    pupils: int
    with_pictures: int
    has_adult: bool


def _team(adults: list[Adult]) -> Check:
    team, there = team_state(adults), url_for("office.people")
    if team.safe:
        names = ", ".join(adult.name for adult in team.sure)
        return Check(True, "Two adults can see every concern, whoever it is about", names)
    so_far = f"{len(team.sure)} of 3 so far"
    if not team.outside:
        so_far += ", nobody from outside the staff"
    more, link = ". ".join((so_far, *team.awaited)), "Add" if team.lacks else "See"
    return Check(False, "Too few adults can see concerns", more, link, there)


def _on_paper(school_id: str) -> Check:
    paper = queries.paper.newest(school_id)
    if paper is not None:
        here = clock.local(paper.made_at)
        more = f"Paper {paper.version} of {here.day} {here:%B %Y}"
        return Check(True, "A recovery key is printed", more)
    mine = may_open("office.make_recovery_key")
    more = "If the keys are lost, so is all that children told"
    if not mine:
        more += ". The DSL or the head prints it"
    there = url_for("office.recovery_key") if mine else ""
    return Check(False, "No recovery key has been printed", more, "Print" if mine else "", there)


def _outside(school_id: str) -> Check:
    own = schools.the_school(school_id).referral
    if own:
        return Check(True, "Whom to call about an adult is written down", "On the People page")
    there = url_for("office.people", _anchor="call-outside")
    more = "The safeguarding team writes it on the People page"
    return Check(False, "Whom to call about an adult is not written down", more, "Write", there)


def _in_all(rooms: list[ClassAtDoor]) -> Check:
    children = sum(room.pupils for room in rooms)
    if not children:
        there = url_for("office.classes")
        return Check(False, "No pupils yet", "Add classes, then paste names", "Add", there)
    says = f"{_counted(len(rooms), 'class', 'classes')}, {_counted(children, 'pupil', 'pupils')}"
    return Check(True, says, "No dates of birth, addresses or photographs")


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _of_class(room: ClassAtDoor) -> Iterator[Check]:
    name, class_id = room.facts.name, room.facts.id
    if not room.has_adult:
        there = url_for("office.change_class", class_id=class_id)
        more = "Its concerns go to the safeguarding team only"
        yield Check(False, f"{name} has no adult", more, "Choose", there)
    if not room.pupils:
        there = url_for("office.class_list", class_id=class_id)
        yield Check(False, f"{name} has no pupils", "Paste the class list", "Paste", there)
    elif room.with_pictures < room.pupils:
        there = url_for("teacher.class_page", class_id=class_id)
        says = f"{_counted(room.pupils - room.with_pictures, 'pupil', 'pupils')} of {name} without"
        more = "Draw them and print the slips"
        yield Check(False, f"{says} pictures", more, "Draw", there)
    if not catalogue().lessons_for(room.facts.band):
        more = f"Nothing is written yet for ages {room.facts.band}"
        yield Check(False, f"{name} has no lessons", more)


def _rooms(school_id: str) -> list[ClassAtDoor]:
    counts, at_work = classes.pupil_counts(school_id), classes.staff_ids(school_id)
    drawn = pupils.with_pictures(school_id)
    return [
        ClassAtDoor(c, counts.get(c.id, 0), drawn.get(c.id, 0), bool(at_work.get(c.id)))
        for c in classes.classes(school_id)
    ]


@door.opens("/ready", may=May.KEEP_PEOPLE)
def ready() -> str:
    """The list of what opens the doors, and the classes with their codes."""
    school_id = the_adult().school_id
    rooms = _rooms(school_id)
    checks = [_team(staff.adults(school_id)), _in_all(rooms), _on_paper(school_id)]
    checks.append(_outside(school_id))
    checks += [check for room in rooms for check in _of_class(room)]
    return page("office/ready", checks=checks, rooms=rooms)

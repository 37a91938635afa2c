"""Today: what needs this adult, who waits at the door, and where the classes are."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.content.catalogue import Catalogue
from app.doors.teacher.door import door
from app.learning import queries as learning
from app.learning.rules import GridRow, Piece, class_grid, objectives_taught
from app.people.actions import let_in as lets
from app.people.actions import staff as adults_do
from app.people.queries import classes, let_in, pupils, schools, sign_ins, staff
from app.people.queries.classes import ClassFacts
from app.people.queries.let_in import Waiting
from app.people.queries.pupils import PupilFacts
from app.people.rules import KEEPS_LISTS, SAFEGUARDING_TEAM, STAFF, TeamState, team_state
from app.people.viewers import StaffHere
from app.safeguarding import queries as safeguarding
from app.web.concern_rows import rows_for
from app.web.forms import pressed
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_adult


@dataclass(frozen=True, slots=True)
class ClassToday:
    """A class as Today shows it."""

    facts: ClassFacts
    open: bool
    pupils: list[PupilFacts]
    waiting: list[Waiting]
    grid: list[GridRow]


def _class_today(facts: ClassFacts, known: Catalogue, *, is_open: bool) -> ClassToday:
    here = pupils.pupils_of(facts.school_id, facts.id)
    pieces: list[Piece] = [*known.lessons_for(facts.band), *known.quizzes_for(facts.band)]
    objectives = [known.objectives[one] for one in objectives_taught(pieces)]
    shown = learning.class_progress(facts.school_id, facts.id)
    grid = class_grid(objectives, [pupil.id for pupil in here], shown)
    return ClassToday(facts, is_open, here, let_in.waiting(facts.school_id, facts.id), grid)


def _team_to_show(viewer: StaffHere) -> TeamState | None:
    """The state of the safeguarding team, for those who can mend it."""
    can_mend = set(viewer.roles) & {*SAFEGUARDING_TEAM, *KEEPS_LISTS}
    return team_state(staff.adults(viewer.school_id)) if can_mend else None


@door.opens("/today", admits=STAFF)
def today() -> str:
    """Concerns for me, pupils who wait to be let in, and my classes by objective."""
    viewer = the_adult()
    day = schools.the_school(viewer.school_id).day
    mine = classes.classes_of(viewer.school_id, viewer.id)
    return page(
        "teacher/today",
        moment=clock.now(),
        rows=rows_for(viewer),
        state="open",
        classes=[_class_today(one, catalogue(), is_open=one.is_open(day)) for one in mine],
        team=_team_to_show(viewer),
        notices=staff.team_notices(viewer.school_id, viewer.id),
        guessed=sign_ins.codes_being_guessed(),
        can_read=safeguarding.keys.reading_works(viewer.school_id),
    )


@door.opens("/today/let-in/<let_in_id>", admits=STAFF, methods=("POST",))
def today_let_in(let_in_id: str) -> Response:
    """Let a pupil of my own classes in."""
    viewer = the_adult()
    mine = classes.classes_of(viewer.school_id, viewer.id)
    asking = {one.id for room in mine for one in let_in.waiting(viewer.school_id, room.id)}
    if pressed() and let_in_id in asking:
        lets.let_in(viewer.school_id, let_in_id, viewer.id, clock.now())
    return redirect(url_for("teacher.today"), code=303)


@door.opens("/today/seen/<int:notice_id>", admits=STAFF, methods=("POST",))
def notice_seen(notice_id: int) -> Response:
    """Put word about the safeguarding team away, once read."""
    viewer = the_adult()
    if pressed():
        adults_do.see_team_notice(viewer.school_id, viewer.id, notice_id)
    return redirect(url_for("teacher.today"), code=303)

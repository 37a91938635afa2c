"""Today: what needs this adult, where the class is, and what to teach next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.content.fact_checks import Due, FactToCheck
from app.doors.teacher.door import door
from app.doors.teacher.progress import ClassGrid, grid_of
from app.learning import queries as learning
from app.learning.rules import LETTERS, GridRow, State
from app.learning.teaching import (
    FEWEST,
    StuckPupil,
    TeachNext,
    WrongIdea,
    have_answered,
    stuck_pupils,
    teach_next,
    under_way,
    wrong_ideas,
)
from app.people.actions import let_in as lets
from app.people.queries import classes, let_in, schools, sign_ins, staff
from app.people.queries.classes import ClassFacts
from app.people.queries.let_in import Waiting
from app.people.rights import May
from app.people.rules import TeamState, team_state
from app.people.viewers import StaffHere
from app.safeguarding import queries as safeguarding
from app.safeguarding.actions.team import see_notice
from app.web.concern_rows import bursts, near, rows_for, without_followers
from app.web.cover import names_covered, seconds_shown
from app.web.facts import facts_for
from app.web.forms import pressed
from app.web.guards import safe_path
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_adult
from app.web.word import came_in
from app.web.works import works_facts

ROWS, ROWS_BESIDE_CONCERNS = 8, 5
"""So many objectives fit on the page with all that a teacher needs to see at once."""
HANDS = 3
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "reverend", "rev"})


@dataclass(frozen=True, slots=True)
class ClassToday:
    """A class as Today shows it."""

    facts: ClassFacts
    grid: ClassGrid
    rows: list[GridRow]
    answered: int
    wrong: list[WrongIdea]
    stuck: list[StuckPupil]
    behind: list[int]
    """Where those stand in the grid who have not begun, once half the class has."""
    following: TeachNext | None

    @property
    def too_few(self) -> bool:
        """Whether so few have answered that a count would say who."""
        return self.answered < FEWEST

    @property
    def secure(self) -> int:
        """How many marks of the whole grid are secure."""
        return sum(row.secure for row in self.grid.rows)


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """A class's door: whether it stands open, and who waits there."""

    facts: ClassFacts
    open: bool
    waiting: list[Waiting]


def _class_today(facts: ClassFacts) -> ClassToday:
    known, school_id = catalogue(), facts.school_id
    progress = learning.class_progress(school_id, facts.id)
    grid, answered = grid_of(facts, progress), have_answered(progress)
    counts = learning.misconception_counts(school_id, facts.id)
    wrong = wrong_ideas(counts, known.misconceptions, answered=answered)
    lessons, done = known.lessons_for(facts.band), learning.finished_by(school_id, facts.id)
    return ClassToday(
        facts=facts,
        grid=grid,
        rows=under_way(grid.rows, ROWS if names_covered() else ROWS_BESIDE_CONCERNS),
        answered=answered,
        wrong=wrong,
        stuck=stuck_pupils(grid.rows),
        behind=_behind(grid) if answered * 2 >= len(grid.heads) else [],
        following=teach_next(lessons, wrong, done, of=len(grid.heads)),
    )


def _behind(grid: ClassGrid) -> list[int]:
    """The places of the pupils who have not given one answer yet."""
    columns = zip(*(row.cells for row in grid.rows), strict=True)
    return [n for n, cells in enumerate(columns) if set(cells) == {State.NOT_STARTED}]


def greeting(name: str, moment: datetime) -> str:
    """A good morning by first name; by the whole name where that begins with a title."""
    hour = clock.local(moment).hour
    part = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
    first = name.split()[0]
    return f"Good {part}, {name if first.rstrip('.').lower() in TITLES else first}"


def _team_to_show(viewer: StaffHere) -> TeamState | None:
    """The state of the safeguarding team, for those who can mend it."""
    can_mend = viewer.may(May.KEEP_PEOPLE)
    return team_state(staff.adults(viewer.school_id)) if can_mend else None


def _my_classes(viewer: StaffHere) -> list[ClassFacts]:
    return classes.classes_within(viewer.school_id, viewer.id, viewer.reach(May.TEACH))


def _doors(mine: list[ClassFacts], viewer: StaffHere) -> list[AtTheDoor]:
    day = schools.the_school(viewer.school_id).day
    return [AtTheDoor(one, one.is_open(day), let_in.waiting(one.school_id, one.id)) for one in mine]


def _facts_due(viewer: StaffHere) -> dict[str, list[FactToCheck]]:
    """The ages that are past their date, and those that are due soon, for those told of them."""
    found = facts_for(viewer.roles)
    return {one.name.lower(): [f for f in found if f.due is one] for one in (Due.PAST, Due.SOON)}


@door.opens("/today", may=May.WORK_HERE)
def today() -> str:
    """Concerns for me, pupils who wait to be let in, and one class by objective."""
    viewer, covered = the_adult(), names_covered()
    doors = _doors(_my_classes(viewer), viewer)
    asked = request.args.get("class")
    chosen = next((one for one in doors if one.facts.id == asked), doors[0] if doors else None)
    # What nobody has read must not stand behind “All”, however old the others are.
    rows = [] if covered else sorted(rows_for(viewer), key=lambda row: not row.facts.new_to_me)
    burst = bursts(rows)
    return page(
        "teacher/today",
        moment=clock.now(),
        greeting=greeting(viewer.name, clock.now()),
        near=near,
        covered=covered,
        shown_for=seconds_shown(),
        rows=without_followers(rows, burst),
        bursts=burst,
        new_concerns=sum(row.facts.new_to_me for row in rows),
        doors=doors,
        chosen=chosen,
        room=_class_today(chosen.facts) if chosen else None,
        letters=LETTERS,
        hands=HANDS,
        team=_team_to_show(viewer),
        facts=_facts_due(viewer),
        notices=staff.team_notices(viewer.school_id, viewer.id),
        came_in=came_in(viewer),
        newcomers=len(came_in(viewer, of_team=False)),
        guessed=sign_ins.codes_being_guessed(),
        works=works_facts(viewer.school_id, backups=False)
        if viewer.may(May.PROVE_RECORD)
        else None,
        can_read=safeguarding.keys.reading_works(viewer.school_id),
    )


@door.opens("/today/let-in/<let_in_id>", may=May.TEACH, methods=("POST",))
def today_let_in(let_in_id: str) -> Response:
    """Let a pupil of my own classes in."""
    viewer = the_adult()
    mine = _my_classes(viewer)
    asking = {one.id for room in mine for one in let_in.waiting(viewer.school_id, room.id)}
    if pressed() and let_in_id in asking:
        lets.let_in(viewer.school_id, let_in_id, viewer.id, clock.now())
    return redirect(url_for("teacher.today"), code=303)


@door.opens("/today/seen/<int:notice_id>", may=May.WORK_HERE, methods=("POST",))
def notice_seen(notice_id: int) -> Response:
    """Put word about the safeguarding team away, once read."""
    viewer = the_adult()
    if pressed():
        see_notice(viewer.school_id, viewer.id, notice_id)
    return redirect(safe_path(request.args.get("after")) or url_for("teacher.today"), code=303)

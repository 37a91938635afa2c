"""Concerns as the lines of a list, with the names that belong to them: for Today and the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.base import clock
from app.people.queries import classes, pupils, staff
from app.people.queries.schools import SchoolFacts
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Kind, Urgency, read_by

AT_ONCE = "Straight away"
NO_PROMISE = "No time set"
ONCE_OPEN = "Open it to see the name"
UNTIMED = timedelta(weeks=52)
"""How much later what has no time comes in the queue, oldest first."""

BURST = 5
"""So many tellings of one pupil, one soon after the other, take one line of the queue."""
APART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Row:
    """A concern as a line of a list."""

    facts: ConcernFacts
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, by when in the school's words, and whether that time has passed."""

    says: str
    due: str
    overdue: bool
    by: datetime | None = None
    """None where nobody set a time."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A concern as a line of the queue: who has it, and what comes next."""

    row: Row
    opened_by: str | None
    step: NextStep


def rows_for(viewer: StaffHere, *, state: str = "open") -> list[Row]:
    """The viewer's concerns with the names that belong to them."""
    found = queries.desk.concerns(viewer.school_id, viewer, state=state)
    told = [one.pupil_id for one in found if one.pupil_id]
    # A password alone, which is what a teacher gives before the first concern, names no child.
    names = (
        pupils.names(viewer.school_id, told)
        if viewer.second_step_at
        else dict.fromkeys(told, ONCE_OPEN)
    )
    rooms = {room.id: room.name for room in classes.classes(viewer.school_id)} if found else {}
    return [
        Row(one, names.get(one.pupil_id or "", "No name given"), rooms.get(one.class_id or "", ""))
        for one in found
    ]


def desk_rows(viewer: StaffHere, school: SchoolFacts, *, state: str) -> list[DeskRow]:
    """The same for the queue: what must be read now, then what is due first."""
    rows, names = rows_for(viewer, state=state), staff.names(viewer.school_id)
    done = queries.desk.steps_taken(viewer.school_id, [row.facts.id for row in rows])
    lines = [_desk_row(row, school, names, done.get(row.facts.id, {})) for row in rows]
    return sorted(lines, key=_comes_next) if state == "open" else lines


def bursts(rows: Iterable[Row]) -> dict[int, list[ConcernFacts]]:
    """What one pupil told many times within minutes: by the first of them, those that follow it.

    Each is kept and opened by itself; but they take one line, so that they hide no other child.
    """
    found: dict[int, list[ConcernFacts]] = {}
    by_pupil: dict[str, list[ConcernFacts]] = {}
    for row in rows:
        if row.facts.pupil_id:
            by_pupil.setdefault(row.facts.pupil_id, []).append(row.facts)
    for in_order in by_pupil.values():
        for together in _close_together(in_order):
            if len(together) >= BURST:
                first = next(one for one in in_order if one in together)
                found[first.id] = [one for one in in_order if one in together and one != first]
    return found


def _close_together(facts: list[ConcernFacts]) -> Iterator[list[ConcernFacts]]:
    together: list[ConcernFacts] = []
    for one in sorted(facts, key=lambda each: each.told_at):
        if together and one.told_at - together[-1].told_at > APART:
            yield together
            together = []
        together.append(one)
    yield together


def without_followers(rows: list[Row], found: dict[int, list[ConcernFacts]]) -> list[Row]:
    """The rows that stand for themselves, or for a whole burst."""
    hidden = {one.id for those in found.values() for one in those}
    return [row for row in rows if row.facts.id not in hidden]


def _comes_next(line: DeskRow) -> tuple[bool, bool, datetime]:
    """Unread and urgent before all else, then what a child added to; without a time, last."""
    facts, by = line.row.facts, line.step.by
    now = facts.urgency is Urgency.ACT_NOW and line.opened_by is None
    return not now, not facts.added, by or facts.told_at + UNTIMED


def _desk_row(
    row: Row, school: SchoolFacts, names: dict[str, str], done: dict[Kind, str | None]
) -> DeskRow:
    opener = done.get(Kind.OPENED)
    opened_by = names.get(opener or "", "Somebody who has left") if opener else None
    return DeskRow(row, opened_by, next_step(row.facts, school, set(done)))


def next_step(facts: ConcernFacts, school: SchoolFacts, done: set[Kind]) -> NextStep:
    """What the chronology still lacks; only reading has a time that the school promised."""
    urgent = facts.urgency is Urgency.ACT_NOW
    if facts.state == "closed":
        return NextStep("Closed", "", overdue=False)
    if Kind.OPENED not in done:
        due = due_to_read(facts, school)
        late = not urgent and due is not None and due < clock.now()
        by = facts.told_at if urgent else due
        return NextStep("Read it", read_by_in_words(facts, school), overdue=late, by=by)
    if facts.added:
        return NextStep("Read what was added", AT_ONCE if urgent else "", overdue=False)
    if Kind.SPOKEN in done:
        return NextStep("Decide, then close", "", overdue=False)
    by = facts.told_at if urgent else None
    return NextStep("Speak with the child", AT_ONCE if urgent else "", overdue=False, by=by)


def due_to_read(facts: ConcernFacts, school: SchoolFacts) -> datetime | None:
    """By when the school has promised to read it; None where it made no promise."""
    return read_by(clock.local(facts.told_at), school.day, school.read_within)


def read_by_in_words(facts: ConcernFacts, school: SchoolFacts) -> str:
    """By when to read it: at once, or as the school has promised."""
    if facts.urgency is Urgency.ACT_NOW:
        return AT_ONCE
    due = due_to_read(facts, school)
    return near(due) if due else NO_PROMISE


def near(moment: datetime) -> str:
    """A moment as people say it today: "9:42 today", "yesterday, 15:20", "Mon 16 Nov, 9:42".

    What is of another year says so.
    """
    here, today = clock.local(moment), clock.local(clock.now()).date()
    at = f"{here.hour}:{here:%M}"
    if here.date() == today:
        return f"{at} today"
    if here.date() == today - timedelta(days=1):
        return f"yesterday, {at}"
    year = f" {here.year}" if here.year != today.year else ""
    return f"{here:%a} {here.day} {here:%b}{year}, {at}"

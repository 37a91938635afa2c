"""Concerns as the lines of a list, with the names that belong to them: for Today and the desk."""

from __future__ import annotations

from dataclasses import dataclass

from app.people.queries import classes, pupils
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.queries.desk import ConcernFacts


@dataclass(frozen=True, slots=True)
class Row:
    """A concern as a line of a list."""

    facts: ConcernFacts
    name: str
    class_name: str


def rows_for(viewer: StaffHere, *, state: str = "open") -> list[Row]:
    """The viewer's concerns with the names that belong to them."""
    found = queries.desk.concerns(viewer.school_id, viewer, state=state)
    names = pupils.names(viewer.school_id, [one.pupil_id for one in found if one.pupil_id])
    rooms = {room.id: room.name for room in classes.classes(viewer.school_id)} if found else {}
    return [
        Row(one, names.get(one.pupil_id or "", "No name given"), rooms.get(one.class_id or "", ""))
        for one in found
    ]

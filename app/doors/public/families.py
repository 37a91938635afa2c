"""What families see: no child, no sign-in, and where to get help."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.content.helplines import Way, any_day, lines_for, ways_to
from app.content.values import Helpline
from app.doors.public.door import door
from app.people.queries import schools
from app.people.viewers import PupilHere
from app.web.family_frame import tabs_here
from app.web.guards import EVERYBODY
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import viewer_here

FIRST = "emergency"
NEXT = ("nspcc", "childline")
"""What a worried parent most needs; the rest follow as the register lists them."""
TO_SPEAK = frozenset({"call", "text"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A help line, and how to reach it."""

    line: Helpline
    ways: list[Way]
    any_day: bool

    @property
    def speaks(self) -> bool:
        """Whether somebody can be called or sent a text."""
        return any(way.kind in TO_SPEAK for way in self.ways)


@door.opens("/help", admits=EVERYBODY)
def where_to_get_help() -> str | Response:
    """For parents: the school first, then the lines of its nation. A pupil's help is Tell."""
    if isinstance(viewer_here(), PupilHere):
        return redirect(url_for("pupil.tell"), code=303)
    nation = _nation()
    lines = lines_for(catalogue().helplines.values(), "parent", nation)
    lines.sort(key=lambda line: NEXT.index(line.id) if line.id in NEXT else len(NEXT))
    shown = [Shown(line, ways_to(line), any_day(line)) for line in lines]
    return page(
        "public/help",
        tabs=tabs_here(),
        first=next((one for one in shown if one.line.id == FIRST), None),
        to_speak=[one for one in shown if one.speaks and one.line.id != FIRST],
        to_open=[one for one in shown if not one.speaks],
        nation=nation,
    )


def _nation() -> str | None:
    """Of the reader's school, or of the only one here; None before there is one."""
    here = viewer_here()
    school_id = here.school_id if here else schools.lone_school()
    return schools.the_school(school_id).nation if school_id else None

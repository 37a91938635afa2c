"""The lines where families get help: what a page shows of each, in the order in which they help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.content.helplines import Way, any_day, lines_for, ways_to
from app.content.values import Helpline
from app.web.parts import catalogue

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


def shown_of(line: Helpline) -> Shown:
    """A line with its ways."""
    return Shown(line, ways_to(line), any_day(line))


def for_parents(nation: str | None) -> dict[str, Any]:
    """What a page of help needs: the lines of a nation, or of all the UK where none is known."""
    lines = lines_for(catalogue().helplines.values(), "parent", nation)
    lines.sort(key=lambda line: NEXT.index(line.id) if line.id in NEXT else len(NEXT))
    shown = [shown_of(line) for line in lines]
    return {
        "first": next((one for one in shown if one.line.id == FIRST), None),
        "to_speak": [one for one in shown if one.speaks and one.line.id != FIRST],
        "to_open": [one for one in shown if not one.speaks],
        "nation": nation,
    }

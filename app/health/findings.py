"""What a look at one part found: a mark in words, a sentence, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a part stands; what was not looked at is never OK."""

    OK = "OK"
    LOOK = "Look"
    MEND = "Mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part stands. It names no person, and nothing in it moves with what was told."""

    name: str
    mark: Mark
    says: str
    do: str = ""


def ok(name: str, says: str) -> Finding:
    """A part that works."""
    return Finding(name, Mark.OK, says)


def look(name: str, says: str, do: str) -> Finding:
    """A part that somebody should look at."""
    return Finding(name, Mark.LOOK, says, do)


def mend(name: str, says: str, do: str) -> Finding:
    """A part that must be mended."""
    return Finding(name, Mark.MEND, says, do)

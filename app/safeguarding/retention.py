"""When a closed concern is due for a look, what holds it, and what erasing it takes. Plain rules.

Nothing happens by the clock but that a line comes on a list.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from app.base import clock
from app.safeguarding.rules import Kind

ERASED = "erased"
"""The state of a concern whose keys were destroyed."""
MOST_YEARS = 100
ASKING_LASTS = timedelta(days=14)
"""For how long the second person can agree."""
KNOWN_FOR = ASKING_LASTS
"""How long both have to be in the team: nobody waits out an asking with an account made for it."""
CONTENT = (
    Kind.TOLD,
    Kind.ADDED,
    Kind.SPOKEN,
    Kind.NOTE,
    Kind.ANSWER,
    Kind.SHARED,
    Kind.MARKED,
    Kind.CLEARED,
    Kind.CLOSED,
    Kind.REOPENED,
)
"""Entries with something new in them: from the last of them the years are counted."""
TURNS = (*CONTENT, Kind.HELD, Kind.RELEASED, Kind.ERASE_ASKED, Kind.ERASED)
"""Entries that decide how a concern stands; that somebody opened it decides nothing."""


class Ground(StrEnum):
    """Why a concern may be erased. It stands on the certificate, so it is of a closed list."""

    SCHEDULE = "schedule"
    LAW = "law"
    MISTAKE = "mistake"


GROUNDS = {
    Ground.SCHEDULE: "Our retention schedule says so, and nothing speaks for keeping it",
    Ground.LAW: "A court, the ICO or our data protection officer says so",
    Ground.MISTAKE: "It was no child’s concern: a test, or a mistake",
}


class Turn(Protocol):
    """An entry of the chronology, as far as it matters here."""

    @property
    def kind(self) -> str: ...
    @property
    def staff_id(self) -> str | None: ...
    @property
    def made_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody asked for a concern to be erased."""

    staff_id: str
    at: datetime

    def is_open(self, moment: datetime) -> bool:
        """Whether another can still agree; no longer where the clock was put back before it."""
        return timedelta(0) <= moment - self.at <= ASKING_LASTS

    @property
    def ends_at(self) -> datetime:
        """Until when another can agree."""
        return self.at + ASKING_LASTS


@dataclass(frozen=True, slots=True)
class Standing:
    """How a concern stands by its chronology."""

    last: datetime | None = None
    """When something new was last written."""
    held: bool = False
    asked: Asking | None = None


def standing_of(turns: Iterable[Turn]) -> Standing:
    """How a concern stands, from its entries in their order.

    New content and a hold end a begun erasure.
    """
    last, held, asked = None, False, None
    for turn in turns:
        kind = Kind(turn.kind)
        if kind in CONTENT:
            last = max(last, turn.made_at) if last else turn.made_at
        if kind in CONTENT or kind in {Kind.HELD, Kind.ERASED}:
            asked = None
        if kind in {Kind.HELD, Kind.RELEASED}:
            held = kind is Kind.HELD
        if kind is Kind.ERASE_ASKED:
            asked = Asking(turn.staff_id or "", turn.made_at)
    return Standing(last, held, asked)


def due_on(last: datetime, years: int) -> date:
    """The day, by the school's clock, from which a concern is due for a look."""
    return _years_from(clock.local(last).date(), years, leap=(3, 1))


def due_if_before(today: date, years: int) -> datetime:
    """What was last written before this moment is due today."""
    newest = _years_from(today, -years, leap=(2, 28))
    return clock.at(newest + timedelta(days=1), time())


def _years_from(day: date, years: int, *, leap: tuple[int, int]) -> date:
    """The same day years on; `leap` is what stands for 29 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, *leap)


def facts_as_text(**facts: object) -> str:
    """What an audit line says: names and values without a blank."""
    return " ".join(f"{name}={value}" for name, value in facts.items())


def facts_in(says: str) -> dict[str, str]:
    """The same again."""
    return dict(part.partition("=")[::2] for part in says.split())


def mark_of_name(key: bytes, staff_id: str, name: str) -> str:
    """What only the holder of the chain's key can make of an adult's name, 32 hex digits.

    The record itself holds no name; this tells whether the one beside it is still the same.
    """
    text = json.dumps([staff_id, name]).encode()
    return hmac.digest(key, b"catkin-name-1" + text, "sha256").hex()[:32]

"""What a child can say, how soon it must be read, and who must know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.people.rules import Adult, SchoolDay, in_order


class Urgency(StrEnum):
    """How soon an adult must read a concern."""

    ACT_NOW = "act now"
    TODAY = "today"


class Kind(StrEnum):
    """What an entry of the chronology records."""

    TOLD = "told"
    ADDED = "added"
    OPENED = "opened"
    SPOKEN = "spoken"
    NOTE = "note"
    ANSWER = "answer"
    SHARED = "shared"
    MARKED = "marked"
    CLEARED = "cleared"
    CLOSED = "closed"
    REOPENED = "reopened"
    HELD = "held"
    RELEASED = "released"
    ERASE_ASKED = "erase asked"
    ERASED = "erased"


HAPPENED = {
    "unkind": "Someone was unkind",
    "stranger": "Someone I don’t know talked to me",
    "asked": "Someone asked for photos or private things",
    "saw": "I saw something I didn’t like",
    "secret": "Someone said “keep a secret”",
    "pretend": "Someone pretended to be me",
    "shared": "My picture was shared",
    "friend": "I’m worried about someone",
    "other": "Something else",
}
"""The nine pictures of the first step, in the order of the page."""

FEELINGS = {
    "worried": "worried",
    "sad": "sad",
    "scared": "scared",
    "angry": "angry",
    "confused": "confused",
    "embarrassed": "shy",
    "okay": "okay",
    "unsure": "not sure",
}

ACT_NOW_FOR = {
    "stranger": "stranger contact",
    "asked": "asked for photos or private things",
    "secret": "keep a secret",
    "shared": "a picture was shared",
}
"""The school's written rule: any of these is read at once. A rule may only raise urgency."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a child told: nothing of it is required."""

    happened: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    words: str = ""
    to: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    anyone: bool = False
    """"I don't mind who"."""
    chosen: tuple[str, ...] = ()
    """Words picked from the list, as the list says them."""
    drawing: str = ""
    """The strokes of a drawing; see app/safeguarding/drawing.py."""
    drawing_lost: bool = False
    """Whether a drawing came that could not be kept."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What happened, in the child's words."""
        return tuple(HAPPENED[key] for key in self.happened)

    @property
    def feels(self) -> tuple[str, ...]:
        """How the child feels, in the child's words."""
        return tuple(FEELINGS[key] for key in self.feelings)


def how_soon(told: Told) -> tuple[Urgency, tuple[str, ...]]:
    """The urgency of what was told, and the reasons that the desk is shown."""
    reasons = tuple(why for key, why in ACT_NOW_FOR.items() if key in told.happened)
    return (Urgency.ACT_NOW if reasons else Urgency.TODAY), reasons


class Because(StrEnum):
    """Why an adult is told of a concern."""

    CHOSEN = "the child chose"
    CLASS = "works with the class"
    TEAM = "keeps everyone safe"
    SHARED = "the team shared"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An adult who is told that a concern waits, and why it is this adult."""

    adult: Adult
    because: Because


def can_be_told(adults: Iterable[Adult], about: Iterable[str]) -> list[Adult]:
    """Those who have signed in once and whom it is not about; nobody else would read it."""
    named = set(about)
    return [adult for adult in adults if adult.signed_in_once and adult.id not in named]


def readers(told: Iterable[Adult], about: Collection[str]) -> list[Adult]:
    """Of those who could be told: who reads it, being behind nobody whom it is about."""
    return [adult for adult in told if adult.behind not in about and not adult.shut_out]


def who_must_know(
    told: Told, adults: Sequence[Adult], class_adults: Iterable[Adult], *, named: bool
) -> list[Recipient]:
    """The adults a concern goes to: persons, never titles, and never one it is about.

    First those the child chose; then, for "I don't mind who" and for a telling without a name,
    those of the class; then the whole safeguarding team in its order. If no member of the team
    is left who reads it, the adults of the class stand in. An empty list means that nobody
    here can read it yet, and the child must be told so.
    """
    found: dict[str, Recipient] = {}

    def add(those: Iterable[Adult], because: Because) -> None:
        for adult in those:
            found.setdefault(adult.id, Recipient(adult, because))

    ready = can_be_told(adults, told.about)
    near = can_be_told(class_adults, told.about)
    team = in_order(ready)
    add((adult for adult in ready if adult.id in told.to), Because.CHOSEN)
    if told.anyone or not named or not readers(team, told.about):
        add(near, Because.CLASS)
    add(team, Because.TEAM)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a concern records, as the guidance asks: done, decided, why, outcome, told."""

    done: str
    decision: str
    reason: str
    outcome: str
    child_told: bool

    def as_text(self) -> str:
        """The closing as one chronology entry."""
        told = "The child has been told." if self.child_told else "The child has not been told."
        return (
            f"Done: {self.done}\nDecision: {self.decision}\nReason: {self.reason}\n"
            f"Outcome: {self.outcome}\n{told}"
        )


HOUR = "one hour of the school day"
"""The promise that is counted in hours; any other promise lasts until the school day ends."""


def read_by(told: datetime, day: SchoolDay, promise: str | None) -> datetime | None:
    """By when the school has promised to read what was told at `told`; both on its wall clock.

    None where no promise was made. Saturday and Sunday count for nothing; holidays are not known.
    """
    if promise is None:
        return None
    begins = _in_school(told, day)
    ends = begins.replace(hour=day.ends.hour, minute=day.ends.minute, second=0, microsecond=0)
    if promise != HOUR:
        return ends
    due = begins + timedelta(hours=1)
    return due if due <= ends else _in_school(ends, day) + (due - ends)


def school_is_on(moment: datetime, day: SchoolDay) -> bool:
    """Whether the school day is on, by its wall clock. Holidays are not known."""
    return _in_school(moment, day) == moment


def _in_school(moment: datetime, day: SchoolDay) -> datetime:
    """The moment itself in school hours, else when school next begins."""
    if moment.weekday() < 5 and day.starts <= moment.time() < day.ends:
        return moment
    following = moment if moment.time() < day.starts else moment + timedelta(days=1)
    while following.weekday() > 4:
        following += timedelta(days=1)
    starts = day.starts
    return following.replace(hour=starts.hour, minute=starts.minute, second=0, microsecond=0)

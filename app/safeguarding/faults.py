"""What can be wrong with the record of what children told, in plain sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from app.base import clock


class What(StrEnum):
    """What was done to the record; a closed list, the worst first."""

    REWRITTEN = "rewritten"
    CUT = "cut off"
    BEGUN_ANEW = "begun anew"
    BROKEN = "broken"
    ACCOUNT = "account"
    EDITED = "edited"
    DELETED = "deleted"
    SWAPPED = "swapped"
    ADDED = "added"
    UNLAWFUL = "keys changed unsigned"
    TWICE = "twice"
    SHAPE = "shape"
    GUARD = "guard"
    DAMAGED = "damaged"
    HEAD_FILE = "head file"
    OTHER_KEY = "other key"
    NO_KEY = "no key"
    UNSIGNED = "unsigned"


IN_SHORT: dict[What, str] = {
    What.REWRITTEN: "Part of the record was made anew by something else than Catkin.",
    What.CUT: "The newest part of the record is missing.",
    What.BEGUN_ANEW: "The whole record was begun anew by something else than Catkin.",
    What.BROKEN: "A link of the record’s chain was changed or is missing.",
    What.ACCOUNT: "What a backup says of the record was changed by something else than Catkin.",
    What.EDITED: "Something in the record was changed by something else than Catkin.",
    What.DELETED: "Something in the record was removed by something else than Catkin.",
    What.SWAPPED: "Two things in the record stand in each other’s place.",
    What.ADDED: "Something was put into the record by something else than Catkin.",
    What.UNLAWFUL: "A key of the record was changed or destroyed by something else than Catkin.",
    What.TWICE: "Something in the record stands there twice, which Catkin never writes.",
    What.SHAPE: "A table of the record was built anew by something else than Catkin.",
    What.GUARD: "A guard on the record was missing or is not Catkin’s.",
    What.DAMAGED: "The database of the record is damaged.",
    What.HEAD_FILE: "The keys folder’s note of the record’s newest link is damaged.",
    What.OTHER_KEY: "The key of the record’s chain is another’s.",
    What.NO_KEY: "The key of the record’s chain is not in the keys folder.",
    What.UNSIGNED: "Part of the record was written while the chain’s key was away.",
}
"""For a page: what a look found, without saying where. It says nothing of any concern."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and the sentence for it."""

    what: What
    says: str
    until: str = ""
    """For what had an end: when that was, in UTC as in the file."""


SINCE_THEN = "9999"
"""For what goes on until now."""


NAMES = {
    "concern": "the concern itself",
    "concern_key": "a key to its words",
    "words": "a piece of the child’s words",
    "entry": "an entry of its chronology",
    "view": "a line of who opened it",
    "concern_person": "an adult who may see it",
    "concern_about": "an adult whom it is about",
    "concern_held": "an adult from whom it is held",
    "audit": "an entry about the record itself",
    "notice": "a notice to an adult that it waits",
    "schedule": "the years after which a concern is due for a look",
    "school_key": "a key to which children’s words are sealed",
    "recovery_key": "the key of a paper that opens the school’s keys",
    "recovery_wrap": "a key that a paper opens",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault lies: the row, its concern's reference (if known), the link that holds it."""

    table: str
    key: str
    concern: str | None = None
    link: int | None = None
    made_at: str | None = None

    @property
    def row(self) -> str:
        """The row in words: `Concern C-AB12: an entry of its chronology (entry 17)`."""
        number = " ".join(str(part) for part in json.loads(self.key))
        named = f"{NAMES[self.table]} ({self.table} {number})"
        return f"Concern {self.concern}: {named}" if self.concern else named[0].upper() + named[1:]

    @property
    def held(self) -> str:
        """The link in words: `link 41 of 3 November 2026, 10:14`."""
        return f"link {self.link} of {when(self.made_at)}"


def when(text: object) -> str:
    """A moment as it lies in the file, on the school's wall clock."""
    try:
        moment = datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
        here = clock.local(moment)
        return f"{here.day} {here:%B %Y, %H:%M}"
    except (ValueError, OverflowError):
        return "a moment that cannot be read"


def edited(place: Place, columns: Iterable[str], later: int | None) -> Fault:
    """A row is not as a link holds it."""
    named = ", ".join(columns)
    of_it = f" In question: {named}." if named else ""
    since = f" It was so already when link {later} was made." if later else ""
    says = f"{place.row} is not as {place.held} holds it: it was changed past Catkin."
    return Fault(What.EDITED, says + of_it + since)


def deleted(place: Place) -> Fault:
    """A row that a link holds is not there."""
    says = f"{place.row} is missing, and {place.held} holds it: it was deleted past Catkin."
    return Fault(What.DELETED, says)


def swapped(one: Place, other: Place) -> Fault:
    """Two rows, or their contents, stand in each other's place."""
    also = other.row[0].lower() + other.row[1:] if other.concern is None else other.row
    return Fault(
        What.SWAPPED,
        f"{one.row} and {also} stand in each other’s place: {one.held} and {other.held} hold them"
        " the other way round.",
    )


def added(place: Place) -> Fault:
    """A row that no link holds."""
    return Fault(What.ADDED, f"{place.row} stands in no link: it was added past Catkin.")


def twice(place: Place) -> Fault:
    """Two rows with one key, which no table of Catkin's lets in."""
    says = f"{place.row} stands there twice: its table was built anew past Catkin."
    return Fault(What.TWICE, says)


def put_back(place: Place) -> Fault:
    """A data key that was destroyed by law is there again."""
    says = f"{place.row} was destroyed, as {place.held} led to; it was put back past Catkin."
    return Fault(What.ADDED, says)


def unlawful(place: Place, link: int) -> Fault:
    """A key of the record was made, changed or destroyed by a link that nobody signed."""
    says = f"{place.row} was changed or destroyed by link {link}, which has no signature: Catkin"
    return Fault(What.UNLAWFUL, f"{says} never does so while the chain’s key is away.")


def more(what: What, count: int) -> Fault:
    """For those that are too many to be named."""
    return Fault(what, f"And {count:,} more of this kind: {what.value}.")


def links(first: int, last: int) -> str:
    """One link or several, in words."""
    return f"Link {first}" if first == last else f"Links {first} to {last}"

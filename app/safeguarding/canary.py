"""The canary: a pretend concern that Catkin tells itself each day, and what came of it.

A miner took a canary down the pit. Ours goes the way of a child's words, station by station, and
where it does not come through, the safeguarding page is red before school begins. It says nothing
about what children told: it is flown by the clock, and what comes of it is the same whatever waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.base import ids

BEGINS = time(6)
"""From when, by the school's wall clock, the day's canary may fly."""
BY = time(8, 30)
"""By when it must have come through on a school day."""
AGAIN = timedelta(minutes=15)
"""How long after a break stations that were left out are tried."""
SOON = timedelta(minutes=1)
"""How long after a failure the stations that failed are tried again."""
SAYS = "Catkin says this to itself, to see that telling works. No child said it."


class Station(StrEnum):
    """Where a child's words must come through, in their order."""

    SIGN_IN = "sign-in"
    STORAGE = "storage"
    KEY = "key"
    INBOX = "inbox"
    NOTICE = "notice"
    BACKUP = "backup"
    RECORD = "record"
    """Not flown through: the proof of the whole record, which is made once a day as well."""


FLOWN = tuple(one for one in Station if one is not Station.RECORD)
AFTER_STORAGE = (Station.KEY, Station.INBOX, Station.NOTICE)
"""What cannot be tried with a canary that was not kept."""
FOR_THE_TEAM = (Station.STORAGE, *AFTER_STORAGE)
"""What a new canary goes through once the adults of the team are others."""


class Why(StrEnum):
    """What came of it at a station: a closed list, so that nothing a fault says is ever kept."""

    FINE = ""
    NOT_YET = "not yet"
    NO_MAIL = "no mail server"
    DEMO = "demo"
    STORE = "store away"
    FAULT = "fault"
    NOT_REACHED = "not reached"
    PICTURES = "pictures key away"
    LOST = "lost"
    NO_SPOOL = "spool takes nothing"
    KEY_AWAY = "key away"
    ALTERED = "altered"
    NOBODY = "nobody"
    HIDDEN = "hidden"
    TOO_FEW = "too few"
    NOT_SAFE = "team not complete"
    NO_NOTICE = "no notice"
    MAIL = "mail fails"
    UNTRIED = "mail untried"
    NO_BACKUP = "no backup"
    OLD = "old backup"
    MOVED = "backup not where it was put"
    DAMAGED = "damaged backup"
    NOT_IN_IT = "not in it"
    CLOSED = "does not open"

    @property
    def works(self) -> bool:
        """Whether nobody has to be called for it."""
        return self in {Why.FINE, Why.NOT_YET, Why.NO_MAIL, Why.DEMO}


@dataclass(frozen=True, slots=True)
class Look:
    """What came of the day's canary at a station, and when that was looked at."""

    station: Station
    works: bool
    why: str
    at: datetime


class Morning(StrEnum):
    """How the day's canary stands."""

    FINE = "fine"
    FAILING = "failing"
    MISSING = "missing"
    """It should have come through by now, and nobody knows."""
    EARLY = "early"
    """It has not flown yet, and it is not time to worry."""


def morning(looks: Iterable[Look], here: datetime) -> Morning:
    """How today stands, at a moment on the school's wall clock."""
    found = {look.station: look.works for look in looks}
    if not all(found.values()):
        return Morning.FAILING
    if all(station in found for station in FLOWN):
        return Morning.FINE
    school_day = here.weekday() < 5  # Holidays are not known.
    return Morning.MISSING if school_day and here.time() >= BY else Morning.EARLY


def to_try(looks: Iterable[Look], moment: datetime, here: time) -> tuple[Station, ...]:
    """The stations to be tried at a moment: all of a new day, or those that failed a while ago."""
    found = {look.station: look for look in looks if look.station is not Station.RECORD}
    missing = tuple(one for one in FLOWN if one not in found)
    if len(missing) == len(FLOWN):
        return missing if here >= BEGINS else ()
    failed = [look for look in found.values() if not look.works]
    if failed and all(_has_rested(look, moment) for look in failed):
        return tuple(one for one in FLOWN if one not in found or not found[one].works)
    last = max(look.at for look in found.values())
    return missing if missing and abs(moment - last) >= AGAIN else ()


def _has_rested(look: Look, moment: datetime) -> bool:
    """A clock that was put back never makes it wait for ever."""
    return abs(moment - look.at) >= SOON


def words_of(school_id: str, day: str) -> str:
    """What the canary of a day says: fixed, and of that day and school alone."""
    return f"{SAYS} {day} {ids.fingerprint(f'canary {school_id} {day}')[:12]}"

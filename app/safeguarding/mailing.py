"""When a letter goes to whom: at once, then never two within minutes, and never given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.base.post import OF_THE_SERVER, Outcome

SUBJECT = "Catkin"
SAYS = "Something waits for you in Catkin. Sign in and look at Today."
"""All that a letter ever says: the same to everybody, whatever waits."""
PROOF_SAYS = (
    "This week’s proof of the safeguarding record is {signs}. Keep this message: it shows later"
    " whether anybody altered the record."
)
"""What the letter of a week says, to all of the team; the proof tells nothing of any concern."""
TEST_SUBJECT = "Catkin: a test"
TEST_SAYS = "This is a test from Catkin. Nothing waits for you."
APART = timedelta(minutes=10)
"""What comes so soon after a letter goes with the next one."""
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait after the first, second and third miss; the last for ever after."""
CHECK_EVERY = timedelta(minutes=30)
"""How often the mail server is tried, by the clock alone. What comes of it stands on pages that
those open too whom a concern is about, so it must not move with what waits."""
STALE = 3 * CHECK_EVERY
"""What was tried longer ago than this says nothing about now."""
OF_THE_ADULT = frozenset(Outcome) - OF_THE_SERVER - {Outcome.SENT}
"""With these other letters may go all the same."""


@dataclass(frozen=True, slots=True)
class Misses:
    """What has failed since the last success, and when."""

    count: int = 0
    last: datetime | None = None

    def rest(self, moment: datetime) -> bool:
        """Whether to wait still. A clock that was put back never makes it wait for ever."""
        if self.last is None or self.count == 0:
            return False
        return timedelta() <= moment - self.last < BACK_OFF[min(self.count, len(BACK_OFF)) - 1]

    def and_one(self, moment: datetime) -> Misses:
        """With one more."""
        return Misses(self.count + 1, moment)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters to one adult so far."""

    through: int = 0
    """The newest notice that a letter went for."""
    sent_at: datetime | None = None
    misses: Misses = Misses()

    def may_go(self, moment: datetime) -> bool:
        """Whether another may go now."""
        if self.misses.rest(moment):
            return False
        return self.sent_at is None or not timedelta() <= moment - self.sent_at < APART


@dataclass(frozen=True, slots=True)
class Check:
    """When the mail server was last tried, what came of it, and when it last answered."""

    checked_at: datetime
    outcome: Outcome
    reached_at: datetime | None


class Works(StrEnum):
    """Whether messages reach adults, as far as Catkin knows."""

    UNSET = "unset"
    UNKNOWN = "unknown"
    FAILING = "failing"
    FINE = "fine"


def how_mail_works(check: Check | None, moment: datetime, *, named: bool) -> Works:
    """From the last check; what was not tried lately is never called fine."""
    if not named:
        return Works.UNSET
    if check is None or not timedelta(minutes=-5) <= moment - check.checked_at < STALE:
        return Works.UNKNOWN
    return Works.FINE if check.outcome is Outcome.SENT else Works.FAILING

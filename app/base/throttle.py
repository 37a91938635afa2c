"""Counting misses by key, and the rests that follow; never by address alone.

A whole school shares one address, so a limit by address would shut out a class of thirty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.base.clock import Instant
from app.base.database import Base, ask, db


class Throttle(Base):
    """Misses of one key (a pupil, an account, the installation's class codes)."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    misses: Mapped[int]
    since: Mapped[datetime] = mapped_column(Instant, index=True)
    rests_until: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Step:
    """After this many misses, a rest this long; None rests until somebody helps."""

    misses: int
    rest: timedelta | None


@dataclass(frozen=True, slots=True)
class Resting:
    """How a key stands: resting until a moment, or (`None`) until somebody helps."""

    until: datetime | None


FAR = timedelta(days=36500)
"""Stands for 'until somebody helps' in the column."""
KEPT_FOR = timedelta(days=1)
"""Misses that began longer ago count no more, unless a rest still stands."""


LONGEST = timedelta(hours=1)
"""No rest is longer, but those until somebody helps. What seems to be is of a clock that ran ahead
and was put back: it must not keep a child out for the years between."""
AHEAD = timedelta(minutes=5)
"""Misses that began later than so long from now were counted by such a clock, and count no more."""


RESTS_UNTIL = select(Throttle.rests_until).where(Throttle.key == bindparam("key"))


def resting(key: str, moment: datetime) -> Resting | None:
    """The rest a key is in, if any."""
    until = ask(RESTS_UNTIL, key=key).scalar()
    if until is None or until <= moment or LONGEST < until - moment < FAR / 2:
        return None
    return Resting(None if until - moment > FAR / 2 else until)


def misses_within(key: str, moment: datetime, window: timedelta) -> int:
    """Misses of a key since its window began; 0 once the window has passed."""
    row = db.session.execute(
        select(Throttle.misses, Throttle.since).where(Throttle.key == key)
    ).one_or_none()
    return row.misses if row and moment - window < row.since <= moment + AHEAD else 0


def count_miss(
    session: Session,
    key: str,
    moment: datetime,
    *,
    steps: tuple[Step, ...] = (),
    window: timedelta | None = None,
) -> int:
    """Count a miss, set the rest it earns, and return the count. Inside a write."""
    row = session.get(Throttle, key)
    if row is None:
        _clear_away(session, moment)  # The table grows only here, so it is swept only here.
        row = Throttle(key=key, misses=0, since=moment, rests_until=None)
        session.add(row)
    if row.since > moment + AHEAD or (window is not None and row.since <= moment - window):
        row.misses, row.since = 0, moment
    row.misses += 1
    earned = [step for step in steps if row.misses == step.misses]
    if steps and row.misses > steps[-1].misses:
        earned = [steps[-1]]
    if earned:
        rest = earned[0].rest
        row.rests_until = moment + (FAR if rest is None else rest)
    return row.misses


def _clear_away(session: Session, moment: datetime) -> None:
    """Drop what is a day old and rests no more: anybody can make keys, by typing addresses."""
    session.execute(
        delete(Throttle).where(
            Throttle.since <= moment - KEPT_FOR,
            or_(Throttle.rests_until.is_(None), Throttle.rests_until <= moment),
        )
    )


def forget(session: Session, key: str) -> None:
    """Start afresh: somebody signed in, or was let in."""
    row = session.get(Throttle, key)
    if row is not None:
        session.delete(row)

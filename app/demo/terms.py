"""On which days school was, this year, up to now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from app.base import clock

Holiday = tuple[str, str]
"""From and to, each a month and a day: 10-24, 11-01."""
FEWEST = 15
"""With fewer school days than these behind it, a year has no history to show yet."""


def school_days(now: datetime, holidays: Sequence[Holiday]) -> list[date]:
    """The school days that are over, from September on.

    In the first weeks of a school year they are those of the summer term before it.
    """
    today = clock.local(now).date()
    september = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    found = _between(september, today, holidays)
    if len(found) >= FEWEST:
        return found
    return _between(date(september.year, 4, 1), september, holidays)


def _between(first: date, last: date, holidays: Sequence[Holiday]) -> list[date]:
    """School days from the first up to, and without, the last."""
    days = (first + timedelta(days=n) for n in range((last - first).days))
    return [day for day in days if day.weekday() < 5 and not _is_holiday(day, holidays)]


def _is_holiday(day: date, holidays: Sequence[Holiday]) -> bool:
    at = f"{day:%m-%d}"
    return any(first <= at <= last for first, last in holidays)


def spread(days: Sequence[date], how_many: int) -> list[date]:
    """So many of the days, evenly, the last of them last."""
    step = len(days) / how_many
    return [days[max(0, round(step * (n + 1)) - 1)] for n in range(how_many)]


def told_at(now: datetime, days: Sequence[date], *, ago: int, at: time) -> datetime:
    """A time of day so many school days ago; with none, the time is how long ago it was."""
    if ago == 0:
        return now - timedelta(hours=at.hour, minutes=at.minute)
    return clock.at(days[-ago], at)

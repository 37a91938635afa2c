"""What time it is: UTC inside, the school's own time at the edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from app.base.past import moment_lived_in

SCHOOL_ZONE = ZoneInfo("Europe/London")
"""All four nations of the UK keep one clock."""


def now() -> datetime:
    """The present moment, in UTC."""
    return moment_lived_in() or datetime.now(UTC)


def is_past() -> bool:
    """Whether the demo is making its history just now, and the moment is not this machine’s."""
    return moment_lived_in() is not None


def local(moment: datetime) -> datetime:
    """The same moment on the school's wall clock."""
    return moment.astimezone(SCHOOL_ZONE)


def at(day: date, clock: time) -> datetime:
    """The moment when the school's wall clock shows `clock` on `day`."""
    return datetime.combine(day, clock, SCHOOL_ZONE).astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as UTC whatever the database makes of zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

"""Another moment than the present, for what is done within it: how the demo comes by its past.

The actions of the rooms write the moment at which they run, and what they write is never changed
again. So a term of history is made by living it, each action in its own moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def moment_lived_in() -> datetime | None:
    """The moment that `living_at` has set here; None in the present."""
    return _moment.get()


@contextmanager
def living_at(moment: datetime) -> Iterator[None]:
    """Let it be this moment (in UTC) for everything within."""
    before = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(before)

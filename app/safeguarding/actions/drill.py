"""Keeping what came of a drill."""

from __future__ import annotations

from app.base import clock
from app.base.database import Store, writing
from app.safeguarding.tables import Drill


def keep_drill(school_id: str, backup: str, why: str, took_ms: int) -> None:
    """Note that a backup was tried out; `why` is empty where it can be relied on."""
    with writing(Store.SAFEGUARDING) as session:
        session.add(
            Drill(
                school_id=school_id,
                backup=backup,
                works=not why,
                why=why,
                took_ms=took_ms,
                made_at=clock.now(),
            )
        )

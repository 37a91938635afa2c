"""What a child has said so far: kept sealed, replaced as they go on, gone when they stop."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from app.base import clock
from app.base.database import Store, writing
from app.safeguarding.tables import Draft

LASTS = timedelta(hours=24)


def keep_draft(school_id: str, fingerprint: str, sealed: bytes) -> None:
    """Keep a draft in place of the one before; drafts past their time go at the same moment."""
    moment = clock.now()
    with writing(Store.SAFEGUARDING) as session:
        past = (Draft.ends_at <= moment) | (Draft.fingerprint == fingerprint)
        session.execute(delete(Draft).where(Draft.school_id == school_id, past))
        session.add(
            Draft(
                fingerprint=fingerprint,
                school_id=school_id,
                sealed=sealed,
                ends_at=moment + LASTS,
            )
        )


def forget_draft(school_id: str, fingerprint: str) -> None:
    """Let a draft go: it was sent, hidden, or its child signed out."""
    with writing(Store.SAFEGUARDING) as session:
        session.execute(
            delete(Draft).where(Draft.school_id == school_id, Draft.fingerprint == fingerprint)
        )

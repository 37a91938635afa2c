"""What a child has said so far, still sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.base.database import db
from app.safeguarding.tables import Draft


def draft(school_id: str, fingerprint: str, moment: datetime) -> bytes | None:
    """A draft that has not run out, or None."""
    return db.session.scalar(
        select(Draft.sealed).where(
            Draft.school_id == school_id,
            Draft.fingerprint == fingerprint,
            Draft.ends_at > moment,
        )
    )

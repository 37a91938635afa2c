"""Whose sign-in it was, also when it has ended: for what a child sent a moment too late."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.base.database import db
from app.people.tables import SignIn, Staff


@dataclass(frozen=True, slots=True)
class WasHere:
    """A sign-in that may have ended; one of the two persons is None."""

    school_id: str
    pupil_id: str | None
    staff_id: str | None


def was_here(fingerprint: str) -> WasHere | None:
    """Who a sign-in belonged to; an adult who has left was nobody."""
    row = db.session.execute(
        select(SignIn.school_id, SignIn.pupil_id, SignIn.staff_id)
        .outerjoin(Staff, Staff.id == SignIn.staff_id)
        .where(SignIn.fingerprint == fingerprint, Staff.left_at.is_(None))
        .execution_options(every_school="the token finds its school")
    ).one_or_none()
    return WasHere(*row) if row else None

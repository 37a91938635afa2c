"""Where an adult is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.base import ids
from app.base.database import db
from app.people.rules import IDLE, LONGEST
from app.people.tables import SignIn


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One sign-in that stands open."""

    fingerprint: str
    device: str
    began_at: datetime
    seen_at: datetime

    @property
    def mark(self) -> str:
        """What a page calls it: of no use to whoever reads the page."""
        return ids.fingerprint(self.fingerprint)[:16]


def own_sign_ins(school_id: str, staff_id: str, moment: datetime) -> list[OwnSignIn]:
    """The sign-ins of an adult that would open a page now, the newest first."""
    rows = db.session.execute(
        select(SignIn.fingerprint, SignIn.device, SignIn.began_at, SignIn.seen_at)
        .where(
            SignIn.school_id == school_id,
            SignIn.staff_id == staff_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at >= moment - IDLE["staff"],
            SignIn.began_at > moment - LONGEST,
        )
        .order_by(SignIn.began_at.desc(), SignIn.fingerprint)
    )
    return [
        OwnSignIn(row.fingerprint, row.device or "a browser", row.began_at, row.seen_at)
        for row in rows
    ]

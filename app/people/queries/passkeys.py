"""An adult's passkeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.base import ids
from app.base.database import db
from app.people.tables import Passkey


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """One passkey; its public half is sealed."""

    id: str
    name: str
    sealed: bytes
    made_at: datetime
    used_at: datetime | None

    @property
    def mark(self) -> str:
        """What a page calls it."""
        return ids.fingerprint(self.id)[:16]


def passkeys(school_id: str, staff_id: str) -> list[OwnPasskey]:
    """The passkeys of an adult, the newest first."""
    rows = db.session.execute(
        select(Passkey.id, Passkey.name, Passkey.public, Passkey.made_at, Passkey.used_at)
        .where(Passkey.school_id == school_id, Passkey.staff_id == staff_id)
        .order_by(Passkey.made_at.desc(), Passkey.id)
    )
    return [OwnPasskey(*row) for row in rows]

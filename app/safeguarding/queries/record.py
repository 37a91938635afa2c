"""What proves the record: its head as of last night, and what the last look through it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.base import clock
from app.base.database import db
from app.people.queries import staff
from app.people.rules import Adult
from app.safeguarding.chain import head_before
from app.safeguarding.faults import IN_SHORT, What
from app.safeguarding.tables import Audit, CanaryLook

RECORD = "record"
"""The station of the day's look that stands for the whole record."""
MAILED = "proof was mailed"


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of a day, as it stands on paper: it moves with the day and not with what is told.

    Without the link's number, which would tell whoever a concern is about that something was
    written.
    """

    signs: str
    """Sixteen hex digits."""
    day: date
    """The last day that it covers."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The signs in fours, as people read them out."""
        return tuple(self.signs[at : at + 4] for at in range(0, len(self.signs), 4))


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """What the last look through the whole record found."""

    at: datetime
    works: bool
    why: str

    @property
    def says(self) -> str:
        """What is wrong, in a sentence; empty where nothing is."""
        return IN_SHORT[What(self.why)] if self.why in set(What) else ""


def proof(school_id: str) -> Proof | None:
    """The newest proof; None on the first day."""
    today = clock.local(clock.now()).date()
    head = head_before(db.session(), school_id, clock.at(today, time()))
    if head is None or head.mac is None:
        return None
    return Proof(head.mac.hex()[:16], today - timedelta(days=1))


def last_look(school_id: str) -> LookedThrough | None:
    """The newest look; None before the first."""
    row = db.session.execute(
        select(CanaryLook.looked_at, CanaryLook.works, CanaryLook.why)
        .where(CanaryLook.school_id == school_id, CanaryLook.station == RECORD)
        .order_by(CanaryLook.day.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LookedThrough(*row)


def looked_on(school_id: str, day: str) -> LookedThrough | None:
    """The look of a day."""
    row = db.session.execute(
        select(CanaryLook.looked_at, CanaryLook.works, CanaryLook.why).where(
            CanaryLook.school_id == school_id,
            CanaryLook.station == RECORD,
            CanaryLook.day == day,
        )
    ).one_or_none()
    return None if row is None else LookedThrough(*row)


def without_proof(school_id: str, week: str) -> list[Adult]:
    """The members of the team to whom no letter with this week's proof went."""
    sent = db.session.scalars(
        select(Audit.staff_id).where(
            Audit.school_id == school_id,
            Audit.kind == MAILED,
            Audit.says.startswith(f"week={week} ", autoescape=True),
        )
    )
    done = set(sent)
    return [
        adult
        for adult in staff.adults(school_id)
        if adult.sees_concerns and adult.signed_in_once and adult.id not in done
    ]

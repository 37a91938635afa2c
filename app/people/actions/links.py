"""The one-time link by which an adult joins or starts anew, and the end of all other ways in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.base import ids
from app.base.clock import now
from app.people.rules import INVITATION_LASTS
from app.people.tables import Invitation, Passkey, RecoveryCode, SecondStep, SignIn, Staff


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link: its token is shown once and kept nowhere."""

    staff_id: str
    token: str
    ends_at: datetime
    waits: bool = False
    """Whether another of the team must say that whoever comes in by it is this adult."""

    @property
    def fingerprint(self) -> str:
        """By which it is known here."""
        return ids.fingerprint(self.token)


def new_link(
    session: Session, school_id: str, staff_id: str, *, by: str, waits: bool = False
) -> Link:
    """A link for this adult; older ones that nobody has used end. Inside a write."""
    end_links(session, school_id, staff_id)
    token, ends_at = ids.new_token(), now() + INVITATION_LASTS
    session.add(
        Invitation(
            fingerprint=ids.fingerprint(token),
            school_id=school_id,
            staff_id=staff_id,
            made_by=by,
            ends_at=ends_at,
            waits=waits,
        )
    )
    return Link(staff_id, token, ends_at, waits)


def wait_for_no_word(session: Session, school_id: str, staff_id: str) -> None:
    """Whoever came in by an older link is out: nobody needs to say who that was. In a write."""
    session.execute(
        update(Invitation)
        .where(Invitation.school_id == school_id, Invitation.staff_id == staff_id)
        .values(waits=False)
    )


def end_links(session: Session, school_id: str, staff_id: str) -> None:
    """End the links of an adult that nobody has used. Inside a write."""
    session.execute(
        delete(Invitation).where(
            Invitation.school_id == school_id,
            Invitation.staff_id == staff_id,
            Invitation.used_at.is_(None),
        )
    )


def end_sign_ins(
    session: Session, school_id: str, staff_id: str, moment: datetime, *, but_for: str = ""
) -> None:
    """Sign an adult out on every device, or on all but one. Inside a write."""
    session.execute(
        update(SignIn)
        .where(
            SignIn.school_id == school_id,
            SignIn.staff_id == staff_id,
            SignIn.fingerprint != but_for,
            SignIn.ended_at.is_(None),
        )
        .values(ended_at=moment)
    )


def end_links_by(session: Session, school_id: str, maker_id: str) -> None:
    """End the links that an adult made for others and that nobody has used. Inside a write."""
    session.execute(
        delete(Invitation).where(
            Invitation.school_id == school_id,
            Invitation.made_by == maker_id,
            Invitation.used_at.is_(None),
        )
    )


def new_start(session: Session, school_id: str, staff_id: str) -> None:
    """Forget the app, the codes on paper and the passkeys of an adult. Inside a write."""
    for kind in (SecondStep, RecoveryCode, Passkey):
        session.execute(delete(kind).where(kind.school_id == school_id, kind.staff_id == staff_id))


def close_every_way_in(session: Session, school_id: str, staff_id: str, moment: datetime) -> None:
    """No password, no second step, no sign-in and no link from before opens. Inside a write.

    Whoever came in by an older link is out with that: nobody needs to say who it was.
    """
    session.execute(
        update(Staff)
        .where(Staff.school_id == school_id, Staff.id == staff_id)
        .values(password=None)
    )
    end_sign_ins(session, school_id, staff_id, moment)
    end_links(session, school_id, staff_id)
    wait_for_no_word(session, school_id, staff_id)
    new_start(session, school_id, staff_id)

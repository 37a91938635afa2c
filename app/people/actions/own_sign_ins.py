"""An adult's own sign-ins: bound to a device, given a new token, and ended from another one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.base import clock, ids
from app.base.database import Store, writing
from app.people.actions.links import end_links
from app.people.tables import SignIn, Staff, TeamNotice

USED_ELSEWHERE = (
    "Your sign-in was used from another device or network at {at}. It was ended. If you had not"
    " moved to another network or browser, change your password (press your name) and tell the"
    " safeguarding team."
)


def bind(
    school_id: str, fingerprint: str, place: str, *, device: str, within: float | None = None
) -> str | None:
    """Bind a sign-in to where it is; to where it belongs now. One that was bound stays so."""
    mine = (SignIn.school_id == school_id, SignIn.fingerprint == fingerprint)
    with writing(Store.LEARNING, within=within, vital=True) as session:
        session.execute(
            update(SignIn).where(*mine, SignIn.bound.is_(None)).values(bound=place, device=device)
        )
        return session.scalar(select(SignIn.bound).where(*mine))


def end_used_elsewhere(
    school_id: str, fingerprint: str, moment: datetime, *, within: float | None = None
) -> None:
    """End a sign-in whose token came from another place, and tell its adult, once."""
    here = clock.local(moment)
    with writing(Store.LEARNING, within=within, vital=True) as session:
        ended = _end(session, school_id, SignIn.fingerprint == fingerprint, moment=moment)
        session.add_all(
            TeamNotice(
                school_id=school_id,
                staff_id=staff_id,
                says=USED_ELSEWHERE.format(at=f"{here.hour}:{here:%M}"),
                made_at=moment,
                red=True,
            )
            for staff_id in ended
        )


def renew(school_id: str, fingerprint: str) -> str | None:
    """Another token for the same sign-in; the old one opens nothing. None where it has ended.

    The old row stays as one that ended: what is still on its way under it finds its adult.
    """
    token = ids.new_token()
    with writing(Store.LEARNING, vital=True) as session:
        old = session.execute(
            select(SignIn.__table__).where(
                SignIn.school_id == school_id,
                SignIn.fingerprint == fingerprint,
                SignIn.staff_id.is_not(None),
                SignIn.ended_at.is_(None),
            )
        ).one_or_none()
        if old is None:
            return None
        _end(session, school_id, SignIn.fingerprint == fingerprint, moment=clock.now())
        session.add(SignIn(**(old._asdict() | {"fingerprint": ids.fingerprint(token)})))
    return token


def end_own(school_id: str, staff_id: str, fingerprint: str) -> None:
    """End one sign-in of this adult, wherever it is; another adult's stays."""
    with writing(Store.LEARNING, vital=True) as session:
        mine = SignIn.staff_id == staff_id
        _end(session, school_id, mine, SignIn.fingerprint == fingerprint, moment=clock.now())


def end_others(school_id: str, staff_id: str, but_for: str) -> None:
    """End every sign-in of this adult but one."""
    with writing(Store.LEARNING, vital=True) as session:
        _end_others(session, school_id, staff_id, but_for)


def change_password(school_id: str, staff_id: str, kept: str, *, but_for: str) -> None:
    """Another password (already hashed); every other sign-in and every unused link ends."""
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(
            update(Staff)
            .where(Staff.school_id == school_id, Staff.id == staff_id, Staff.left_at.is_(None))
            .values(password=kept)
        )
        end_links(session, school_id, staff_id)
        _end_others(session, school_id, staff_id, but_for)


def _end_others(session: Session, school_id: str, staff_id: str, but_for: str) -> None:
    mine = SignIn.staff_id == staff_id
    _end(session, school_id, mine, SignIn.fingerprint != but_for, moment=clock.now())


def _end(session: Session, school_id: str, *which: Any, moment: datetime) -> list[str]:
    """End those that stand open; whose they were."""
    ended = session.scalars(
        update(SignIn)
        .where(SignIn.school_id == school_id, SignIn.ended_at.is_(None), *which)
        .values(ended_at=moment, notes_until=None)
        .returning(SignIn.staff_id)
    )
    return [staff_id for staff_id in ended if staff_id is not None]

"""An adult's passkeys: added, removed, and taken in place of a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from app.base import ids, throttle
from app.base.database import Store, writing
from app.people import passkeys
from app.people.actions.notices import tell_team
from app.people.actions.second_step import claim_try, end_one
from app.people.actions.sign_ins import add_staff_sign_in
from app.people.passkeys import Asking, NewPasskey
from app.people.queries.passkeys import passkeys as passkeys_of
from app.people.queries.second_step import step_key
from app.people.tables import Passkey, SignIn, Staff

ADDED = "{name} added a passkey for signing in."
REMOVED = "{name} removed a passkey for signing in."
COPIED = (
    "A passkey of {name} was refused and removed: by its count it was used elsewhere, so somebody"
    " may hold a copy and know the password. {name} should change the password today."
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of an answer: the token of a sign-in, or (`copied`) a passkey that has ended."""

    token: str | None
    copied: bool = False


def try_passkey(key: bytes, asking: Asking, answer: str, moment: datetime) -> Tried:
    """A whole sign-in in place of the half, if a passkey of this adult signed what was asked.

    Tries count and rest as those of codes. KeyMissing where the key opens no public half.
    """
    from app.people import passkey_answers

    which, whose = passkey_answers.passkey_in(answer), (asking.school_id, asking.staff_id)
    kept = next((one for one in passkeys_of(*whose) if one.id == which), None)
    public = passkeys.unseal(key, kept.sealed, *whose, kept.id) if kept else None
    if claim_try(asking.staff_id, moment) is not None or kept is None or public is None:
        return Tried(None)
    count = passkey_answers.used(key, asking, answer, public, moment)
    return Tried(None) if count is None else _go_in(asking, kept.id, count, moment)


def _go_in(asking: Asking, passkey_id: str, count: int, moment: datetime) -> Tried:
    """All in one write, so that the same answer sent twice is no second use of it."""
    token, whose = ids.new_token(), (asking.school_id, asking.staff_id)
    with writing(Store.LEARNING, vital=True) as session:
        if not _stands_open(session, asking):
            return Tried(None)
        if not _counts_on(session, *whose, passkey_id, count, moment):
            copied = _forget(session, *whose, passkey_id)
            if copied:
                _tell(session, *whose, COPIED, red=True)
            return Tried(None, copied=copied)
        here = end_one(session, *whose, asking.sign_in, moment)
        throttle.forget(session, step_key(asking.staff_id))
        add_staff_sign_in(session, token, *whose, moment, second_step=True, after=here)
    return Tried(token)


def _stands_open(session: Session, asking: Asking) -> bool:
    here = select(SignIn.fingerprint).where(
        SignIn.school_id == asking.school_id,
        SignIn.staff_id == asking.staff_id,
        SignIn.fingerprint == asking.sign_in,
        SignIn.ended_at.is_(None),
    )
    return session.scalar(here) is not None


def _counts_on(
    session: Session, school_id: str, staff_id: str, passkey_id: str, count: int, moment: datetime
) -> bool:
    """Note a use; False where the count goes not on. Many devices never count, and say 0."""
    noted = session.scalar(
        update(Passkey)
        .where(
            Passkey.school_id == school_id,
            Passkey.staff_id == staff_id,
            Passkey.id == passkey_id,
            or_(Passkey.counted < count, and_(Passkey.counted == 0, literal(count) == 0)),
        )
        .values(counted=count, used_at=moment)
        .returning(Passkey.id)
    )
    return noted is not None


def add(key: bytes, asking: Asking, made: NewPasskey, name: str, moment: datetime) -> bool:
    """Keep a passkey under a name, and tell the team; False if it is known, or one too many."""
    whose = (asking.school_id, asking.staff_id)
    sealed = passkeys.seal(key, made, *whose)
    with writing(Store.LEARNING, vital=True) as session:
        if not _stands_open(session, asking) or not _has_room(session, *whose, made.id):
            return False
        session.add(
            Passkey(
                id=made.id,
                school_id=asking.school_id,
                staff_id=asking.staff_id,
                public=sealed,
                counted=made.counted,
                name=name,
                made_at=moment,
            )
        )
        _tell(session, *whose, ADDED)
    return True


def _has_room(session: Session, school_id: str, staff_id: str, passkey_id: str) -> bool:
    known = select(Passkey.id).where(Passkey.id == passkey_id)
    one_of_a_kind = {"every_school": "a passkey is one in the installation"}
    if session.scalar(known.execution_options(**one_of_a_kind)) is not None:
        return False
    mine = (
        select(func.count())
        .select_from(Passkey)
        .where(Passkey.school_id == school_id, Passkey.staff_id == staff_id)
    )
    return (session.scalar(mine) or 0) < passkeys.MOST


def remove(school_id: str, staff_id: str, passkey_id: str) -> None:
    """Let a passkey of this adult open nothing any more, and tell the team."""
    with writing(Store.LEARNING, vital=True) as session:
        if _forget(session, school_id, staff_id, passkey_id):
            _tell(session, school_id, staff_id, REMOVED)


def _forget(session: Session, school_id: str, staff_id: str, passkey_id: str) -> bool:
    gone = delete(Passkey).where(
        Passkey.school_id == school_id, Passkey.staff_id == staff_id, Passkey.id == passkey_id
    )
    return session.scalar(gone.returning(Passkey.id)) is not None


def _tell(session: Session, school_id: str, staff_id: str, says: str, *, red: bool = False) -> None:
    name = session.scalar(
        select(Staff.name).where(Staff.school_id == school_id, Staff.id == staff_id)
    )
    tell_team(session, school_id, says.format(name=name), also=[staff_id], red=red)

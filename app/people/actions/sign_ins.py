"""Signing in and out: each way in is tried here, and every sign-in is a row that can be ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.base import clock, ids, throttle
from app.base.database import Store, writing
from app.base.throttle import Step
from app.people.actions.links import end_links, end_sign_ins, new_start
from app.people.actions.word import came_in_by
from app.people.queries.password_tries import staff_key
from app.people.queries.sign_ins import pupil_key
from app.people.rules import Role, asks_for_second_step
from app.people.tables import (
    Invitation,
    Pupil,
    SchoolClass,
    SecondStep,
    SignIn,
    Staff,
    StaffRole,
)

PUPIL_RESTS = (
    Step(5, timedelta(seconds=30)),
    Step(10, timedelta(minutes=5)),
    Step(15, None),
)
"""After the last, only the teacher lets the pupil in."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a pupil comes in, and the adult who could have come in the same way in their place."""

    means: Literal["pictures", "card", "let in"]
    vouched_by: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A sign-in of an adult in whose place another begins, and what goes on with that one."""

    began_at: datetime
    """Neither the code nor another token makes the time since the password any shorter."""
    stepped_up_at: datetime | None


def begin_for_pupil(
    school_id: str, pupil_id: str | None, moment: datetime, *, way: WayIn | None = None
) -> str:
    """Begin a sign-in of a pupil; the token is for the browser alone. None: see try_sign_in."""
    token = ids.new_token()
    with writing(Store.LEARNING, vital=True) as session:
        session.add(
            SignIn(
                fingerprint=ids.fingerprint(token),
                school_id=school_id,
                pupil_id=pupil_id,
                by_means=way.means if way else None,
                vouched_by=way.vouched_by if way else None,
                began_at=moment,
                seen_at=moment,
            )
        )
    return token


def begin_for_staff(
    school_id: str, staff_id: str, moment: datetime, *, second_step: bool = False
) -> str:
    """Begin a sign-in of an adult, and note the first whole one.

    Without the second step it is half a sign-in where one is asked for, and opens nothing.
    """
    token = ids.new_token()
    with writing(Store.LEARNING, vital=True) as session:
        add_staff_sign_in(session, token, school_id, staff_id, moment, second_step=second_step)
    return token


def add_staff_sign_in(
    session: Session,
    token: str,
    school_id: str,
    staff_id: str,
    moment: datetime,
    *,
    second_step: bool,
    after: Ended | None = None,
) -> None:
    """The row of a sign-in of an adult; it goes on where the one before it ended. In a write."""
    if second_step or not _asks_for_second_step(session, school_id, staff_id):
        session.execute(
            update(Staff)
            .where(
                Staff.school_id == school_id,
                Staff.id == staff_id,
                Staff.signed_in_first.is_(None),
            )
            .values(signed_in_first=moment)
        )
    session.add(
        SignIn(
            fingerprint=ids.fingerprint(token),
            school_id=school_id,
            staff_id=staff_id,
            began_at=after.began_at if after else moment,
            seen_at=moment,
            second_step_at=moment if second_step else None,
            stepped_up_at=after.stepped_up_at if after else None,
        )
    )


def _asks_for_second_step(session: Session, school_id: str, staff_id: str) -> bool:
    is_set_up = select(SecondStep.staff_id).where(
        SecondStep.school_id == school_id,
        SecondStep.staff_id == staff_id,
        SecondStep.confirmed_at.is_not(None),
    )
    roles = select(StaffRole.role).where(
        StaffRole.school_id == school_id, StaffRole.staff_id == staff_id
    )
    held = [Role(role) for role in session.scalars(roles)]
    return asks_for_second_step(held, is_set_up=session.scalar(is_set_up) is not None)


def end_sign_in(school_id: str, fingerprint: str, *, within: float | None = None) -> None:
    """End one sign-in, for good and on every device that holds its token."""
    with writing(Store.LEARNING, within=within, vital=True) as session:
        session.execute(
            update(SignIn)
            .where(
                SignIn.school_id == school_id,
                SignIn.fingerprint == fingerprint,
                SignIn.ended_at.is_(None),
            )
            .values(ended_at=clock.now(), notes_until=None)
        )


def touch_sign_in(school_id: str, fingerprint: str, moment: datetime, *, within: float) -> None:
    """Note that somebody is still there; StoreAway where that takes longer than `within`."""
    with writing(Store.LEARNING, within=within, vital=True) as session:
        session.execute(
            update(SignIn)
            .where(SignIn.school_id == school_id, SignIn.fingerprint == fingerprint)
            .values(seen_at=moment)
        )


def step_up(school_id: str, fingerprint: str, moment: datetime | None) -> None:
    """Note that the adult of this sign-in has just confirmed the password; None takes it back."""
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(
            update(SignIn)
            .where(
                SignIn.school_id == school_id,
                SignIn.fingerprint == fingerprint,
                SignIn.staff_id.is_not(None),
                SignIn.ended_at.is_(None),
            )
            .values(stepped_up_at=moment)
        )


def open_notes(school_id: str, fingerprint: str, until: datetime | None) -> None:
    """Open My notes on a sign-in until a moment, or (None) hide it."""
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(
            update(SignIn)
            .where(
                SignIn.school_id == school_id,
                SignIn.fingerprint == fingerprint,
                SignIn.ended_at.is_(None),
            )
            .values(notes_until=until)
        )


def open_class(school_id: str, class_id: str) -> None:
    """Open a class until "All out" or the end of the day."""
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(
            update(SchoolClass)
            .where(SchoolClass.school_id == school_id, SchoolClass.id == class_id)
            .values(opened_at=clock.now())
        )


def all_out(school_id: str, class_id: str) -> None:
    """Close a class and end the sign-ins of all its pupils."""
    moment = clock.now()
    pupils = select(Pupil.id).where(Pupil.school_id == school_id, Pupil.class_id == class_id)
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(
            update(SchoolClass)
            .where(SchoolClass.school_id == school_id, SchoolClass.id == class_id)
            .values(all_out_at=moment)
        )
        session.execute(
            update(SignIn)
            .where(
                SignIn.school_id == school_id,
                SignIn.pupil_id.in_(pupils),
                SignIn.ended_at.is_(None),
            )
            .values(ended_at=moment, notes_until=None)
        )


def pictures_fit(school_id: str, pupil_id: str, tried: str, moment: datetime) -> bool:
    """Whether these are the pupil's pictures (in their kept form); a miss is counted.

    During a rest nothing fits. All in one write, so parallel tries cannot slip past a rest.
    """
    key = pupil_key(pupil_id)
    with writing(Store.LEARNING, vital=True) as session:
        if throttle.resting(key, moment) is not None:
            return False
        kept = session.scalar(
            select(Pupil.pictures).where(Pupil.school_id == school_id, Pupil.id == pupil_id)
        )
        if kept is not None and ids.same(kept, tried):
            throttle.forget(session, key)
            return True
        throttle.count_miss(session, key, moment, steps=PUPIL_RESTS)
    return False


def join(
    school_id: str,
    invitation: str,
    password: str,
    moment: datetime,
    *,
    second_step: bool = False,
) -> str | None:
    """Use an invitation (its fingerprint) to set a password (already hashed), and sign in.

    None if the link was used or grew too old meanwhile. Earlier sign-ins and links end, and an
    app, codes or a passkey from before count no more: who asked for the link may have lost them.
    """
    token = ids.new_token()
    with writing(Store.LEARNING, vital=True) as session:
        staff_id = session.scalar(
            update(Invitation)
            .where(
                Invitation.school_id == school_id,
                Invitation.fingerprint == invitation,
                Invitation.used_at.is_(None),
                Invitation.ends_at > moment,
            )
            .values(used_at=moment)
            .returning(Invitation.staff_id)
        )
        email = session.scalar(
            update(Staff)
            .where(Staff.school_id == school_id, Staff.id == staff_id, Staff.left_at.is_(None))
            .values(password=password)
            .returning(Staff.email)
        )
        if staff_id is None or email is None:
            return None
        end_links(session, school_id, staff_id)
        came_in_by(session, school_id, invitation)
        end_sign_ins(session, school_id, staff_id, moment)
        new_start(session, school_id, staff_id)
        throttle.forget(session, staff_key(email))
        add_staff_sign_in(session, token, school_id, staff_id, moment, second_step=second_step)
    return token

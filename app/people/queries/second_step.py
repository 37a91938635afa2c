"""An adult's second step: whether it is set up, and who waits between password and code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.base import ids, throttle
from app.base.database import db
from app.base.throttle import Resting
from app.people.tables import RecoveryCode, School, SecondStep, SignIn, Staff


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is kept of an adult's authenticator app."""

    sealed: bytes
    made_at: datetime
    confirmed_at: datetime
    last_used: int | None


@dataclass(frozen=True, slots=True)
class HalfHere:
    """An adult who gave the password, and nothing more yet: this opens no page of Catkin."""

    sign_in: str
    school_id: str
    school: str
    id: str
    name: str
    email: str
    is_set_up: bool
    """Whether a code can be asked for; otherwise the app is set up first."""
    began_at: datetime
    seen_at: datetime
    bound: str | None
    """Where it belongs; None until its first request."""


def step_key(staff_id: str) -> str:
    """The name under which an adult's wrong codes are counted."""
    return f"second step:{staff_id}"


def step_rest(staff_id: str, moment: datetime) -> Resting | None:
    """The rest that an adult's codes are in."""
    return throttle.resting(step_key(staff_id), moment)


def step(school_id: str, staff_id: str) -> StepFacts | None:
    """An adult's second step, once a first code fitted."""
    row = db.session.execute(
        select(
            SecondStep.sealed,
            SecondStep.made_at,
            SecondStep.confirmed_at,
            SecondStep.last_used,
        ).where(
            SecondStep.school_id == school_id,
            SecondStep.staff_id == staff_id,
        )
    ).one_or_none()
    if row is None or row.confirmed_at is None:
        return None
    return StepFacts(row.sealed, row.made_at, row.confirmed_at, row.last_used)


def codes_left(school_id: str, staff_id: str) -> int:
    """How many recovery codes of an adult are still good."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(
                RecoveryCode.school_id == school_id,
                RecoveryCode.staff_id == staff_id,
                RecoveryCode.used_at.is_(None),
            )
        )
        or 0
    )


def half_here(token: str) -> HalfHere | None:
    """Who gave the password on this sign-in, and no code on it; how long ago is not asked here."""
    row = db.session.execute(
        select(
            SignIn.fingerprint,
            SignIn.school_id,
            School.name.label("school"),
            Staff.id,
            Staff.name,
            Staff.email,
            SecondStep.confirmed_at,
            SignIn.began_at,
            SignIn.seen_at,
            SignIn.bound,
        )
        .join(Staff, Staff.id == SignIn.staff_id)
        .join(School, School.id == SignIn.school_id)
        .outerjoin(SecondStep, SecondStep.staff_id == SignIn.staff_id)
        .where(
            SignIn.fingerprint == ids.fingerprint(token),
            SignIn.ended_at.is_(None),
            SignIn.second_step_at.is_(None),
            Staff.left_at.is_(None),
        )
        .execution_options(every_school="the sign-in itself says which school it belongs to")
    ).one_or_none()
    if row is None:
        return None
    return HalfHere(
        sign_in=row.fingerprint,
        school_id=row.school_id,
        school=row.school,
        id=row.id,
        name=row.name,
        email=row.email,
        is_set_up=row.confirmed_at is not None,
        began_at=row.began_at,
        seen_at=row.seen_at,
        bound=row.bound,
    )

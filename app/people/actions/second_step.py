"""The second step: a code proved, the app set up, codes for paper, and all of it forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.base import clock, ids, throttle
from app.base.database import Store, writing
from app.base.throttle import Resting
from app.people import second_step
from app.people.actions.links import end_sign_ins
from app.people.actions.notices import tell_team
from app.people.actions.password_tries import STAFF_RESTS
from app.people.actions.sign_ins import Ended, add_staff_sign_in
from app.people.queries import second_step as found
from app.people.queries.second_step import step_key
from app.people.tables import RecoveryCode, SecondStep, SignIn, Staff, TeamNotice

FIRST_PHONE = "{name} set up sign-in codes on a phone."
ANOTHER_PHONE = "{name} moved sign-in codes to another phone."
NEW_CODES = "{name} made new recovery codes."
PAPER_USED = (
    "A recovery code of yours was used at {at}. Was it not you? Change your password, make new"
    " codes (press your name), and tell the safeguarding team."
)


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app whose first code fitted, on the sign-in on which it was set up."""

    school_id: str
    staff_id: str
    sign_in: str
    sealed: bytes
    used: int


def code_fits(key: bytes, school_id: str, staff_id: str, typed: str, moment: datetime) -> bool:
    """Whether it is a code of this adult's app, good once; misses are counted and rest.

    KeyMissing where the key does not open what is shared: then it is no miss of anybody's.
    """
    kept = found.step(school_id, staff_id)
    secret = second_step.unseal(key, kept.sealed, school_id, staff_id) if kept else None
    if claim_try(staff_id, moment) is not None or kept is None or secret is None:
        return False
    step = second_step.step_of(secret, typed, moment, after=kept.last_used)
    return step is not None and _spend(school_id, staff_id, kept.sealed, step)


def claim_try(staff_id: str, moment: datetime) -> Resting | None:
    """Count a try before it is looked at, so that parallel ones cannot slip past a rest."""
    key = step_key(staff_id)
    with writing(Store.LEARNING, vital=True) as session:
        rest = throttle.resting(key, moment)
        if rest is None:
            throttle.count_miss(session, key, moment, steps=STAFF_RESTS)
    return rest


def _spend(school_id: str, staff_id: str, sealed: bytes, step: int) -> bool:
    """Use a step up, with all before it; False if another request was quicker."""
    with writing(Store.LEARNING, vital=True) as session:
        used = session.scalar(
            update(SecondStep)
            .where(
                SecondStep.school_id == school_id,
                SecondStep.staff_id == staff_id,
                SecondStep.sealed == sealed,
                or_(SecondStep.last_used.is_(None), SecondStep.last_used < step),
            )
            .values(last_used=step)
            .returning(SecondStep.staff_id)
        )
        if used is not None:
            throttle.forget(session, step_key(staff_id))
    return used is not None


def recovery_code_fits(school_id: str, staff_id: str, typed: str, moment: datetime) -> bool:
    """Whether it is a recovery code of this adult, which is then used; misses are counted."""
    if claim_try(staff_id, moment) is not None:
        return False
    with writing(Store.LEARNING, vital=True) as session:
        used = session.scalar(
            update(RecoveryCode)
            .where(
                RecoveryCode.school_id == school_id,
                RecoveryCode.staff_id == staff_id,
                RecoveryCode.fingerprint == second_step.kept_form(staff_id, typed),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=moment)
            .returning(RecoveryCode.fingerprint)
        )
        if used is not None:
            throttle.forget(session, step_key(staff_id))
            here = clock.local(moment)
            says = PAPER_USED.format(at=f"{here.hour}:{here:%M}")
            session.add(
                TeamNotice(school_id=school_id, staff_id=staff_id, says=says, made_at=moment)
            )
    return used is not None


def make_whole(school_id: str, staff_id: str, half: str, moment: datetime) -> str | None:
    """The sign-in of an adult who has given password and code: a new token in place of the half.

    None if the half one was ended meanwhile.
    """
    token = ids.new_token()
    with writing(Store.LEARNING, vital=True) as session:
        here = end_one(session, school_id, staff_id, half, moment)
        if here is None:
            return None
        whom = (school_id, staff_id)
        add_staff_sign_in(session, token, *whom, moment, second_step=True, after=here)
    return token


def code_given(school_id: str, sign_in: str, moment: datetime) -> None:
    """Note that a code was given once more on a whole sign-in."""
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(
            update(SignIn)
            .where(
                SignIn.school_id == school_id,
                SignIn.fingerprint == sign_in,
                SignIn.second_step_at.is_not(None),
                SignIn.ended_at.is_(None),
            )
            .values(second_step_at=moment)
        )


def end_one(
    session: Session, school_id: str, staff_id: str, sign_in: str, moment: datetime
) -> Ended | None:
    """End one sign-in of this adult; None if it had ended already. Inside a write."""
    row = session.execute(
        update(SignIn)
        .where(
            SignIn.school_id == school_id,
            SignIn.staff_id == staff_id,
            SignIn.fingerprint == sign_in,
            SignIn.ended_at.is_(None),
        )
        .values(ended_at=moment)
        .returning(SignIn.began_at, SignIn.stepped_up_at)
    ).one_or_none()
    return Ended(*row) if row else None


def set_up(new: NewApp, moment: datetime) -> tuple[str, list[str]] | None:
    """Keep the app and ten new recovery codes; the token of a new sign-in, and the codes.

    Every other sign-in of the adult ends. None if the one that this was done on had ended.
    """
    token, codes = ids.new_token(), second_step.draw_recovery_codes()
    with writing(Store.LEARNING, vital=True) as session:
        here = end_one(session, new.school_id, new.staff_id, new.sign_in, moment)
        if here is None:
            return None
        had_one = _forget_app(session, new.school_id, new.staff_id)
        session.add(
            SecondStep(
                staff_id=new.staff_id,
                school_id=new.school_id,
                sealed=new.sealed,
                made_at=moment,
                confirmed_at=moment,
                last_used=new.used,
            )
        )
        _keep_codes(session, new.school_id, new.staff_id, codes, moment)
        throttle.forget(session, step_key(new.staff_id))
        end_sign_ins(session, new.school_id, new.staff_id, moment)
        whom = (new.school_id, new.staff_id)
        add_staff_sign_in(session, token, *whom, moment, second_step=True, after=here)
        _tell_all(session, *whom, ANOTHER_PHONE if had_one else FIRST_PHONE)
    return token, codes


def _tell_all(session: Session, school_id: str, staff_id: str, says: str) -> None:
    """Whoever it was has a way in now: the adult and the team are told.

    Not in red: each new adult, and after an update each of the team, sets up a first app.
    """
    name = session.scalar(
        select(Staff.name).where(Staff.school_id == school_id, Staff.id == staff_id)
    )
    tell_team(session, school_id, says.format(name=name), also=[staff_id])


def new_codes(school_id: str, staff_id: str, moment: datetime, *, but_for: str = "") -> list[str]:
    """Ten new recovery codes; the ones before end, and every sign-in of the adult but one."""
    codes = second_step.draw_recovery_codes()
    with writing(Store.LEARNING, vital=True) as session:
        _keep_codes(session, school_id, staff_id, codes, moment)
        end_sign_ins(session, school_id, staff_id, moment, but_for=but_for)
        _tell_all(session, school_id, staff_id, NEW_CODES)
    return codes


def _keep_codes(
    session: Session, school_id: str, staff_id: str, codes: list[str], moment: datetime
) -> None:
    _forget_codes(session, school_id, staff_id)
    session.add_all(
        RecoveryCode(
            fingerprint=second_step.kept_form(staff_id, code),
            school_id=school_id,
            staff_id=staff_id,
            made_at=moment,
        )
        for code in codes
    )


def _forget_app(session: Session, school_id: str, staff_id: str) -> bool:
    """Whether there was one."""
    gone = delete(SecondStep).where(
        SecondStep.school_id == school_id, SecondStep.staff_id == staff_id
    )
    return session.scalar(gone.returning(SecondStep.staff_id)) is not None


def _forget_codes(session: Session, school_id: str, staff_id: str) -> None:
    session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.school_id == school_id, RecoveryCode.staff_id == staff_id
        )
    )

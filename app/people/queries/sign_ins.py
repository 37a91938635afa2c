"""Who is signed in, whose card or invitation this is, and who has to rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from app.base import clock, throttle
from app.base.database import ask, db
from app.base.throttle import FAR, Resting, Throttle
from app.people.queries.staff import WAITS
from app.people.rules import Role, asks_for_second_step
from app.people.tables import (
    Invitation,
    Pupil,
    School,
    SchoolClass,
    SecondStep,
    SignIn,
    SignInCard,
    Staff,
    StaffRole,
    TeamNotice,
)
from app.people.viewers import PupilHere, StaffHere

CLASS_CODES = "class codes"
"""The one budget that every wrong class code of the installation draws on."""


@dataclass(frozen=True, slots=True)
class CardOwner:
    """The pupil whose card this is."""

    school_id: str
    pupil_id: str
    class_id: str
    shown_name: str
    avatar: str
    made_by: str
    """The adult who printed the card."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The adult whom a one-time link invites."""

    school_id: str
    school_name: str
    staff_id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of an adult's account."""

    school_id: str
    staff_id: str
    password: str | None


def pupil_key(pupil_id: str) -> str:
    """The name under which a pupil's misses are counted."""
    return f"pupil:{pupil_id}"


RED_WAITS = exists().where(
    TeamNotice.staff_id == SignIn.staff_id,
    TeamNotice.school_id == SignIn.school_id,
    TeamNotice.red.is_(True),
    TeamNotice.seen_at.is_(None),
)
WAITS_HERE = (Invitation.school_id == SignIn.school_id, *WAITS)
BEHIND = (
    select(Invitation.made_by).where(*WAITS_HERE, Invitation.staff_id == SignIn.staff_id).limit(1)
).scalar_subquery()
LINKS_WAIT = exists().where(
    *WAITS_HERE,
    Invitation.used_at.is_not(None),
    Invitation.staff_id != SignIn.staff_id,
    Invitation.made_by != SignIn.staff_id,
)
SIGNED_IN = (
    select(
        SignIn.school_id,
        SignIn.seen_at,
        SignIn.began_at,
        SignIn.notes_until,
        SignIn.vouched_by,
        SignIn.stepped_up_at,
        SignIn.bound,
        RED_WAITS.label("red_waits"),
        BEHIND.label("behind"),
        LINKS_WAIT.label("links_wait"),
        SignIn.second_step_at,
        SignIn.pupil_id,
        SignIn.staff_id,
        Pupil.shown_name,
        Pupil.avatar,
        Pupil.class_id,
        SchoolClass.name.label("class_name"),
        SchoolClass.years,
        SchoolClass.all_out_at,
        Staff.name,
        Staff.known_as,
        StaffRole.role,
        SecondStep.confirmed_at,
    )
    .outerjoin(Pupil, (Pupil.id == SignIn.pupil_id) & Pupil.left_at.is_(None))
    .outerjoin(SchoolClass, SchoolClass.id == Pupil.class_id)
    .outerjoin(Staff, (Staff.id == SignIn.staff_id) & Staff.left_at.is_(None))
    .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
    .outerjoin(SecondStep, SecondStep.staff_id == Staff.id)
    .where(SignIn.fingerprint == bindparam("fingerprint"), SignIn.ended_at.is_(None))
)
"""Asked by every request of whoever is signed in, and therefore made once."""


def signed_in(fingerprint: str) -> PupilHere | StaffHere | None:
    """Who a sign-in belongs to while it lasts; one select, a row for each role of an adult."""
    every_school = "the sign-in itself says which school it belongs to"
    rows = ask(SIGNED_IN, every_school, fingerprint=fingerprint).all()
    if not rows:
        return None
    if rows[0].shown_name is not None:
        return None if _day_is_over(rows[0]) else _pupil_of(fingerprint, rows[0])
    return _adult_of(fingerprint, rows) if rows[0].name is not None else None


def _day_is_over(row: Any) -> bool:
    """A pupil's sign-in lasts until the class's "All out", and never past midnight."""
    if row.all_out_at is not None and row.all_out_at > row.began_at:
        return True
    return clock.local(row.began_at).date() < clock.local(clock.now()).date()


def _pupil_of(fingerprint: str, row: Any) -> PupilHere:
    return PupilHere(
        sign_in=fingerprint,
        school_id=row.school_id,
        id=row.pupil_id,
        shown_name=row.shown_name,
        avatar=row.avatar,
        class_id=row.class_id,
        class_name=row.class_name,
        years=row.years,
        seen_at=row.seen_at,
        notes_until=row.notes_until,
        vouched_by=row.vouched_by,
    )


def _adult_of(fingerprint: str, rows: Sequence[Any]) -> StaffHere | None:
    """The adult; None while the sign-in is half of one, for want of the second step."""
    roles = tuple(sorted(Role(row.role) for row in rows if row.role is not None))
    is_set_up = rows[0].confirmed_at is not None
    if rows[0].second_step_at is None and asks_for_second_step(roles, is_set_up=is_set_up):
        return None
    return StaffHere(
        sign_in=fingerprint,
        school_id=rows[0].school_id,
        id=rows[0].staff_id,
        name=rows[0].name,
        known_as=rows[0].known_as,
        roles=roles,
        seen_at=rows[0].seen_at,
        stepped_up_at=rows[0].stepped_up_at,
        bound=rows[0].bound,
        red_waits=rows[0].red_waits,
        second_step_at=rows[0].second_step_at,
        behind=rows[0].behind,
        links_wait=rows[0].links_wait,
        began_at=rows[0].began_at,
    )


def codes_being_guessed() -> bool:
    """Whether the installation's budget of wrong class codes is spent just now."""
    return throttle.resting(CLASS_CODES, clock.now()) is not None


def account(email: str) -> Account | None:
    """The account with this e-mail address (lower case), if its adult has not left."""
    row = db.session.execute(
        select(Staff.school_id, Staff.id, Staff.password)
        .where(Staff.email == email, Staff.left_at.is_(None))
        .execution_options(every_school="an e-mail address is one account in the installation")
    ).one_or_none()
    return Account(row.school_id, row.id, row.password) if row else None


def invitation(fingerprint: str, moment: datetime) -> Invited | None:
    """Whom a link invites; None once it is used, too old, or its adult has left."""
    row = db.session.execute(
        select(Staff.school_id, School.name.label("school"), Staff.id, Staff.name, Staff.email)
        .join(Invitation, Invitation.staff_id == Staff.id)
        .join(School, School.id == Staff.school_id)
        .where(
            Invitation.fingerprint == fingerprint,
            Invitation.used_at.is_(None),
            Invitation.ends_at > moment,
            Staff.left_at.is_(None),
        )
        .execution_options(every_school="the link itself says which school it belongs to")
    ).one_or_none()
    return Invited(row.school_id, row.school, row.id, row.name, row.email) if row else None


def has_been_in(school_id: str, staff_id: str) -> bool:
    """Whether this adult ever signed in, even if the account started afresh since."""
    ever = select(SignIn.fingerprint).where(
        SignIn.school_id == school_id, SignIn.staff_id == staff_id
    )
    return db.session.scalar(ever.limit(1)) is not None


def card_owner(fingerprint: str) -> CardOwner | None:
    """Whose card this is; None once it was ended or its pupil has left."""
    row = db.session.execute(
        select(
            Pupil.school_id,
            Pupil.id,
            Pupil.class_id,
            Pupil.shown_name,
            Pupil.avatar,
            SignInCard.made_by,
        )
        .join(SignInCard, SignInCard.pupil_id == Pupil.id)
        .where(
            SignInCard.fingerprint == fingerprint,
            SignInCard.ended_at.is_(None),
            Pupil.left_at.is_(None),
        )
        .execution_options(every_school="the card itself says which school it belongs to")
    ).one_or_none()
    return CardOwner(*row) if row else None


def pupils_with_cards(school_id: str, class_id: str) -> set[str]:
    """The pupils of a class who hold a card that works."""
    found = db.session.scalars(
        select(SignInCard.pupil_id)
        .join(Pupil, Pupil.id == SignInCard.pupil_id)
        .where(
            SignInCard.school_id == school_id,
            Pupil.class_id == class_id,
            SignInCard.ended_at.is_(None),
        )
    )
    return set(found)


def cards_made_by(school_id: str, staff_id: str) -> int:
    """How many cards that work an adult has printed, and so could have kept."""
    counted = (
        select(func.count())
        .select_from(SignInCard)
        .join(Pupil, Pupil.id == SignInCard.pupil_id)
        .where(
            SignInCard.school_id == school_id,
            SignInCard.made_by == staff_id,
            SignInCard.ended_at.is_(None),
            Pupil.left_at.is_(None),
        )
    )
    return db.session.scalar(counted) or 0


def rest_of(pupil_id: str, moment: datetime) -> Resting | None:
    """The rest a pupil's pictures are in, if any."""
    return throttle.resting(pupil_key(pupil_id), moment)


def resting_pupils(
    school_id: str, pupil_ids: Iterable[str], moment: datetime
) -> dict[str, Resting]:
    """Which of these pupils of a school have to rest, in one select."""
    keys = {pupil_key(pupil_id): pupil_id for pupil_id in pupil_ids}
    rows = db.session.execute(
        select(Throttle.key, Throttle.rests_until)
        .join(Pupil, Throttle.key == pupil_key("") + Pupil.id)
        .where(Pupil.school_id == school_id, Throttle.key.in_(keys), Throttle.rests_until > moment)
    )
    return {
        keys[row.key]: Resting(None if row.rests_until - moment > FAR / 2 else row.rests_until)
        for row in rows
    }

"""Founding the first school, once, and adding others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base import ids, throttle
from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import Refused
from app.base.throttle import Step
from app.people import passwords
from app.people.actions.links import Link, new_link
from app.people.actions.notices import tell_team
from app.people.actions.staff import Details, must_be_free
from app.people.actions.word import must_be_confirmed
from app.people.queries.schools import SET_UP
from app.people.queries.staff import adults_in
from app.people.rules import Adult, Role, ready_but_for
from app.people.tables import School, Staff, StaffRole

THERE_IS_ONE = "This Catkin has its school already. Sign in, or ask who set it up."
CHANGED_REFERRAL = "changed whom you call outside the school about an adult. See People."
CODE_RESTS = (Step(10, timedelta(minutes=15)),)
"""Eight digits: at forty tries an hour nobody gets anywhere."""


@dataclass(frozen=True, slots=True)
class NewSchool:
    """What the set-up page asks about a school; the times are on the school's wall clock."""

    name: str
    nation: str
    day_starts: time
    day_ends: time
    read_within: str | None


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """The adult who sets up the school, and becomes its first DSL."""

    name: str
    known_as: str
    email: str
    password: str


def found_school(school_id: str, school: NewSchool, first: FirstAccount) -> str:
    """Write the school and its first adult; that adult's id.

    Refused where a school exists: of two browsers at the same page, one founds it.
    """
    kept = passwords.keep(first.password)  # Slow on purpose, so not behind the gate.
    with writing(Store.LEARNING) as session:
        how_many = select(func.count(School.id)).execution_options(
            every_school="one installation is set up once"
        )
        if session.scalar(how_many):
            raise Refused(THERE_IS_ONE)
        moment = now()
        session.add(School(id=school_id, made_at=moment, **_columns(school)))
        session.flush()
        staff_id = _add_first(session, school_id, first, kept)
        throttle.forget(session, SET_UP)
    return staff_id


def add_school(school_id: str, school: NewSchool, first: Details) -> Link:
    """A further school, or the first: its first DSL joins by the link that is returned."""
    with writing(Store.LEARNING) as session:
        must_be_free(session, first.email)
        session.add(School(id=school_id, made_at=now(), **_columns(school)))
        session.flush()
        staff_id = _add_first(session, school_id, first)
        return new_link(session, school_id, staff_id, by=staff_id)


def _columns(school: NewSchool) -> dict[str, object]:
    return {
        "name": school.name,
        "nation": school.nation,
        "day_starts": school.day_starts,
        "day_ends": school.day_ends,
        "read_within": school.read_within,
    }


def _add_first(
    session: Session, school_id: str, first: FirstAccount | Details, kept: str | None = None
) -> str:
    """The first DSL, who is in at once with a password, and else joins by a link."""
    staff_id, moment = ids.new_id(), now()
    session.add(
        Staff(
            id=staff_id,
            school_id=school_id,
            name=first.name,
            known_as=first.known_as,
            email=first.email,
            password=kept,
            signed_in_first=moment if kept else None,
            made_at=moment,
        )
    )
    session.flush()
    session.add(
        StaffRole(staff_id=staff_id, role=Role.DSL.value, school_id=school_id, granted_at=moment)
    )
    return staff_id


def set_referral(school_id: str, says: str, *, by: Adult) -> None:
    """Write down whom to call about an adult; empty for nobody. The team is told, in red.

    Whoever a concern is about could write a friend's number: so it says who wrote it.
    """
    must_be_confirmed(by)
    with writing(Store.LEARNING) as session:
        school = session.scalars(select(School).where(School.id == school_id)).one()
        if (school.referral or "") == says:
            return
        school.referral, school.referral_by, school.referral_at = says or None, by.name, now()
        others = ready_but_for(adults_in(school_id, session), by.id)
        tell_team(session, school_id, f"{by.name} {CHANGED_REFERRAL}", red=bool(others))


def miss_set_up_code(moment: datetime) -> None:
    """Count a wrong set-up code; after ten, nobody's is looked at for a while."""
    with writing(Store.LEARNING) as session:
        throttle.count_miss(session, SET_UP, moment, steps=CODE_RESTS)

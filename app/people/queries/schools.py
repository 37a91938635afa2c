"""Which school this is, and its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.base import throttle
from app.base.database import ask, db
from app.base.throttle import Resting
from app.people.rules import SchoolDay
from app.people.tables import School

SET_UP = "set-up"
"""The name under which wrong set-up codes are counted."""


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school as its pages need to know it."""

    id: str
    name: str
    nation: str
    day: SchoolDay
    read_within: str | None
    referral: str | None = None
    """Whom to call about an adult, as the school wrote it; None where nobody did."""
    referral_by: str | None = None
    referral_at: datetime | None = None


def any_school() -> bool:
    """Whether this installation has been set up."""
    return lone_school() is not None


def lone_school() -> str | None:
    """The id of the only school here, or of the first where there are several."""
    first = (
        select(School.id)
        .order_by(School.made_at, School.id)
        .limit(1)
        .execution_options(every_school="asked before anybody said which school they belong to")
    )
    return db.session.scalar(first)


def all_schools() -> list[str]:
    """The ids of the schools on this installation."""
    every = select(School.id).order_by(School.made_at, School.id)
    return list(db.session.scalars(every.execution_options(every_school="each has its own mail")))


THE_SCHOOL = select(
    School.id,
    School.name,
    School.nation,
    School.day_starts,
    School.day_ends,
    School.read_within,
    School.referral,
    School.referral_by,
    School.referral_at,
).where(School.id == bindparam("school_id"))
"""Asked by every page at the pupils' door, and therefore made once."""


def the_school(school_id: str) -> SchoolFacts:
    """The school with this id."""
    row = ask(THE_SCHOOL, school_id=school_id).one()
    day = SchoolDay(row.day_starts, row.day_ends)
    return SchoolFacts(
        row.id,
        row.name,
        row.nation,
        day,
        row.read_within,
        row.referral,
        row.referral_by,
        row.referral_at,
    )


def set_up_rests(moment: datetime) -> Resting | None:
    """The rest that too many wrong set-up codes have earned, if any."""
    return throttle.resting(SET_UP, moment)

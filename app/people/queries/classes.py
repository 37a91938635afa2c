"""The classes of a school, and the class that a code opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from app.base import clock
from app.base.database import ask, db
from app.people.rights import Reach
from app.people.rules import Band, SchoolDay, band_of, class_is_open, tidy
from app.people.tables import ClassStaff, Pupil, SchoolClass


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class as its pages need to know it."""

    id: str
    school_id: str
    name: str
    years: tuple[str, ...]
    code_word: str
    code_number: str
    opened_at: datetime | None
    all_out_at: datetime | None

    @property
    def band(self) -> Band:
        """The band this class learns in."""
        return band_of(self.years)

    def is_open(self, day: SchoolDay, moment: datetime | None = None) -> bool:
        """Whether pupils can come in at `moment` (UTC), now if none is given."""
        here = clock.local(moment or clock.now())
        opened = clock.local(self.opened_at) if self.opened_at else None
        all_out = clock.local(self.all_out_at) if self.all_out_at else None
        return class_is_open(day, here, opened=opened, all_out=all_out)


def _columns() -> Any:
    return select(
        SchoolClass.id,
        SchoolClass.school_id,
        SchoolClass.name,
        SchoolClass.years,
        SchoolClass.code_word,
        SchoolClass.code_number,
        SchoolClass.opened_at,
        SchoolClass.all_out_at,
    )


def _facts(row: Any) -> ClassFacts:
    return ClassFacts(
        id=row.id,
        school_id=row.school_id,
        name=row.name,
        years=tuple(row.years.split(",")),
        code_word=row.code_word,
        code_number=row.code_number,
        opened_at=row.opened_at,
        all_out_at=row.all_out_at,
    )


def _in_order(rows: Iterable[Any]) -> list[ClassFacts]:
    """Youngest first, as schools line up."""
    found = [_facts(row) for row in rows]
    return sorted(found, key=lambda c: ("R123456".index(c.years[0]), c.name.casefold(), c.id))


def classes(school_id: str) -> list[ClassFacts]:
    """Every class of the school, the youngest first."""
    rows = db.session.execute(_columns().where(SchoolClass.school_id == school_id))
    return _in_order(rows)


@cache
def _one() -> Any:
    """Asked by every page at the pupils' door, and therefore made once."""
    here = SchoolClass.school_id == bindparam("school_id")
    return _columns().where(here, SchoolClass.id == bindparam("class_id"))


def class_(school_id: str, class_id: str) -> ClassFacts | None:
    """One class of the school."""
    row = ask(_one(), school_id=school_id, class_id=class_id).one_or_none()
    return _facts(row) if row else None


def classes_of(school_id: str, staff_id: str) -> list[ClassFacts]:
    """The classes an adult works with, the youngest first."""
    rows = db.session.execute(
        _columns()
        .join(ClassStaff, ClassStaff.class_id == SchoolClass.id)
        .where(SchoolClass.school_id == school_id, ClassStaff.staff_id == staff_id)
    )
    return _in_order(rows)


def classes_within(school_id: str, staff_id: str, far: Reach) -> list[ClassFacts]:
    """The classes that a right of an adult reaches, the youngest first."""
    if far is Reach.WHOLE_SCHOOL:
        return classes(school_id)
    return classes_of(school_id, staff_id) if far is Reach.OWN_CLASSES else []


def is_within(facts: ClassFacts, staff_id: str, far: Reach) -> bool:
    """Whether a right of an adult reaches this class."""
    if far is Reach.WHOLE_SCHOOL:
        return True
    return any(own.id == facts.id for own in classes_within(facts.school_id, staff_id, far))


def class_by_code(word: str, number: str) -> ClassFacts | None:
    """The class that a code opens, however it was typed."""
    row = db.session.execute(
        _columns()
        .where(
            SchoolClass.code_word == tidy(word).casefold(),
            SchoolClass.code_number == tidy(number),
        )
        .execution_options(every_school="a class code is typed before any school is known")
    ).one_or_none()
    return _facts(row) if row else None


def codes_that_count() -> list[tuple[str, str, str]]:
    """Each class, by its id, with the word and the number of its code."""
    rows = db.session.execute(
        select(SchoolClass.id, SchoolClass.code_word, SchoolClass.code_number).execution_options(
            every_school="a device was known before any school is"
        )
    )
    return [(row.id, row.code_word, row.code_number) for row in rows]


def pupil_counts(school_id: str) -> dict[str, int]:
    """How many pupils each class has; a class without any is not in it."""
    rows = db.session.execute(
        select(Pupil.class_id, func.count().label("how_many"))
        .where(Pupil.school_id == school_id, Pupil.left_at.is_(None))
        .group_by(Pupil.class_id)
    )
    return {row.class_id: row.how_many for row in rows}


def staff_ids(school_id: str) -> dict[str, frozenset[str]]:
    """The adults of each class, by the class's id."""
    rows = db.session.execute(
        select(ClassStaff.class_id, ClassStaff.staff_id).where(ClassStaff.school_id == school_id)
    ).all()
    return {
        class_id: frozenset(row.staff_id for row in rows if row.class_id == class_id)
        for class_id in {row.class_id for row in rows}
    }

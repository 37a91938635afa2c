"""The code of a school's families, and the school that a code opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.base.database import db
from app.people.codes import Code
from app.people.queries.staff import adults
from app.people.rules import Role, tidy
from app.people.tables import FamilyCode, School

FAMILY_CODES = "family codes"
"""The name under which wrong family codes are counted."""
PUBLISHED = (Role.DSL, Role.DEPUTY, Role.HEAD)
"""Whom families are told by name, in the order in which they are asked for."""


@dataclass(frozen=True, slots=True)
class FamilySchool:
    """A school as its families need to know it."""

    id: str
    name: str
    nation: str
    code: Code


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a family may ask for, by the name that everybody at school uses."""

    known_as: str
    role: Role


def _columns() -> Any:
    return select(School.id, School.name, School.nation, FamilyCode.word, FamilyCode.number).join(
        FamilyCode, FamilyCode.school_id == School.id
    )


def _facts(row: Any) -> FamilySchool | None:
    if row is None:
        return None
    return FamilySchool(row.id, row.name, row.nation, Code(row.word, row.number))


def school_by_code(word: str, number: str) -> FamilySchool | None:
    """The school that a family code opens, however it was typed."""
    row = db.session.execute(
        _columns()
        .where(FamilyCode.word == tidy(word).casefold(), FamilyCode.number == tidy(number))
        .execution_options(every_school="a family code is typed before any school is known")
    ).one_or_none()
    return _facts(row)


def code_of(school_id: str) -> Code | None:
    """The code of a school's families; None until one was made."""
    row = db.session.execute(
        select(FamilyCode.word, FamilyCode.number).where(FamilyCode.school_id == school_id)
    ).one_or_none()
    return None if row is None else Code(row.word, row.number)


def people_to_ask(school_id: str) -> list[Person]:
    """Those whom a family asks for: no teacher as a teacher, and nobody's class."""
    found = [
        Person(adult.known_as, min(roles, key=PUBLISHED.index))
        for adult in adults(school_id)
        if (roles := [role for role in adult.roles if role in PUBLISHED])
    ]
    return sorted(found, key=lambda one: (PUBLISHED.index(one.role), one.known_as))

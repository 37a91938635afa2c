"""Classes: adding one, changing it, and drawing its code afresh."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.base import ids
from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.actions.notices import tell_others_of_team
from app.people.actions.staff import present_adult
from app.people.codes import Code, draw_code
from app.people.queries.staff import adults_in
from app.people.rights import May, reach
from app.people.rules import YEAR_GROUPS
from app.people.tables import ClassStaff, SchoolClass

GONE = "This class is not there any more."
NOT_YOURSELF = "You cannot add yourself to a class. Ask someone who sees concerns."


class NameInUse(Refused):
    """Another class of the school has this name."""


@dataclass(frozen=True, slots=True)
class ClassDetails:
    """What is asked about a class: its name, its years (at least one), its adults' ids."""

    name: str
    years: tuple[str, ...]
    staff_ids: tuple[str, ...]


def add_class(school_id: str, details: ClassDetails, *, by: str) -> str:
    """Add a class with a code of its own; the class's id."""
    with writing(Store.LEARNING) as session:
        _name_must_be_free(session, school_id, details.name)
        class_id, code = ids.new_id(), _unused_code(session)
        session.add(
            SchoolClass(
                id=class_id,
                school_id=school_id,
                name=details.name,
                years=_joined(details.years),
                code_word=code.word,
                code_number=code.number,
                made_at=now(),
            )
        )
        session.flush()
        _put_adults(session, school_id, class_id, details.staff_ids, by=by)
    return class_id


def change_class(school_id: str, class_id: str, details: ClassDetails, *, by: str) -> None:
    """Give a class another name, other years or other adults."""
    with writing(Store.LEARNING) as session:
        _name_must_be_free(session, school_id, details.name, but_for=class_id)
        changed = session.execute(
            update(SchoolClass)
            .where(SchoolClass.school_id == school_id, SchoolClass.id == class_id)
            .values(name=details.name, years=_joined(details.years))
            .returning(SchoolClass.id)
        ).all()
        if not changed:
            raise Refused(GONE)
        _put_adults(session, school_id, class_id, details.staff_ids, by=by)


def new_code(school_id: str, class_id: str) -> Code:
    """Draw another code; devices that knew the old one are asked for the new."""
    with writing(Store.LEARNING) as session:
        code = _unused_code(session)
        session.execute(
            update(SchoolClass)
            .where(SchoolClass.school_id == school_id, SchoolClass.id == class_id)
            .values(code_word=code.word, code_number=code.number)
        )
    return code


def _joined(years: Iterable[str]) -> str:
    wanted = sorted(set(years), key=YEAR_GROUPS.index)
    if not wanted:
        raise Refused("Choose at least one year.")
    return ",".join(wanted)


def _name_must_be_free(
    session: Session, school_id: str, name: str, *, but_for: str | None = None
) -> None:
    rows = session.execute(
        select(SchoolClass.id, SchoolClass.name).where(SchoolClass.school_id == school_id)
    )
    if any(row.name.casefold() == name.casefold() and row.id != but_for for row in rows):
        raise NameInUse("Another class has this name.")


def _unused_code(session: Session) -> Code:
    """A code that no class of any school has."""
    while True:
        code = draw_code()
        holders = session.scalar(
            select(func.count(SchoolClass.id))
            .where(SchoolClass.code_word == code.word, SchoolClass.code_number == code.number)
            .execution_options(every_school="a code opens one class in the whole installation")
        )
        if not holders:
            return code


def _put_adults(
    session: Session, school_id: str, class_id: str, staff_ids: Iterable[str], *, by: str
) -> None:
    """Make these the adults of a class."""
    wanted = {a.id: a.name for a in adults_in(school_id, session) if a.id in set(staff_ids)}
    if set(staff_ids) - set(wanted):
        raise Refused("One of these adults has left. Choose again.")
    of_class = (ClassStaff.school_id == school_id, ClassStaff.class_id == class_id)
    before = set(session.scalars(select(ClassStaff.staff_id).where(*of_class)))
    session.execute(delete(ClassStaff).where(*of_class, ClassStaff.staff_id.not_in(wanted)))
    added = sorted(set(wanted) - before)
    session.add_all(
        ClassStaff(class_id=class_id, staff_id=staff_id, school_id=school_id) for staff_id in added
    )
    if added:
        _mind_who_adds(session, school_id, class_id, {one: wanted[one] for one in added}, by=by)


def _mind_who_adds(
    session: Session, school_id: str, class_id: str, added: Mapping[str, str], *, by: str
) -> None:
    """What a class tells reaches its adults: nobody adds any of them unseen."""
    adder = present_adult(session, school_id, by)
    if by in added and not reach(adder.roles, May.GRANT_CONCERNS):
        raise Refused(NOT_YOURSELF)
    name = session.scalar(
        select(SchoolClass.name).where(
            SchoolClass.school_id == school_id, SchoolClass.id == class_id
        )
    )
    says = f"{adder.name} added {' and '.join(sorted(added.values()))} to {name}."
    tell_others_of_team(session, school_id, says, by=by)

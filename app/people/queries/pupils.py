"""The pupils of a school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from app.base.database import ask, db
from app.people.names import FullName
from app.people.tables import Pupil


@dataclass(frozen=True, slots=True)
class PupilFacts:
    """A pupil as the pages need to know one."""

    id: str
    class_id: str
    given_name: str
    family_name: str
    shown_name: str
    avatar: str
    has_pictures: bool
    pictures_by: str | None
    """The adult who drew the pictures."""

    @property
    def full_name(self) -> FullName:
        """The whole name, for staff."""
        return FullName(self.given_name, self.family_name)


def _columns() -> Any:
    return select(
        Pupil.id,
        Pupil.class_id,
        Pupil.given_name,
        Pupil.family_name,
        Pupil.shown_name,
        Pupil.avatar,
        Pupil.pictures.is_not(None).label("has_pictures"),
        Pupil.pictures_by,
    )


def pupils_of(school_id: str, class_id: str) -> list[PupilFacts]:
    """The pupils of a class by the name they are shown as."""
    rows = db.session.execute(
        _columns().where(
            Pupil.school_id == school_id, Pupil.class_id == class_id, Pupil.left_at.is_(None)
        )
    )
    return sorted((PupilFacts(*row) for row in rows), key=lambda p: p.shown_name.casefold())


@cache
def _one() -> Any:
    """Asked by every page of a pupil's pictures, and therefore made once."""
    here = Pupil.school_id == bindparam("school_id")
    return _columns().where(here, Pupil.id == bindparam("pupil_id"), Pupil.left_at.is_(None))


def pupil(school_id: str, pupil_id: str) -> PupilFacts | None:
    """One pupil of the school who has not left."""
    row: Any = ask(_one(), school_id=school_id, pupil_id=pupil_id).one_or_none()
    return PupilFacts(*row) if row else None


def names(school_id: str, pupil_ids: Iterable[str]) -> dict[str, str]:
    """The whole names of these pupils, by id; leavers too, since the past speaks of them."""
    rows = db.session.execute(
        select(Pupil.id, Pupil.given_name, Pupil.family_name).where(
            Pupil.school_id == school_id, Pupil.id.in_(list(pupil_ids))
        )
    )
    return {row.id: FullName(row.given_name, row.family_name).whole for row in rows}


def in_order_of_coming(school_id: str, class_id: str) -> list[tuple[str, FullName]]:
    """Ids and whole names of a class, the first who came first."""
    rows = db.session.execute(
        select(Pupil.id, Pupil.given_name, Pupil.family_name)
        .where(Pupil.school_id == school_id, Pupil.class_id == class_id, Pupil.left_at.is_(None))
        .order_by(Pupil.made_at, Pupil.id)
    )
    return [(row.id, FullName(row.given_name, row.family_name)) for row in rows]


def with_pictures(school_id: str) -> dict[str, int]:
    """How many pupils of each class have pictures to sign in with; a class without is not in it."""
    rows = db.session.execute(
        select(Pupil.class_id, func.count().label("how_many"))
        .where(Pupil.school_id == school_id, Pupil.left_at.is_(None), Pupil.pictures.is_not(None))
        .group_by(Pupil.class_id)
    )
    return {row.class_id: row.how_many for row in rows}


def kept_pictures(school_id: str, class_id: str) -> dict[str, str]:
    """The kept form of the pictures of a class's pupils, by id; it gives no picture back."""
    rows = db.session.execute(
        select(Pupil.id, Pupil.pictures).where(
            Pupil.school_id == school_id,
            Pupil.class_id == class_id,
            Pupil.left_at.is_(None),
            Pupil.pictures.is_not(None),
        )
    )
    return {row.id: row.pictures for row in rows}

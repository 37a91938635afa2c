"""Reads of workshops; `now` is what phones ask every two seconds, so it is one small read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, select

from app.base import clock
from app.base.database import Store, db, engine_of
from app.content.workshop import QUESTIONS, Asked
from app.workshops.rules import Kept, Place, State, Tally, tally
from app.workshops.tables import Workshop, WorkshopPhone, WorkshopVote

WORKSHOP = cast(Table, Workshop.__table__)
PHONE = cast(Table, WorkshopPhone.__table__)
VOTE = cast(Table, WorkshopVote.__table__)


@dataclass(frozen=True, slots=True)
class Now:
    """Where a workshop stands at this moment."""

    place: Place
    over_since: datetime | None
    """When it ended, or its time was up."""
    settled: bool
    """Whether it has been ended, and not only run out of time."""
    phones: int
    answered: int

    @property
    def state(self) -> State:
        """The same in a word."""
        return "ended" if self.over_since else self.place.state


@dataclass(frozen=True, slots=True)
class WorkshopFacts:
    """A workshop as its pages need to know it."""

    id: str
    school_id: str
    word: str
    number: str
    asked: tuple[Asked, ...]
    place: Place
    step: int
    begun_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    kept: Kept | None

    @property
    def question(self) -> Asked | None:
        """What is on the board; None before the first question and after the last."""
        number = self.place.question
        return self.asked[number - 1] if 1 <= number <= QUESTIONS else None

    @property
    def code(self) -> str:
        """The code as it is shown."""
        return f"{self.word} {self.number}".upper()


_OF_ONE = (
    WORKSHOP.c.school_id == bindparam("school_id"),
    WORKSHOP.c.id == bindparam("workshop_id"),
)
_NOW = select(
    WORKSHOP.c.question,
    WORKSHOP.c.shown,
    WORKSHOP.c.ends_at,
    WORKSHOP.c.ended_at,
    select(func.count())
    .select_from(PHONE)
    .where(PHONE.c.workshop_id == WORKSHOP.c.id, PHONE.c.school_id == WORKSHOP.c.school_id)
    .scalar_subquery()
    .label("phones"),
    select(func.count())
    .select_from(VOTE)
    .where(
        VOTE.c.workshop_id == WORKSHOP.c.id,
        VOTE.c.school_id == WORKSHOP.c.school_id,
        VOTE.c.question == WORKSHOP.c.question,
    )
    .scalar_subquery()
    .label("answered"),
).where(*_OF_ONE)


def now(school_id: str, workshop_id: str) -> Now | None:
    """Where it stands; None where this school has no such workshop."""
    with engine_of(Store.LEARNING).connect() as connection:
        row = connection.execute(
            _NOW, {"school_id": school_id, "workshop_id": workshop_id}
        ).one_or_none()
    if row is None:
        return None
    late = row.ends_at if row.ends_at <= clock.now() else None
    place = Place(row.question, row.shown)
    since = row.ended_at or late
    return Now(place, since, row.ended_at is not None, row.phones, row.answered)


def workshop(school_id: str, workshop_id: str) -> WorkshopFacts | None:
    """A workshop of this school."""
    row = db.session.execute(
        select(WORKSHOP).where(WORKSHOP.c.school_id == school_id, WORKSHOP.c.id == workshop_id)
    ).one_or_none()
    return None if row is None else _facts(row)


def workshops(school_id: str) -> list[WorkshopFacts]:
    """All of a school, the newest first."""
    rows = db.session.execute(
        select(WORKSHOP)
        .where(WORKSHOP.c.school_id == school_id)
        .order_by(WORKSHOP.c.begun_at.desc(), WORKSHOP.c.id)
        .limit(50)
    )
    return [_facts(row) for row in rows]


def _facts(row: Row[Any]) -> WorkshopFacts:
    asked = tuple(
        Asked(**{**one, "choices": tuple(one["choices"])}) for one in json.loads(row.asked)
    )
    return WorkshopFacts(
        row.id,
        row.school_id,
        row.code_word or "",
        row.code_number or "",
        asked,
        Place(row.question, row.shown),
        row.step,
        row.begun_at,
        row.ends_at,
        row.ended_at,
        json.loads(row.kept) if row.kept else None,
    )


def by_code(word: str, number: str) -> tuple[str, str] | None:
    """The school and the id of the workshop that a code opens now."""
    found = db.session.execute(
        select(WORKSHOP.c.school_id, WORKSHOP.c.id)
        .where(
            WORKSHOP.c.code_word == word,
            WORKSHOP.c.code_number == number,
            WORKSHOP.c.ended_at.is_(None),
            WORKSHOP.c.ends_at > clock.now(),
        )
        .execution_options(every_school="a code says which school it is of")
    ).one_or_none()
    return None if found is None else (found.school_id, found.id)


def tally_of(school_id: str, workshop_id: str, question: int) -> Tally:
    """How the answers to a question of a workshop that goes on fall."""
    rows = db.session.execute(
        select(VOTE.c.choice, func.count().label("times"))
        .where(
            VOTE.c.school_id == school_id,
            VOTE.c.workshop_id == workshop_id,
            VOTE.c.question == question,
        )
        .group_by(VOTE.c.choice)
    )
    return tally({row.choice: row.times for row in rows})


def choice_of(school_id: str, workshop_id: str, phone: str, question: int) -> int | None:
    """What a phone has answered to a question."""
    found: int | None = db.session.scalar(
        select(VOTE.c.choice).where(
            VOTE.c.school_id == school_id,
            VOTE.c.workshop_id == workshop_id,
            VOTE.c.question == question,
            VOTE.c.phone == phone,
        )
    )
    return found

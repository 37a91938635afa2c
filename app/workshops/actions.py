"""What hosts and phones do: begin, move on, end; join, answer. Each is one write transaction.

When a workshop ends, its phones and their answers are deleted. What stays for the school is in
the workshop's own row: the day, the six questions, how many phones there were, and how often each
answer was chosen where at least five had answered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast, get_args

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from app.base import ids
from app.base.database import Store, writing
from app.content.workshop import CHOICES, Asked
from app.people.codes import Code
from app.workshops.rules import LASTS, Place, Tally, Verb, draw_code, kept_of, tally
from app.workshops.tables import Workshop, WorkshopPhone, WorkshopVote

WORKSHOP = cast(Table, Workshop.__table__)
PHONE = cast(Table, WorkshopPhone.__table__)
VOTE = cast(Table, WorkshopVote.__table__)
TRIES = 20
"""How often another code is drawn where one is taken."""
ADD_PHONE = text(
    "INSERT INTO workshop_phone (workshop_id, phone, school_id) "
    "VALUES (:workshop_id, :phone, :school_id) ON CONFLICT (workshop_id, phone) DO NOTHING"
)
ADD_VOTE = text(
    "INSERT INTO workshop_vote (workshop_id, question, phone, school_id, choice) "
    "VALUES (:workshop_id, :question, :phone, :school_id, :choice) "
    "ON CONFLICT (workshop_id, question, phone) DO UPDATE SET choice = excluded.choice"
)


def begin(school_id: str, asked: Sequence[Asked], moment: datetime) -> str:
    """Begin a workshop with these questions; its id."""
    words = json.dumps([asdict(one) for one in asked])
    for _ in range(TRIES - 1):
        try:
            return _begin(school_id, words, draw_code(), moment)
        except IntegrityError:
            continue
    return _begin(school_id, words, draw_code(), moment)


def _begin(school_id: str, asked: str, code: Code, moment: datetime) -> str:
    new = ids.new_id()
    with writing(Store.LEARNING) as session:
        session.execute(
            insert(WORKSHOP).values(
                id=new,
                school_id=school_id,
                code_word=code.word,
                code_number=code.number,
                asked=asked,
                question=0,
                shown="",
                step=0,
                begun_at=moment,
                ends_at=moment + LASTS,
            )
        )
    return new


def move(school_id: str, workshop_id: str, *, verb: str, step: int, moment: datetime) -> bool:
    """Go on, back, or show the answer; False if another host's press came first."""
    if verb not in get_args(Verb):
        return False
    with writing(Store.LEARNING) as session:
        connection = session.connection()
        stands = _stands(connection, school_id, workshop_id, moment)
        if stands is None or stands.step != step:
            return False
        moved = stands.place.moved(cast(Verb, verb))
        connection.execute(
            update(WORKSHOP)
            .where(WORKSHOP.c.school_id == school_id, WORKSHOP.c.id == workshop_id)
            .values(question=moved.question, shown=moved.shown, step=step + 1)
        )
        return True


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where a workshop that goes on stands, read where nobody else writes."""

    place: Place
    step: int


def _stands(
    connection: Connection, school_id: str, workshop_id: str, moment: datetime
) -> _Stands | None:
    """None once it is over."""
    row = connection.execute(
        select(WORKSHOP.c.question, WORKSHOP.c.shown, WORKSHOP.c.step).where(
            WORKSHOP.c.school_id == school_id,
            WORKSHOP.c.id == workshop_id,
            WORKSHOP.c.ended_at.is_(None),
            WORKSHOP.c.ends_at > moment,
        )
    ).one_or_none()
    return None if row is None else _Stands(Place(row.question, row.shown), row.step)


def join(school_id: str, workshop_id: str, *, phone: str, moment: datetime) -> bool:
    """Let a phone in, once however often it asks; False if the workshop is over."""
    with writing(Store.LEARNING) as session:
        connection = session.connection()
        if _stands(connection, school_id, workshop_id, moment) is None:
            return False
        phones = {"workshop_id": workshop_id, "phone": phone, "school_id": school_id}
        connection.execute(ADD_PHONE, phones)
        return True


def vote(
    school_id: str, workshop_id: str, *, phone: str, question: int, choice: int, moment: datetime
) -> bool:
    """Keep a phone's answer instead of its last; False if the question takes no answers now."""
    if not 0 <= choice <= CHOICES:
        return False
    with writing(Store.LEARNING) as session:
        connection = session.connection()
        stands = _stands(connection, school_id, workshop_id, moment)
        if stands is None or stands.place.question != question or not stands.place.asks:
            return False
        if not _is_in(connection, school_id, workshop_id, phone):
            return False
        connection.execute(
            ADD_VOTE,
            {
                "workshop_id": workshop_id,
                "question": question,
                "phone": phone,
                "school_id": school_id,
                "choice": choice,
            },
        )
        return True


def _is_in(connection: Connection, school_id: str, workshop_id: str, phone: str) -> bool:
    found = connection.execute(
        select(PHONE.c.phone).where(
            PHONE.c.school_id == school_id,
            PHONE.c.workshop_id == workshop_id,
            PHONE.c.phone == phone,
        )
    ).first()
    return found is not None


def end(school_id: str, workshop_id: str, moment: datetime) -> bool:
    """End it, keep the counts and delete every phone; False if it had ended before."""
    with writing(Store.LEARNING) as session:
        connection = session.connection()
        row = connection.execute(
            select(WORKSHOP.c.asked, WORKSHOP.c.ends_at).where(
                WORKSHOP.c.school_id == school_id,
                WORKSHOP.c.id == workshop_id,
                WORKSHOP.c.ended_at.is_(None),
            )
        ).one_or_none()
        if row is None:
            return False
        phones, tallies = _counted(connection, school_id, workshop_id, len(json.loads(row.asked)))
        connection.execute(
            update(WORKSHOP)
            .where(WORKSHOP.c.school_id == school_id, WORKSHOP.c.id == workshop_id)
            .values(
                ended_at=min(moment, row.ends_at),
                code_word=None,
                code_number=None,
                kept=json.dumps(kept_of(phones, tallies)),
                step=WORKSHOP.c.step + 1,
            )
        )
        for table in (VOTE, PHONE):
            connection.execute(
                delete(table).where(
                    table.c.school_id == school_id, table.c.workshop_id == workshop_id
                )
            )
        return True


def _counted(
    connection: Connection, school_id: str, workshop_id: str, questions: int
) -> tuple[int, list[Tally]]:
    """How many phones, and how the answers to each question fall."""
    phones = connection.execute(
        select(func.count())
        .select_from(PHONE)
        .where(PHONE.c.school_id == school_id, PHONE.c.workshop_id == workshop_id)
    ).scalar_one()
    rows = connection.execute(
        select(VOTE.c.question, VOTE.c.choice, func.count().label("times"))
        .where(VOTE.c.school_id == school_id, VOTE.c.workshop_id == workshop_id)
        .group_by(VOTE.c.question, VOTE.c.choice)
    ).all()
    by_question: dict[int, dict[int, int]] = {}
    for row in rows:
        by_question.setdefault(row.question, {})[row.choice] = row.times
    return phones, [tally(by_question.get(n, {})) for n in range(1, questions + 1)]

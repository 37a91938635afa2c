"""What a child sees of what they told: their words, who has read them, and the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from app.base.database import db
from app.people.queries import staff
from app.people.rights import May, reach
from app.people.rules import Adult
from app.safeguarding.queries import desk
from app.safeguarding.queries.desk import ConcernFacts, Said
from app.safeguarding.queries.kept_from import Column, eyes_in, eyes_of, kept_from
from app.safeguarding.retention import ERASED
from app.safeguarding.rules import Kind, Urgency
from app.safeguarding.tables import Concern, ConcernPerson


@dataclass(frozen=True, slots=True)
class Answer:
    """What an adult answered; `text` is None while the key is away."""

    staff_id: str
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a child told."""

    id: int
    reference: str
    told_at: datetime
    said: tuple[Said, ...]
    sent_to: tuple[str, ...]
    """Adults the child chose (or of the class, or with whom the team shared it) who can read it."""
    told: tuple[str, ...]
    """All adults to whom a notice went."""
    read_by: tuple[tuple[str, datetime], ...]
    answers: tuple[Answer, ...]
    closed: bool


def notes(
    school_id: str, pupil_id: str, hidden_from: Iterable[str] = (), *, by_a_yes: bool = False
) -> list[Note]:
    """All that a pupil told, newest first.

    What is kept from an adult of `hidden_from` is left out: those who drew the pictures, made the
    card or said yes could be the one who is looking. What is kept from anybody is, too, where one
    of them could not open it on the desk, or a yes opened the notes: whoever it is about could
    have drawn the pictures, or said yes, under another account.
    """
    adults, openers = {one.id: one for one in staff.adults(school_id)}, set(hidden_from)
    behind = {one.id: one.behind for one in adults.values() if one.behind}
    from_them = kept_from(school_id, Concern.id, eyes_of(openers, behind))
    all_could = and_(true(), *(_could_open(school_id, adults.get(one)) for one in openers))
    from_nobody = ~kept_from(school_id, Concern.id, _anybody)
    shown = from_nobody if by_a_yes else ~from_them & or_(all_could, from_nobody)
    mine = (Concern.pupil_id == pupil_id) & shown
    return [_note(school_id, row, behind) for row in _concerns(school_id, mine)]


def _could_open(school_id: str, adult: Adult | None) -> ColumnElement[bool]:
    if adult is None:  # Who has left opens nothing.
        return false()
    return desk.in_reach(school_id, adult.id, reach(adult.roles, May.READ_CONCERNS))


def _anybody(staff_id: Column) -> ColumnElement[bool]:
    return staff_id.is_not(None)


def note(school_id: str, reference: str, pupil_id: str | None) -> Note | None:
    """One thing a pupil told (or somebody without a name: None), by its reference."""
    mine = (Concern.reference == reference) & (Concern.pupil_id.is_not_distinct_from(pupil_id))
    rows = _concerns(school_id, mine)
    return _note(school_id, rows[0], staff.behind(school_id)) if rows else None


def _concerns(school_id: str, mine: ColumnElement[bool]) -> list[Any]:
    wanted = select(
        Concern.id,
        Concern.reference,
        Concern.pupil_id,
        Concern.class_id,
        Concern.urgency,
        Concern.state,
        Concern.told_at,
    )
    return list(
        db.session.execute(
            wanted.where(
                Concern.school_id == school_id,
                Concern.canary.is_(False),
                Concern.state != ERASED,
                mine,
            ).order_by(Concern.id.desc())
        )
    )


def _note(school_id: str, row: Any, behind: Mapping[str, str]) -> Note:
    facts = ConcernFacts(
        id=row.id,
        school_id=school_id,
        reference=row.reference,
        pupil_id=row.pupil_id,
        class_id=row.class_id,
        urgency=Urgency(row.urgency),
        state=row.state,
        told_at=row.told_at,
        new_to_me=False,
    )
    answers = [
        Answer(entry.staff_id or "", entry.at, entry.text)
        for entry in desk.chronology(school_id, facts)
        if entry.kind is Kind.ANSWER
    ]
    return Note(
        id=row.id,
        reference=row.reference,
        told_at=row.told_at,
        said=tuple(desk.said(school_id, facts)),
        sent_to=tuple(_sent_to(school_id, row.id, behind)),
        told=tuple(desk.who_was_told(school_id, facts, behind)),
        read_by=tuple(desk.who_has_seen(school_id, facts).items()),
        answers=tuple(reversed(answers)),
        closed=row.state == "closed",
    )


def _sent_to(school_id: str, concern_id: int, behind: Mapping[str, str]) -> list[str]:
    lookers = eyes_in(ConcernPerson.staff_id, behind)
    from_them = kept_from(school_id, ConcernPerson.concern_id, lookers)
    return list(
        db.session.scalars(
            select(ConcernPerson.staff_id)
            .where(
                ConcernPerson.school_id == school_id,
                ConcernPerson.concern_id == concern_id,
                ~from_them,
            )
            .order_by(ConcernPerson.since, ConcernPerson.staff_id)
        )
    )

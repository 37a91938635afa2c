"""Reads of learning: where a pupil stands, and what a class has shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, case, func, literal, or_, select

from app.base.database import ask, db
from app.learning.rules import Shown
from app.learning.runs import Given, PieceState, Run
from app.learning.tables import Answer, Attempt, Progress
from app.people.tables import Pupil

S = TypeVar("S", bound=Select[*tuple[Any, ...]])


_NEWEST = (
    select(func.max(Attempt.number))
    .where(
        Attempt.school_id == bindparam("school_id"),
        Attempt.pupil_id == bindparam("pupil_id"),
        Attempt.piece == bindparam("piece"),
    )
    .scalar_subquery()
)
NEWEST_RUN = (
    select(
        Attempt.id,
        Attempt.version,
        Attempt.number,
        Attempt.at,
        Attempt.step,
        Attempt.finished_at,
        Attempt.edition,
        Attempt.tip_id,
        Answer.place,
        Answer.turn,
        Answer.choice,
        Answer.good,
        Answer.id.label("answer_id"),
        Answer.after_id,
        Answer.state,
    )
    .outerjoin(
        Answer,
        and_(Answer.attempt_id == Attempt.id, Answer.school_id == bindparam("school_id")),
    )
    .where(
        Attempt.school_id == bindparam("school_id"),
        Attempt.pupil_id == bindparam("pupil_id"),
        Attempt.piece == bindparam("piece"),
        Attempt.number == _NEWEST,
    )
    .order_by(Answer.id)
)
"""Asked by every page and answer of a lesson or story, and therefore made once."""


def newest_run(school_id: str, pupil_id: str, piece: str) -> Run | None:
    """The pupil's newest run through a piece with its answers, in one SELECT."""
    rows = ask(NEWEST_RUN, school_id=school_id, pupil_id=pupil_id, piece=piece).all()
    if not rows:
        return None
    first = rows[0]
    return Run(
        id=first.id,
        pupil_id=pupil_id,
        piece=piece,
        version=first.version,
        number=first.number,
        at=first.at,
        step=first.step,
        finished=first.finished_at is not None,
        answers=tuple(
            Given(row.place, row.turn, row.choice, row.good, row.answer_id, row.after_id, row.state)
            for row in rows
            if row.place is not None
        ),
        edition=first.edition,
        tip=first.tip_id,
    )


def pieces_state(school_id: str, pupil_id: str) -> dict[str, PieceState]:
    """How far a pupil is with each piece that was ever begun, in one SELECT."""
    # Only the newest run can be open, so the largest `at` of open runs is the only one.
    open_at = func.max(case((Attempt.finished_at.is_(None), Attempt.at)))
    rows = db.session.execute(
        select(Attempt.piece, func.count(), func.count(Attempt.finished_at), open_at)
        .where(Attempt.school_id == school_id, Attempt.pupil_id == pupil_id)
        .group_by(Attempt.piece)
    )
    return {piece: PieceState(runs, finished, at) for piece, runs, finished, at in rows}


def first_finishes(school_id: str, pupil_id: str) -> dict[str, datetime]:
    """When a pupil first came to the end of each piece that was ever finished."""
    rows = db.session.execute(
        select(Attempt.piece, func.min(Attempt.finished_at))
        .where(
            Attempt.school_id == school_id,
            Attempt.pupil_id == pupil_id,
            Attempt.finished_at.is_not(None),
        )
        .group_by(Attempt.piece)
    )
    return {piece: finished_at for piece, finished_at in rows if finished_at is not None}


def pupil_progress(school_id: str, pupil_id: str) -> dict[str, Shown]:
    """What a pupil has shown, by objective."""
    rows = db.session.execute(
        select(Progress.objective, Progress.good, Progress.slips).where(
            Progress.school_id == school_id, Progress.pupil_id == pupil_id
        )
    )
    return {objective: Shown(good, slips) for objective, good, slips in rows}


def class_progress(school_id: str, class_id: str) -> dict[tuple[str, str], Shown]:
    """What the pupils of a class have shown, by pupil id and objective, in one SELECT."""
    rows = db.session.execute(
        select(Progress.pupil_id, Progress.objective, Progress.good, Progress.slips)
        .join(Pupil, Pupil.id == Progress.pupil_id)
        .where(
            Progress.school_id == school_id,
            Pupil.school_id == school_id,
            Pupil.class_id == class_id,
            Pupil.left_at.is_(None),
        )
    )
    return {(pupil, objective): Shown(good, slips) for pupil, objective, good, slips in rows}


def misconception_counts(school_id: str, class_id: str) -> dict[str, int]:
    """How many pupils of a class showed each misconception in a first answer; never who.

    The most common comes first.
    """
    pupils = func.count(Answer.pupil_id.distinct())
    rows = db.session.execute(
        select(Answer.misconception, pupils)
        .join(Pupil, Pupil.id == Answer.pupil_id)
        .where(
            Answer.school_id == school_id,
            Pupil.school_id == school_id,
            Pupil.class_id == class_id,
            Pupil.left_at.is_(None),
            Answer.evidence,
            Answer.misconception.is_not(None),
        )
        .group_by(Answer.misconception)
        .order_by(pupils.desc(), Answer.misconception)
    )
    return {str(misconception): count for misconception, count in rows}


def story_ideas(
    school_id: str, class_id: str, piece: str, version: int, edition: str
) -> dict[str, int]:
    """How many pupils of a class showed each misconception in first moves of a story."""
    pupils = func.count(Answer.pupil_id.distinct())
    asked = select(Answer.misconception, pupils).where(Answer.misconception.is_not(None))
    rows = db.session.execute(
        _first_in(asked, school_id, class_id, (piece, version, edition)).group_by(
            Answer.misconception
        )
    )
    return {str(misconception): count for misconception, count in rows}


def looked_again(school_id: str, pupil_id: str) -> set[str]:
    """The stories in whose first run a pupil looked again, so that what came then is practice."""
    rows = db.session.execute(
        select(Attempt.piece)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(
            Attempt.school_id == school_id,
            Answer.school_id == school_id,
            Attempt.pupil_id == pupil_id,
            Attempt.number == 1,
        )
        .group_by(Attempt.piece, Answer.after_id)
        .having(func.count() > 1)
    )
    return {piece for (piece,) in rows}


def finished_by(school_id: str, class_id: str) -> dict[str, int]:
    """How many pupils of a class have finished each piece; a piece that nobody has is not in it."""
    rows = db.session.execute(
        select(Attempt.piece, func.count(Attempt.pupil_id.distinct()))
        .join(Pupil, Pupil.id == Attempt.pupil_id)
        .where(
            Attempt.school_id == school_id,
            Pupil.school_id == school_id,
            Pupil.class_id == class_id,
            Pupil.left_at.is_(None),
            Attempt.finished_at.is_not(None),
        )
        .group_by(Attempt.piece)
    )
    return {str(piece): count for piece, count in rows}


def first_moves(
    school_id: str, class_id: str, piece: str, version: int, edition: str
) -> dict[tuple[str, int], int]:
    """How many pupils of a class made which move first at each place of a story; never who."""
    pupils = func.count(Answer.pupil_id.distinct())
    asked = select(Answer.place, Answer.choice, pupils)
    rows = db.session.execute(
        _first_in(asked, school_id, class_id, (piece, version, edition)).group_by(
            Answer.place, Answer.choice
        )
    )
    return {(place, choice): count for place, choice, count in rows}


def _first_in(asked: S, school_id: str, class_id: str, text: tuple[str, int, str]) -> S:
    """Of the first answers of a class in one text: whoever played another is left out."""
    piece, version, edition = text
    return (
        asked.join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Pupil, Pupil.id == Answer.pupil_id)
        .where(
            Answer.school_id == school_id,
            Attempt.school_id == school_id,
            Pupil.school_id == school_id,
            Pupil.class_id == class_id,
            Pupil.left_at.is_(None),
            Attempt.piece == piece,
            Attempt.version == version,
            or_(Attempt.edition == edition, Attempt.edition.is_(None)),
            Answer.evidence,
        )
    )


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A first answer that marks rest on, where and when it was given, and in which text."""

    given_at: datetime
    piece: str
    version: int
    edition: str | None
    place: str
    choice: int
    good: bool
    objectives: tuple[str, ...]


def first_answers(school_id: str, pupil_id: str, objective: str | None = None) -> list[FirstAnswer]:
    """A pupil's first answers, those that count towards an objective or all; the newest first."""
    asked = (
        select(
            Answer.given_at,
            Attempt.piece,
            Attempt.version,
            Attempt.edition,
            Answer.place,
            Answer.choice,
            Answer.good,
            Answer.objectives,
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(
            Answer.school_id == school_id,
            Attempt.school_id == school_id,
            Answer.pupil_id == pupil_id,
            Answer.evidence,
        )
        .order_by(Answer.id.desc())
    )
    if objective is not None:
        named = literal(" ") + Answer.objectives + " "
        asked = asked.where(named.contains(f" {objective} ", autoescape=True))
    rows = db.session.execute(asked)
    return [FirstAnswer(*row[:-1], tuple(row[-1].split())) for row in rows]

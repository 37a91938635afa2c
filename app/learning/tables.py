"""The tables of learning: attempts, answers and the progress kept beside them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.base.clock import Instant
from app.base.database import Base


class Attempt(Base):
    """One run of a pupil through a lesson or quiz, on the version it began with."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("pupil_id", "piece", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("pupil.id"))
    piece: Mapped[str]
    """The id in the head of the lesson or quiz."""
    version: Mapped[int]
    number: Mapped[int]
    """1 for the first run: its first answers are evidence, later runs are practice."""
    at: Mapped[str]
    """Where the pupil is: a card's number or a scene's id."""
    edition: Mapped[str | None]
    """The text it began with, as `content.editions` keeps it."""
    tip_id: Mapped[int | None]
    """The newest answer on the way that is gone now; from it the way goes back to the first."""
    step: Mapped[int]
    """How many times the run has moved on; a page of an older step changes nothing."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Answer(Base):
    """One answer or move, kept as it was made."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "place", "turn"),
        Index("ix_answer_pupil", "school_id", "pupil_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("pupil.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    place: Mapped[str]
    """Where it was given: "3.1" (card, question) or a scene's id; in another version than the
    attempt began with, that version stands before it: "2/3.1"."""
    turn: Mapped[int]
    """1 for the first answer at this place, 2 for a second try."""
    after_id: Mapped[int | None]
    """The answer before it on its way; after a Look again two answers come after the same one."""
    state: Mapped[str] = mapped_column(server_default="")
    """What a story remembers once the move is made, as JSON; empty where that is nothing."""
    choice: Mapped[int]
    good: Mapped[bool]
    misconception: Mapped[str | None]
    objectives: Mapped[str]
    """Ids joined by spaces, as they were when it was given."""
    evidence: Mapped[bool]
    given_at: Mapped[datetime] = mapped_column(Instant)


class Progress(Base):
    """What a pupil has shown of an objective; kept in the answer's own transaction."""

    __tablename__ = "progress"
    __table_args__ = ({"sqlite_with_rowid": False},)

    pupil_id: Mapped[str] = mapped_column(ForeignKey("pupil.id"), primary_key=True)
    objective: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    good: Mapped[int]
    slips: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)

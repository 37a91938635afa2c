"""The tables of workshops. Nothing in them knows a child, a parent or a time of an answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.base.clock import Instant
from app.base.database import Base


class Workshop(Base):
    """One evening: the questions it began with, where it stands, and what stays of it."""

    __tablename__ = "workshop"
    __table_args__ = (
        UniqueConstraint("code_word", "code_number"),
        Index("ix_workshop_school", "school_id", "begun_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    code_word: Mapped[str | None]
    code_number: Mapped[str | None]
    """Both go when it ends: whether a code once existed is nobody's business."""
    asked: Mapped[str]
    """The six questions as JSON, whatever becomes of their file."""
    question: Mapped[int]
    """0 before the first; one more than the last when all have been asked."""
    shown: Mapped[str]
    """The questions whose answers the hall has seen, as digits; those take no more answers."""
    step: Mapped[int]
    """How often a host has moved it on; a press on a page of an older step moves nothing."""
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    kept: Mapped[str | None]
    """Counts as JSON once it has ended; the phones and their answers are gone then."""


class WorkshopPhone(Base):
    """A phone in the hall: the fingerprint of a random token, gone when the workshop ends."""

    __tablename__ = "workshop_phone"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))


class WorkshopVote(Base):
    """What a phone answers to a question; another answer takes its place."""

    __tablename__ = "workshop_vote"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    question: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    choice: Mapped[int]

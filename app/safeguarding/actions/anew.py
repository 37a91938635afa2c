"""Words are sealed before the gate is taken; if their key ends meanwhile, they are sealed anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.safeguarding.tables import SchoolKey

T = TypeVar("T")


class KeyEnded(Exception):
    """What was sealed just now would be opened by no key any more."""


def until_it_can_be_opened(seal_and_keep: Callable[[], T]) -> T:
    """Seal and keep; again where the key ended in between. No key ends twice in a moment."""
    while True:
        try:
            return seal_and_keep()
        except KeyEnded:
            continue


def must_open(session: Session, school_id: str, version: int) -> None:
    """Inside a write: KeyEnded where this version of the school's key is gone by now."""
    ended = select(SchoolKey.ended_at).where(
        SchoolKey.school_id == school_id,
        SchoolKey.version == version,
        SchoolKey.ended_at.is_not(None),
    )
    if session.scalar(ended) is not None:
        raise KeyEnded

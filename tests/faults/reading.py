"""Every concern opened with the school's key, as the safeguarding team would read it."""

from __future__ import annotations

from sqlalchemy import select

from app.base.database import db
from app.base.errors import KeyMissing
from app.safeguarding.tables import Concern, ConcernKey, Words
from app.safeguarding.words import WrappedKey, read_spoken, unwrap
from tests.faults.ground import School

CLOSED = "\0closed"
"""In place of words that the seal does not give."""


def words_of_all(school: School) -> dict[str, str]:
    """By reference what children told, in the app's context; CLOSED for what cannot be opened."""
    db.session.rollback()  # Whatever was told since is to be seen.
    rows = db.session.execute(
        select(
            Concern.reference,
            ConcernKey.id,
            ConcernKey.version,
            ConcernKey.wrapped,
            Words.field,
            Words.sealed,
        )
        .join(Words, Words.concern_id == Concern.id)
        .join(ConcernKey, ConcernKey.id == Words.key_id)
        .where(Concern.school_id == school.id, Concern.canary.is_(False))
        .order_by(Words.id.desc())
    ).all()
    db.session.rollback()
    return {
        reference: _opened(school.id, reference, WrappedKey(*key), field, sealed)
        for reference, *key, field, sealed in rows
    }


def _opened(school_id: str, reference: str, key: WrappedKey, field: str, sealed: bytes) -> str:
    try:
        return read_spoken(unwrap(school_id, reference, key).open(field, sealed)).words
    except KeyMissing:
        return CLOSED

"""The school's public key, and whether its private key is in its place."""

from __future__ import annotations

from sqlalchemy import select

from app.base.database import db
from app.safeguarding.tables import Concern, SchoolKey
from app.safeguarding.words import can_read


def public_key(school_id: str) -> tuple[int, bytes]:
    """The newest public key of a school, with its version."""
    row = db.session.execute(
        select(SchoolKey.version, SchoolKey.public)
        .where(SchoolKey.school_id == school_id)
        .order_by(SchoolKey.version.desc())
        .limit(1)
    ).one()
    return row.version, row.public


def has_public_key(school_id: str) -> bool:
    """Whether words can be sealed for this school."""
    held = select(SchoolKey.version).where(SchoolKey.school_id == school_id).limit(1)
    return db.session.scalar(held) is not None


def reading_works(school_id: str) -> bool:
    """Whether what children told can be read just now."""
    return can_read(school_id, *public_key(school_id))


def reference_is_taken(reference: str) -> bool:
    """Whether any school here uses this reference: one reference means one concern."""
    taken = select(Concern.id).where(Concern.reference == reference).limit(1)
    every = taken.execution_options(every_school="a reference is unique in the installation")
    return db.session.scalar(every) is not None

"""The school's public key, and whether its private key is in its place."""

from __future__ import annotations

from contextlib import suppress

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.base.database import Store, db, looking
from app.base.errors import KeyMissing, StoreAway
from app.base.keys import keys_here
from app.base.patience import patience_here
from app.base.sealing import public_of
from app.safeguarding.tables import Concern, SchoolKey
from app.safeguarding.words import can_read, key_name

Public = tuple[int, bytes]


def public_key(school_id: str, version: int | None = None) -> Public:
    """The newest public key of a school (or that of a version), with its version.

    Where the database cannot be asked, the newest that this process has seen.
    """
    seen = _seen()
    wanted = select(SchoolKey.version, SchoolKey.public).where(SchoolKey.school_id == school_id)
    if version is not None:
        wanted = wanted.where(SchoolKey.version == version)
    try:
        with looking(Store.SAFEGUARDING, within=patience_here().left()) as connection:
            row = connection.execute(wanted.order_by(SchoolKey.version.desc()).limit(1)).one()
    except (StoreAway, NoResultFound):
        known = seen.get(school_id)
        if known is None or version not in (None, known[0]):
            raise
        patience_here().failed()
        return _newest(school_id, known)
    if version is None:
        seen[school_id] = (row.version, row.public)
    return row.version, row.public


def _newest(school_id: str, known: Public) -> Public:
    """The key that is known, or a newer one whose private half lies in the keys folder: the pair
    may have been changed since, and the private half of the old one destroyed."""
    version, public = known
    with suppress(KeyMissing, ValueError):
        while keys_here().has(key_name(school_id, version + 1)):
            public = public_of(keys_here().read(key_name(school_id, version + 1)))
            version += 1
    return version, public


def remember_public_key(school_id: str) -> None:
    """Know a school's public key before a child tells: the database may be away just then."""
    if school_id not in _seen():
        try:
            public_key(school_id)
        except (StoreAway, NoResultFound):
            return


def _seen() -> dict[str, Public]:
    found: dict[str, Public] = current_app.extensions.setdefault("catkin_public_keys", {})
    return found


def has_public_key(school_id: str) -> bool:
    """Whether words can be sealed for this school."""
    held = select(SchoolKey.version).where(SchoolKey.school_id == school_id).limit(1)
    return db.session.scalar(held) is not None


def reading_works(school_id: str) -> bool:
    """Whether what children told can be read just now."""
    known = _seen().get(school_id)
    return bool(known and can_read(school_id, *known)) or can_read(
        school_id, *public_key(school_id)
    )


def reference_is_taken(reference: str) -> bool:
    """Whether any school here uses this reference: one reference means one concern.

    StoreAway where the database cannot be asked for now.
    """
    taken = select(Concern.id).where(Concern.reference == reference).limit(1)
    every = taken.execution_options(every_school="a reference is unique in the installation")
    with looking(Store.SAFEGUARDING, within=patience_here().left()) as connection:
        return connection.scalar(every) is not None

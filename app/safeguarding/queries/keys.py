"""The school's public key, and whether its private key is in its place."""

from __future__ import annotations

import time
from contextlib import suppress

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.base.database import Store, db, looking
from app.base.errors import KeyMissing, StoreAway
from app.base.keys import keys_here
from app.base.patience import BRIEF, patience_here
from app.base.sealing import public_of
from app.safeguarding.tables import Concern, SchoolKey
from app.safeguarding.words import can_read, key_name

Public = tuple[int, bytes]
LOOK_EVERY = 60.0
"""Seconds between two questions of the keeper for the newest public key."""


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
    """The key that is known, or the newest whose private half lies in the keys folder: the pair may
    have been changed since, more than once, and the private halves before it destroyed."""
    for version in sorted(versions_here(school_id), reverse=True):
        if version <= known[0]:
            break
        with suppress(KeyMissing, ValueError):
            return version, public_of(keys_here().read(key_name(school_id, version)))
    return known


def versions_here(school_id: str) -> set[int]:
    """The numbers of the school's private keys that lie in the keys folder."""
    found = keys_here().path.glob(f"{key_name(school_id, 0)[:-1]}*.key")
    numbers = [file.stem.rpartition("-")[2] for file in found]
    return {int(number) for number in numbers if number.isascii() and number.isdigit()}


def remember_public_key(school_id: str, *, anew: bool = False) -> None:
    """Know a school's public key before a child tells: the database may be away just then.

    `anew` asks though one is known: the pair may have been changed.
    """
    if anew or school_id not in _seen():
        try:
            public_key(school_id)
        except (StoreAway, NoResultFound):
            return


def learn_public_key(school_id: str) -> None:
    """The keeper's chore: once in a while, know the newest."""
    asked: dict[str, float] = current_app.extensions.setdefault("catkin_public_keys_asked", {})
    if asked.get(school_id, 0.0) <= time.monotonic():
        asked[school_id] = time.monotonic() + LOOK_EVERY
        remember_public_key(school_id, anew=True)


def has_ended(school_id: str, version: int) -> bool:
    """Whether this version ended, so that its private half was destroyed here; no where the
    database cannot be asked just now."""
    asked = select(SchoolKey.ended_at).where(
        SchoolKey.school_id == school_id, SchoolKey.version == version
    )
    number_too_big = OverflowError  # A file may name any.
    with (
        suppress(StoreAway, number_too_big),
        looking(Store.SAFEGUARDING, within=BRIEF) as connection,
    ):
        return connection.scalar(asked) is not None
    return False


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

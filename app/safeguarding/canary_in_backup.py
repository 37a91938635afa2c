"""The canary in a copy of the database: found in the file itself, and opened with the keys."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from app.base import clock
from app.base.copies import is_last_moved, newest_to_read
from app.base.database import Store, file_of
from app.base.demo_mark import is_demo
from app.base.errors import KeyMissing
from app.base.manifest import piece_of
from app.safeguarding.canary import SAYS, Why
from app.safeguarding.words import WrappedKey, read_spoken, unwrap

FRESH = timedelta(hours=36)
"""A backup each night, and the morning after a night that failed."""
NEWEST = (
    "SELECT concern.reference, words.field, words.sealed,"
    " concern_key.id, concern_key.version, concern_key.wrapped"
    " FROM concern JOIN words ON words.concern_id = concern.id"
    " JOIN concern_key ON concern_key.id = words.key_id"
    " WHERE concern.canary AND concern.school_id = ? ORDER BY concern.id DESC LIMIT 1"
)


def why_of_backup(data: Path, school_id: str, first: datetime | None) -> Why:
    """How the newest backup stands: young, whole, and with a canary that opens.

    `first` is when the school's first canary was kept: no backup from before can hold one, so
    nothing is asked of backups on that day.
    """
    if is_demo(data):
        return Why.DEMO
    moment = clock.now()
    if first is None or clock.local(first).date() >= clock.local(moment).date():
        return Why.NOT_YET
    found = newest_to_read(data)
    if found is None:
        return Why.MOVED if is_last_moved(data) else Why.NO_BACKUP
    place, manifest = found
    if abs(moment - manifest.made) > FRESH:
        return Why.MOVED if is_last_moved(data) else Why.OLD
    if any(_differs(place / name, piece) for name, piece in manifest.files.items()):
        return Why.DAMAGED
    return open_canary(file_of(place, Store.SAFEGUARDING), school_id)


def _differs(file: Path, piece: object) -> bool:
    try:
        return piece_of(file) != piece
    except OSError:
        return True


def open_canary(copy: Path, school_id: str) -> Why:
    """Open the newest canary of a copy with the keys of the current app."""
    uri = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as store:
            row = store.execute(NEWEST, (school_id,)).fetchone()
    except sqlite3.DatabaseError:  # Of an older Catkin, or damaged beyond reading.
        return Why.NOT_IN_IT
    if row is None:
        return Why.NOT_IN_IT
    reference, field, sealed, *key = row
    try:
        words = read_spoken(unwrap(school_id, reference, WrappedKey(*key)).open(field, sealed))
    except (KeyMissing, ValueError):
        return Why.CLOSED
    return Why.FINE if words.words.startswith(SAYS) else Why.ALTERED

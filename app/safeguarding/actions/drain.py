"""The spool is emptied: what lies in it is filed as if it were told now, with its own moment."""

from __future__ import annotations

import time
from dataclasses import replace

from flask import current_app

from app.base import clock
from app.base.errors import KeyMissing, StoreAway
from app.safeguarding import draft_files, queries, spool, standing
from app.safeguarding.actions.add import Addition, add_ready
from app.safeguarding.actions.file import file_ready
from app.safeguarding.actions.named import named_by
from app.safeguarding.ready import Ready, SealedWords
from app.safeguarding.room import data_here
from app.safeguarding.spool import Damaged, Waiting
from app.safeguarding.words import WrappedKey, read_spoken, unwrap

PATIENCE = 0.3
"""Seconds for which the store is asked; the next round comes soon."""
AGAIN = 3600.0
"""Seconds after which what was set aside as damaged is tried once more."""


def drain(school_id: str) -> None:
    """File whatever waits for a school. What cannot be filed yet waits on.

    A file goes only when what it holds is on the disk of the database, and what is filed twice is
    kept once: so nothing is lost or doubled, wherever this is cut short.
    """
    works = standing.store_works()
    try:
        _try_damaged(school_id)
        faults = _file_all(school_id)
        draft_files.sweep(school_id, clock.now())
        spool.sweep()
        if faults:
            raise faults[0]
    except Exception:
        works = False
        raise
    finally:
        standing.note_down(data_here(), school_id, works=works)


def _file_all(school_id: str) -> list[Exception]:
    faults: list[Exception] = []
    for one in spool.waiting(school_id):
        try:
            _file(one)
        except Damaged:
            spool.set_aside(one)
        except KeyMissing:  # Another may be sealed to a key that is there.
            if queries.keys.has_ended(one.school_id, one.version):
                spool.set_aside(one)  # That key comes back by nobody's waiting: it is said in red.
        except StoreAway:
            break
        except Exception as problem:  # One that cannot be filed keeps no other waiting.
            faults.append(problem)
        else:
            spool.let_go(one)
    return faults


def _try_damaged(school_id: str) -> None:
    """At each start, and once an hour: a disk may read tomorrow what it does not today."""
    tried: dict[str, float] = current_app.extensions.setdefault("catkin_damaged_tried", {})
    if time.monotonic() - tried.get(school_id, -AGAIN) >= AGAIN:
        tried[school_id] = time.monotonic()
        spool.try_damaged(school_id)


def _file(one: Waiting) -> None:
    content = spool.opened(one)
    try:
        ready = (Ready if one.kind == spool.TOLD else Addition).from_content(content)
    except (ValueError, TypeError, KeyError) as problem:
        raise Damaged from problem
    # A fault from here on is none of the file's: it waits, and is tried again.
    if ready.named is None:
        ready = replace(ready, named=_named(one.school_id, ready))
    ready = replace(ready, sealed=_with_newest_key(one.school_id, ready.sealed))
    if isinstance(ready, Ready):
        file_ready(one.school_id, ready, within=PATIENCE)
    else:
        add_ready(one.school_id, ready, within=PATIENCE, waited=True)


def _named(school_id: str, ready: Ready | Addition) -> tuple[str, ...] | None:
    """Whom the words name, where nobody could look when they were sealed."""
    if isinstance(ready, Ready) and ready.canary:
        return ()
    sealed = ready.sealed
    key = WrappedKey(sealed.key_id, sealed.version, sealed.wrapped)
    text = unwrap(school_id, sealed.reference, key).open(sealed.field, sealed.words)
    return named_by(school_id, ready.class_id, read_spoken(text))


def _with_newest_key(school_id: str, sealed: SealedWords) -> SealedWords:
    """Wrapped to the school's key of today: a pair that was changed may be destroyed."""
    version, public = queries.keys.public_key(school_id)
    if version == sealed.version:
        return sealed
    key = WrappedKey(sealed.key_id, sealed.version, sealed.wrapped)
    seal = unwrap(school_id, sealed.reference, key)
    return replace(sealed, version=version, wrapped=seal.wrapped(public, version))

"""The spool is emptied: what lies in it is filed as if it were told now, with its own moment."""

from __future__ import annotations

from dataclasses import replace

from app.base import clock
from app.base.errors import KeyMissing, StoreAway
from app.safeguarding import draft_files, queries, spool
from app.safeguarding.actions.add import Addition, add_ready
from app.safeguarding.actions.file import file_ready
from app.safeguarding.ready import Ready, SealedWords
from app.safeguarding.spool import Damaged, Waiting
from app.safeguarding.words import WrappedKey, unwrap

PATIENCE = 0.3
"""Seconds for which the store is asked; the next round comes soon."""


def drain(school_id: str) -> None:
    """File whatever waits for a school. What cannot be filed yet waits on.

    A file goes only when what it holds is on the disk of the database, and what is filed twice is
    kept once: so nothing is lost or doubled, wherever this is cut short.
    """
    faults: list[Exception] = []
    for one in spool.waiting(school_id):
        try:
            _file(one)
        except Damaged:
            spool.set_aside(one)
        except KeyMissing:
            continue  # Another may be sealed to a key that is there.
        except StoreAway:
            return
        except Exception as problem:  # One that cannot be filed keeps no other waiting.
            faults.append(problem)
        else:
            spool.let_go(one)
    draft_files.sweep(school_id, clock.now())
    if faults:
        raise faults[0]


def _file(one: Waiting) -> None:
    content = spool.opened(one)
    try:
        if one.kind == spool.TOLD:
            told = Ready.from_content(content)
            told = replace(told, sealed=_with_newest_key(one.school_id, told.sealed))
            file_ready(one.school_id, told, within=PATIENCE)
        else:
            added = Addition.from_content(content)
            added = replace(added, sealed=_with_newest_key(one.school_id, added.sealed))
            add_ready(one.school_id, added, within=PATIENCE, waited=True)
    except (ValueError, TypeError, KeyError) as problem:
        raise Damaged from problem


def _with_newest_key(school_id: str, sealed: SealedWords) -> SealedWords:
    """Wrapped to the school's key of today: a pair that was changed may be destroyed."""
    version, public = queries.keys.public_key(school_id)
    if version == sealed.version:
        return sealed
    key = WrappedKey(sealed.key_id, sealed.version, sealed.wrapped)
    seal = unwrap(school_id, sealed.reference, key)
    return replace(sealed, version=version, wrapped=seal.wrapped(public, version))

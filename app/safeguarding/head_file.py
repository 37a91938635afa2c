"""The newest head beside the chain's key: what was cut off from the end is told by it.

It is no `.key`, so no copy of the keys takes it along: an old one would accuse a whole record.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from hmac import compare_digest
from pathlib import Path

from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder
from app.base.once import write_once
from app.base.running import give_to_owner
from app.safeguarding.chain import chain_key_name, first_link_name
from app.safeguarding.held import mac_of
from app.safeguarding.known_heads import Back, Known

SCHOOLS = "SELECT DISTINCT school_id FROM link"
NEWEST = """
SELECT number, digest, mac, made_at FROM link WHERE school_id = ? AND mac IS NOT NULL
 ORDER BY number DESC LIMIT 1
"""
LINK = "SELECT digest, mac FROM link WHERE school_id = ? AND number = ?"


def head_file(keys: KeyFolder, school_id: str) -> Path:
    """Where a school's newest head lies."""
    return keys.path / f"head-{school_id}"


def restores_file(keys: KeyFolder, school_id: str) -> Path:
    """Where it lies which backups of a school were put back."""
    return keys.path / f"restores-{school_id}"


def kept_head(keys: KeyFolder, school_id: str) -> Known | None:
    """The head that the keys folder knows; None for none, or for what is no head."""
    with suppress(OSError, ValueError):
        number, mac, made_at = head_file(keys, school_id).read_text("ascii").split(maxsplit=2)
        if len(bytes.fromhex(mac)) == 32:
            return Known(mac, "the keys folder", int(number), made_at.strip(), school_id)
    return None


def head_is_damaged(keys: KeyFolder, school_id: str) -> bool:
    """Whether a file lies in the head's place that says none."""
    with suppress(OSError):
        head_file(keys, school_id).read_bytes()
        return kept_head(keys, school_id) is None
    return False


def keep_heads(data: Path, keys: KeyFolder, *, anew: dict[str, Back] | None = None) -> None:
    """See that the keys folder knows the first and the newest link of each chain, where it can.

    A chain that does not go on from the head that is there leaves it alone; so does one whose head
    cannot be read. `anew` names schools of which a backup was lawfully put back: a head from before
    that gives way.
    """
    store = file_of(data, Store.SAFEGUARDING)
    if not store.exists():
        return
    # Not `mode=ro`: such a connection leaves files beside the store, perhaps another user's.
    with (
        suppress(OSError, sqlite3.Error),  # What cannot be read or written now is so later.
        closing(sqlite3.connect(store, isolation_level=None)) as file,
    ):
        file.execute("PRAGMA query_only = ON")
        for (school_id,) in file.execute(SCHOOLS).fetchall():
            with suppress(KeyMissing):
                key = keys.read(chain_key_name(school_id))
                _keep_first(file, keys, school_id, key)
                _keep_newest(file, keys, school_id, key, (anew or {}).get(school_id))


def _keep_first(file: sqlite3.Connection, keys: KeyFolder, school_id: str, key: bytes) -> None:
    first = file.execute(LINK, [school_id, 1]).fetchone()
    if first is None or keys.has(first_link_name(school_id)):
        return
    digest, mac = first
    if mac is None or compare_digest(mac, mac_of(key, digest)):
        with suppress(FileExistsError):
            keys.make_once(first_link_name(school_id), digest)


def _keep_newest(
    file: sqlite3.Connection, keys: KeyFolder, school_id: str, key: bytes, anew: Back | None
) -> None:
    newest = file.execute(NEWEST, [school_id]).fetchone()
    if newest is None or not compare_digest(newest[2], mac_of(key, newest[1])):
        return
    number, _, mac, made_at = newest
    if head_is_damaged(keys, school_id):
        return  # It stays until somebody has looked.
    kept = kept_head(keys, school_id)
    if kept is not None:
        if (kept.number, kept.hex) == (number, mac.hex()):
            return
        there = file.execute(LINK, [school_id, kept.number]).fetchone()
        goes_on = there is not None and there[1] is not None and there[1].hex() == kept.hex
        if not goes_on and not (anew and anew.came_after(kept)):
            return
    _put(head_file(keys, school_id), keys, f"{number} {mac.hex()} {made_at}\n")


def keep_restores(keys: KeyFolder, put_back: Mapping[str, Back]) -> None:
    """Note down that backups were put back: a life of the school that is left again by a later
    restore had heads of its own, and its chain is not there any more to tell of it."""
    for school_id, back in put_back.items():
        with suppress(OSError):
            known = [f"{b.newest} {b.at}\n" for b in (*kept_restores(keys, school_id), back)]
            _put(restores_file(keys, school_id), keys, "".join(dict.fromkeys(known)))


def kept_restores(keys: KeyFolder, school_id: str) -> list[Back]:
    """The restores that the keys folder knows."""
    with suppress(OSError, ValueError):
        lines = restores_file(keys, school_id).read_text("ascii").splitlines()
        parts = [line.partition(" ") for line in lines]
        return [Back(int(number), at) for number, _, at in parts]
    return []


def _put(place: Path, keys: KeyFolder, text: str) -> None:
    draft = place.with_name(f".{place.name}-{os.getpid()}")
    draft.unlink(missing_ok=True)
    write_once(draft, text.encode("ascii"))
    give_to_owner(draft, keys.path)
    os.replace(draft, place)

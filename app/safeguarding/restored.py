"""The mark of a lawful restore, signed with the chain's key: else anybody could put one there."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder
from app.safeguarding.chain import chain_key_name
from app.safeguarding.held import plain

RESTORED = "put back from a backup"
"""The kind of the entry that a chain gets when a backup is put back: heads that were made before,
of links that the backup does not have, are void."""
UNPROVEN = "a restore that nobody signed"
"""A mark of a restore without the chain's key; no head is void for it."""
NEWEST = """
SELECT school_id, number, digest FROM link
 WHERE (school_id, number) IN (SELECT school_id, max(number) FROM link GROUP BY school_id)
"""
LINK = "SELECT digest FROM link WHERE school_id = ? AND number = ?"


def _mac(key: bytes, school_id: str, number: int, digest: str, at: str) -> str:
    says = json.dumps([school_id, number, digest, at]).encode()
    return hmac.digest(key, b"catkin-restored-1" + says, "sha256").hex()


def signed_mark(folder: Path, keys: KeyFolder, at: datetime) -> bytes:
    """The mark for what is about to be put back, for each school whose chain's key is here."""
    signed: dict[str, Any] = {}
    with (
        suppress(sqlite3.Error),  # The tables of a Catkin that had no chains yet.
        closing(sqlite3.connect(file_of(folder, Store.SAFEGUARDING))) as file,
    ):
        for school_id, number, digest in file.execute(NEWEST):
            with suppress(KeyMissing):
                digits, moment = bytes(digest).hex(), str(plain(at))
                mac = _mac(keys.read(chain_key_name(school_id)), school_id, number, digits, moment)
                signed[school_id] = [number, digits, moment, mac]
    return json.dumps(signed).encode()


def restores_of(
    mark: bytes, data: Path, keys: KeyFolder, schools: set[str]
) -> Iterator[tuple[str, int, str]]:
    """Of each school whose mark is signed and is of this chain: the link and the moment."""
    for school_id in sorted(schools):
        with (
            suppress(ValueError, TypeError, KeyError, KeyMissing, sqlite3.Error),
            closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as file,
        ):
            number, digest, at, mac = json.loads(mark)[school_id]
            key = keys.read(chain_key_name(school_id))
            there = file.execute(LINK, [school_id, number]).fetchone()
            fits = hmac.compare_digest(mac, _mac(key, school_id, number, digest, at))
            if fits and there is not None and bytes(there[0]).hex() == digest:
                yield school_id, int(number), str(at)


def says_of(number: int, at: str) -> str:
    """What the entry of a restore says."""
    return f"from={number} at={at}"


def said_by(text: str) -> tuple[int, str] | None:
    """The link and the moment of such an entry; None where it says something else."""
    first, _, at = text.partition(" at=")
    name, _, number = first.partition("=")
    return (int(number), at) if name == "from" and number.isdigit() and at else None

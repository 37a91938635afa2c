"""The mark of a lawful restore, signed with the chain's key: else anybody could put one there."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder
from app.base.restore import MARK
from app.safeguarding.chain import chain_key_name
from app.safeguarding.head_file import kept_restores
from app.safeguarding.held import plain
from app.safeguarding.known_heads import SIGNS, Back, Known, still_holds
from app.safeguarding.retention import facts_in

RESTORED = "put back from a backup"
"""The kind of the entry that a chain gets when a backup is put back: heads that were made before,
of links that the backup does not have, are void."""
UNPROVEN = "a restore that nobody signed"
"""A mark of a restore without the chain's key; no head is void for it."""
LinkOf = Callable[[int], int | None]
STRUCK_HERE = "struck here"
"""Stands in a struck backup alone, and says after which link its chain parts from the school's."""
NOTED = "SELECT id, says FROM audit WHERE school_id = ? AND kind = ? ORDER BY id"
NEWEST = """
SELECT school_id, number, digest FROM link
 WHERE (school_id, number) IN (SELECT school_id, max(number) FROM link GROUP BY school_id)
"""
LINK = "SELECT digest FROM link WHERE school_id = ? AND number = ?"


def _mac(key: bytes, school_id: str, *says: object) -> str:
    text = json.dumps([school_id, *says]).encode()
    return hmac.digest(key, b"catkin-restored-2" + text, "sha256").hex()


def signed_mark(folder: Path, keys: KeyFolder, at: datetime, heads: Iterable[Known] = ()) -> bytes:
    """The mark for what is about to be put back, for each school whose chain's key is here.

    It names those of the known heads that are dated later than this moment.
    """
    signed: dict[str, Any] = {}
    known = list(heads)
    with (
        suppress(sqlite3.Error),  # The tables of a Catkin that had no chains yet.
        closing(sqlite3.connect(file_of(folder, Store.SAFEGUARDING))) as file,
    ):
        for school_id, number, digest in file.execute(NEWEST):
            with suppress(KeyMissing):
                digits, moment = bytes(digest).hex(), str(plain(at))
                own = (head for head in known if head.school_id == school_id)
                ahead = sorted({h.hex[:SIGNS] for h in own if (h.made_at or "") >= moment})
                says = [number, digits, moment, ahead]
                mac = _mac(keys.read(chain_key_name(school_id)), school_id, *says)
                signed[school_id] = [*says, mac]
    return json.dumps(signed).encode()


def restores_of(
    mark: bytes, data: Path, keys: KeyFolder, schools: Iterable[str]
) -> Iterator[tuple[str, Back]]:
    """Of each school whose mark is signed and is of this chain: what was put back."""
    for school_id in sorted(schools):
        with (
            suppress(ValueError, TypeError, KeyError, KeyMissing, sqlite3.Error),
            closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as file,
        ):
            *says, mac = json.loads(mark)[school_id]
            number, digest, at, ahead = says
            key = keys.read(chain_key_name(school_id))
            there = file.execute(LINK, [school_id, number]).fetchone()
            fits = hmac.compare_digest(mac, _mac(key, school_id, *says))
            if fits and there is not None and bytes(there[0]).hex() == digest:
                yield school_id, Back(int(number), str(at), frozenset(map(str, ahead)))


def not_noted_yet(data: Path, keys: KeyFolder, school_id: str) -> list[Back]:
    """What was put back just now, where no start has noted it in the chain yet."""
    try:
        mark = (data / MARK).read_bytes()
    except OSError:
        return []
    return [back for _, back in restores_of(mark, data, keys, [school_id])]


def says_of(back: Back) -> str:
    """What the entry of a restore says."""
    ahead = f" ahead={','.join(sorted(back.ahead))}" if back.ahead else ""
    return f"from={back.newest} at={back.at}{ahead}"


def said_by(text: str, noted: int = 0) -> Back | None:
    """The restore that such an entry tells of; None where it says something else."""
    first, _, rest = text.partition(" at=")
    name, _, number = first.partition("=")
    at, _, ahead = rest.partition(" ahead=")
    if name != "from" or not number.isdigit() or not at:
        return None
    return Back(int(number), at, frozenset(filter(None, ahead.split(","))), noted)


def restores_in(
    file: sqlite3.Connection, school_id: str, link_of: LinkOf | None = None
) -> list[Back]:
    """The restores that a chain tells of; `link_of` says which link holds an entry of the audit."""
    struck = {
        int(after)
        for link, says in _entries(file, school_id, STRUCK_HERE, link_of)
        if (after := facts_in(says).get("after", "")).isdigit()
        and (link_of is None or link == int(after) + 1)
    }
    noted = _entries(file, school_id, RESTORED, link_of)
    found = [said_by(says, link) for link, says in noted]
    return [replace(b, newest=in_common(b.newest, struck)) for b in found if b is not None]


def _entries(
    file: sqlite3.Connection, school_id: str, kind: str, link_of: LinkOf | None
) -> list[tuple[int, str]]:
    rows = file.execute(NOTED, [school_id, kind]).fetchall()
    links = [(link_of(number) if link_of else 0, str(says)) for number, says in rows]
    return [(link, says) for link, says in links if link is not None]


def parts_after(data: Path, keys: KeyFolder, head: Known, newest: int) -> int:
    """Of the links of a backup, the newest of which is given with its head, those that the school
    must have too though another backup was put back since."""
    school_id = str(head.school_id)
    address = f"{file_of(data, Store.SAFEGUARDING).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as file:
        back = restores_in(file, school_id)
    upto = still_holds(head, back, kept_restores(keys, school_id))
    return newest if upto is None else min(newest, upto)


def in_common(newest: int, struck: set[int]) -> int:
    """How many links a backup has in common with its school, given where it was struck."""
    while newest - 1 in struck:
        newest -= 1
    return newest

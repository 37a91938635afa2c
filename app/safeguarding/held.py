"""How a link of the chain holds a row: a digest of what never changes in it, and what may."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import inspect

from app.base.database import TellBase
from app.safeguarding.tables import (
    Audit,
    Concern,
    ConcernAbout,
    ConcernHeld,
    ConcernKey,
    ConcernPerson,
    Entry,
    Notice,
    RecoveryKey,
    RecoveryWrap,
    Schedule,
    SchoolKey,
    View,
    Words,
)

MAY_CHANGE: dict[type[TellBase], tuple[str, ...]] = {
    Concern: ("urgency", "state"),
    ConcernKey: ("version", "wrapped"),
    Words: (),
    Entry: (),
    View: (),
    ConcernPerson: (),
    ConcernAbout: (),
    ConcernHeld: ("cleared_by", "cleared_at"),
    Audit: (),
    SchoolKey: ("ended_at",),
    RecoveryKey: (),
    RecoveryWrap: ("wrapped", "made_at"),
    Notice: ("opened_at",),
    Schedule: (),
}
"""The tables that the chain holds, each with the columns whose newest value it follows.

Public keys are among them: whoever put another in their place could read what is told from then.
So is what a paper opens: whoever spoilt it would leave the school a paper that opens nothing.
"""

MAY_GO = frozenset(m.__tablename__ for m in (ConcernKey, RecoveryWrap, Schedule))
"""The tables whose rows Catkin itself may remove; a row of any other is never gone."""

KEYS = frozenset({SchoolKey.__tablename__, RecoveryKey.__tablename__})
"""The tables to which nothing is written while the chain's key is away: no child waits for it."""
KEPT = frozenset({ConcernKey.__tablename__, RecoveryWrap.__tablename__})
"""Those of which no row is changed or destroyed then, though a telling may add one, or take up what
was there before its table came into the chain."""

FORM = 3
"""Goes up when the chain gets a table, or a table of it a column: older links stay true."""
LATER: dict[str, int] = {}
"""`table.column` of each column that came after the first form, with the form it came with."""

SINCE = {
    Notice.__tablename__: 2,
    Schedule.__tablename__: 2,
    ConcernHeld.__tablename__: 3,
    RecoveryWrap.__tablename__: 3,
}
"""The form with which a table came into the chain; the first link of it takes up what is there."""

BY_TABLE = {model.__tablename__: model for model in MAY_CHANGE}
GONE = "gone"
"""In place of a digest: the row was removed, and that was lawful (a data key that is destroyed)."""

Item = list[Any]
"""Of a link: table, primary key (a list), digest or GONE, what was set of what may change, and the
number of the concern."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table as one form of links knows them."""

    table: str
    key: tuple[str, ...]
    fixed: tuple[str, ...]
    """All that never change, by name; the key is among them."""
    loose: tuple[str, ...]
    concern: str
    """The column that says to which concern a row belongs, where there is one."""

    def digest(self, fixed: Iterable[Any]) -> str:
        """The digest of a row, from the values of its fixed columns in their order."""
        text = json.dumps([self.table, *map(plain, fixed)])
        return hashlib.sha256(text.encode()).hexdigest()


@cache
def shape_of(table: str, form: int = FORM) -> Shape:
    """How a form of links holds a table; KeyError for a table that no link holds."""
    model = BY_TABLE[table]
    columns = model.__table__.columns
    names = sorted(n for n in columns.keys() if LATER.get(f"{table}.{n}", 1) <= form)  # noqa: SIM118
    return Shape(
        table=table,
        key=tuple(column.name for column in model.__table__.primary_key),
        fixed=tuple(name for name in names if name not in MAY_CHANGE[model]),
        loose=MAY_CHANGE[model],
        concern="id" if table == Concern.__tablename__ else "concern_id",
    )


def plain(value: Any) -> Any:
    """A value as a digest takes it. Of bytes, no other kind of value has the same form."""
    if isinstance(value, bytes):
        return [hashlib.sha256(value).hexdigest()]
    if isinstance(value, datetime):
        naive = value.astimezone(UTC).replace(tzinfo=None)
        return naive.isoformat(sep=" ", timespec="microseconds")  # As it lies in the file.
    return int(value) if isinstance(value, bool) else value


def item_of(model: type[TellBase], values: dict[str, Any], loose: Iterable[str]) -> Item:
    """How a link holds a row, given its values by name, and which of the loose ones were set."""
    shape = shape_of(model.__tablename__)
    return [
        shape.table,
        [plain(values[name]) for name in shape.key],
        shape.digest(values[name] for name in shape.fixed),
        {name: plain(values[name]) for name in loose},
        values.get(shape.concern),
    ]


def item_gone(model: type[TellBase], values: dict[str, Any]) -> Item:
    """How a link says that a row was removed."""
    shape = shape_of(model.__tablename__)
    key = [plain(values[name]) for name in shape.key]
    return [shape.table, key, GONE, {}, values.get(shape.concern)]


def needs_signing(table: str, *, there: bool) -> bool:
    """Whether Catkin writes this never without the chain's key; `there` where the row was before.

    Else whoever has the file could destroy a key, and say so in a link that nobody signed.
    """
    return table in KEYS or (there and table in KEPT)


def set_in(row: TellBase, *, new: bool) -> set[str]:
    """Which columns this flush writes. What it leaves alone is not vouched for again."""
    if new:
        return {column.name for column in row.__table__.columns}
    attributes = inspect(row).attrs
    return {c.name for c in row.__table__.columns if attributes[c.name].history.has_changes()}


def touches_a_key(row: TellBase, gone: bool, names: set[str]) -> bool:
    """Whether a write that sets these columns of a row, or removes it, needs the chain's key."""
    there = gone or not {column.name for column in row.__table__.primary_key} <= names
    return bool(names or gone) and needs_signing(row.__tablename__, there=there)


def form_of(holds: str) -> int:
    """The form of a link, from how its text begins; the newest where that is no link's text."""
    number = holds[1:].partition(",")[0]
    return int(number) if number.isascii() and number.isdigit() else FORM


def written(items: Sequence[Item]) -> str:
    """The text of a link."""
    return json.dumps([FORM, items], separators=(",", ":"))


def digest_of(before: bytes, school_id: str, number: int, holds: str, made_at: Any) -> bytes:
    """The digest of a link, 32 bytes; `before` is that of the link before it, or nothing."""
    head = json.dumps([before.hex(), school_id, number, plain(made_at)])
    return hashlib.sha256(f"{head}\n{holds}".encode(errors="surrogateescape")).digest()


def mac_of(key: bytes, digest: bytes) -> bytes:
    """What only the holder of the chain's key can make of a digest, 32 bytes."""
    return hmac.digest(key, b"catkin-chain-1" + digest, "sha256")


def short_head(number: int, mac: bytes | None) -> str:
    """A head as people copy it: `312-9f04ac…`, number and first 16 hex digits of the MAC."""
    return f"{number}-{mac.hex()[:16] if mac else 'none'}"

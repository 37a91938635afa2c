"""The chain: each write to what children told leaves a link that holds on to the one before.

A link lists the rows that a write added or changed, each with a digest of what never changes in
it and with the values that may. Its digest covers the digest of the link before it, and its MAC is
made with a key that lies in the keys folder, never beside the database. So whoever edits, removes,
swaps or adds a row of the file breaks a link; whoever makes the links anew lacks the key; and
whoever cuts off the newest links lacks the head, which lies in backups and on paper too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.base import clock
from app.base.database import Store, TellBase, writing
from app.base.errors import KeyMissing
from app.base.keys import KEY_BYTES, KeyFolder, keys_here
from app.safeguarding.tables import (
    Audit,
    Concern,
    ConcernAbout,
    ConcernKey,
    ConcernPerson,
    Entry,
    Link,
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
    Audit: (),
}
"""The tables that the chain holds, each with the columns whose newest value it follows."""

BY_TABLE = {model.__tablename__: model for model in MAY_CHANGE}
GONE = "gone"
"""In place of a digest: the row was removed, and that was lawful (a data key that is destroyed)."""
CLOCK_BACK = "clock went back"
SLACK = timedelta(seconds=2)
"""Two clocks of one machine may differ so much."""

Item = list[Any]
"""Of a link: table, primary key (a list), digest or GONE, and what may change."""


def chain_key_name(school_id: str) -> str:
    """The name of a school's chain key in the keys folder."""
    return f"chain-{school_id}"


def item_of(model: type[TellBase], values: dict[str, Any]) -> Item:
    """How a link holds a row, given the values of all its columns by name."""
    loose = MAY_CHANGE[model]
    fixed = {name: _plain(value) for name, value in values.items() if name not in loose}
    text = json.dumps([model.__tablename__, fixed], sort_keys=True, ensure_ascii=True)
    key = [values[column.name] for column in model.__table__.primary_key]
    changing = {name: _plain(values[name]) for name in loose}
    return [model.__tablename__, key, hashlib.sha256(text.encode()).hexdigest(), changing]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def digest_of(before: bytes, school_id: str, number: int, holds: str, made_at: datetime) -> bytes:
    """The digest of a link, 32 bytes; `before` is that of the link before it, or nothing."""
    head = json.dumps([before.hex(), school_id, number, _plain(made_at)]).encode()
    return hashlib.sha256(head + b"\n" + holds.encode()).digest()


def mac_of(key: bytes, digest: bytes) -> bytes:
    """What only the holder of the chain's key can make of a digest, 32 bytes."""
    return hmac.digest(key, b"catkin-chain-1" + digest, "sha256")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: how many there are, and what the last is signed with."""

    number: int
    mac: bytes | None
    made_at: datetime

    @property
    def short(self) -> str:
        """The head as people copy it: `312-9f04ac…`, number and first 16 hex digits."""
        return f"{self.number}-{self.mac.hex()[:16] if self.mac else 'none'}"


@contextmanager
def recording(school_id: str, *, within: float | None = None) -> Iterator[Session]:
    """One write to what children told, with its link: all of the block and the link, or none.

    StoreAway when it cannot be written; with `within`, also when that takes so many seconds.
    """
    key = chain_key(school_id)
    with (
        writing(Store.SAFEGUARDING, within=within) as session,
        linking(session, school_id, key),
    ):
        yield session


@contextmanager
def linking(session: Session, school_id: str, key: bytes | None) -> Iterator[None]:
    """The same in a session that somebody else ends, on a copy of the store perhaps."""
    with _heard(session) as changed:
        yield
        session.flush()
    if changed:
        _add_link(session, school_id, changed, key)


@contextmanager
def _heard(session: Session) -> Iterator[dict[int, tuple[Any, bool]]]:
    """Each row of ours that the block adds, changes or removes; the session keeps them alive."""
    found: dict[int, tuple[Any, bool]] = {}

    def hear(_session: Session, _flush: Any) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if type(row) in MAY_CHANGE:
                found[id(row)] = (row, row in session.deleted)

    event.listen(session, "after_flush", hear)
    try:
        yield found
    finally:
        event.remove(session, "after_flush", hear)


def _add_link(
    session: Session, school_id: str, changed: dict[int, tuple[Any, bool]], key: bytes | None
) -> None:
    moment = clock.now()
    last = session.execute(
        select(Link.number, Link.digest, Link.made_at)
        .where(Link.school_id == school_id)
        .order_by(Link.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        items = list(_all_rows(session, school_id))  # What is older than the chain comes first.
    else:
        items = [_item(row, gone=gone) for row, gone in changed.values()]
        if moment < last.made_at - SLACK and not clock.is_past():
            items.append(_item(_went_back(session, school_id, last.made_at, moment)))
    holds = json.dumps(items, separators=(",", ":"), ensure_ascii=True)
    number = 1 if last is None else last.number + 1
    before = b"" if last is None else last.digest
    digest = digest_of(before, school_id, number, holds, moment)
    session.add(
        Link(
            school_id=school_id,
            number=number,
            holds=holds,
            digest=digest,
            mac=mac_of(key, digest) if key else None,
            made_at=moment,
        )
    )
    session.flush()


def _item(row: TellBase, *, gone: bool = False) -> Item:
    model = type(row)
    values = {column.name: getattr(row, column.name) for column in model.__table__.columns}
    item = item_of(model, values)
    return [item[0], item[1], GONE, {}] if gone else item


def _all_rows(session: Session, school_id: str) -> Iterator[Item]:
    for model in MAY_CHANGE:
        table = model.__table__
        of_school = select(table).where(table.c.school_id == school_id)
        for row in session.execute(of_school).mappings():
            yield item_of(model, dict(row))


def _went_back(session: Session, school_id: str, last: datetime, moment: datetime) -> Audit:
    back = Audit(
        school_id=school_id,
        kind=CLOCK_BACK,
        staff_id=None,
        concern_id=None,
        says=f"from={_plain(last)} to={_plain(moment)}",
        made_at=moment,
    )
    session.add(back)
    session.flush()
    return back


def chain_key(school_id: str) -> bytes | None:
    """The chain's key; None while it is away, for no child waits for a key."""
    try:
        return keys_here().read(chain_key_name(school_id))
    except KeyMissing:
        return None


def make_chain_key(keys: KeyFolder, school_id: str) -> None:
    """Make a school's chain key where it never had one; one that is there stays."""
    with suppress(FileExistsError):
        keys.make_once(chain_key_name(school_id), os.urandom(KEY_BYTES))


def head_of(session: Session, school_id: str) -> Head | None:
    """The newest link of a school; None before the first."""
    row = session.execute(
        select(Link.number, Link.mac, Link.made_at)
        .where(Link.school_id == school_id)
        .order_by(Link.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Head(row.number, row.mac, row.made_at)


def links_of(session: Session, school_id: str) -> int:
    """How many links a school's chain has."""
    counted = select(func.count(Link.id)).where(Link.school_id == school_id)
    return session.scalar(counted) or 0

"""The chain: each write to what children told leaves a link that holds on to the one before.

A link lists the rows that a write added or changed, each with a digest of what never changes in
it and with the values that the write set. Its digest covers the digest of the link before it, and
its MAC is made with a key that lies in the keys folder, never beside the database. So whoever
edits, removes, swaps or adds a row of the file breaks a link; whoever makes the links anew lacks
the key; and whoever cuts off the newest links lacks the head, which lies in backups and on paper.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from itertools import islice
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from app.base import clock
from app.base.database import Store, TellBase, writing
from app.base.errors import KeyMissing
from app.base.keys import KEY_BYTES, KeyFolder, keys_here
from app.safeguarding.held import (
    MAY_CHANGE,
    SINCE,
    Item,
    digest_of,
    form_of,
    item_gone,
    item_of,
    mac_of,
    plain,
    set_in,
    short_head,
    touches_a_key,
    written,
)
from app.safeguarding.tables import Audit, Link

CLOCK_BACK = "clock went back"
CLOCK_FORWARD = "clock went forward"
GUARD_HELD = "guard held"
"""A statement of Catkin's own would have changed what stays: the database refused it."""
SLACK = timedelta(seconds=2)
"""Two clocks of one machine may differ so much."""
ROWS_OF_A_LINK = 500
"""What is older than the chain is taken up in links of so many rows."""
REFUSED = re.compile(r"\w+ is never (?:changed|deleted|replaced)")
"""What a guard says; see app/base/database.py."""


def chain_key_name(school_id: str) -> str:
    """The name of a school's chain key in the keys folder."""
    return f"chain-{school_id}"


def first_link_name(school_id: str) -> str:
    """The name under which the keys folder knows the chain's first link, made once for all.

    Whoever empties the chain lets Catkin begin another; its first link is not this one.
    """
    return f"chain-first-{school_id}"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: how many there are, and what the last is signed with."""

    number: int
    mac: bytes | None
    made_at: datetime

    @property
    def short(self) -> str:
        """The head as people copy it."""
        return short_head(self.number, self.mac)


Changed = dict[int, tuple[TellBase, bool, set[str]]]
"""Rows that a write touched: each with whether it is gone, and which of its columns were set."""


@dataclass(slots=True)
class Linked:
    """What came of a write: the digest of the first link, where the chain began with it."""

    first: bytes | None = None


@contextmanager
def recording(school_id: str, *, within: float | None = None) -> Iterator[Session]:
    """One write to what children told, with its link: all of the block and the link, or none.

    StoreAway when it cannot be written; with `within`, also when that takes so many seconds.
    Where a guard of the database stops the block, that is noted in the chain. KeyMissing where it
    changes or destroys a key while the chain's own is away.
    """
    key, linked = chain_key(school_id), Linked()
    try:
        with (
            writing(Store.SAFEGUARDING, within=within) as session,
            linking(session, school_id, key) as linked,
        ):
            yield session
    except DBAPIError as problem:
        refused = REFUSED.search(str(problem.orig))
        if refused:
            with suppress(Exception):  # What went wrong first is what must be told.
                note_down(school_id, GUARD_HELD, f"guard={refused[0]}")
        raise
    if linked.first is not None:
        with suppress(OSError):  # There already, or the keys folder is away: no child waits for it.
            keys_here().make_once(first_link_name(school_id), linked.first)


@contextmanager
def linking(session: Session, school_id: str, key: bytes | None) -> Iterator[Linked]:
    """The same in a session that somebody else ends, on a copy of the store perhaps."""
    linked = Linked()
    with _heard(session) as changed:
        yield linked
        session.flush()
    if changed:
        linked.first = _add_links(session, school_id, changed, key)


def note_down(school_id: str, kind: str, says: str) -> None:
    """Write into the chain what was done to the record itself."""
    with recording(school_id) as session:
        session.add(audit_of(school_id, kind, says, clock.now()))


def audit_of(school_id: str, kind: str, says: str, moment: datetime) -> Audit:
    """An entry about the record itself, made by nobody."""
    return Audit(
        school_id=school_id, kind=kind, staff_id=None, concern_id=None, says=says, made_at=moment
    )


@contextmanager
def _heard(session: Session) -> Iterator[Changed]:
    """Each row of ours that the block adds, changes or removes; the session keeps them alive."""
    found: Changed = {}

    def hear(_session: Session, _flush: Any) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if type(row) in MAY_CHANGE:
                names = found[id(row)][2] if id(row) in found else set[str]()
                names |= set_in(row, new=row in session.new)
                found[id(row)] = (row, row in session.deleted, names)

    event.listen(session, "after_flush", hear)
    try:
        yield found
    finally:
        event.remove(session, "after_flush", hear)


def _add_links(
    session: Session, school_id: str, changed: Changed, key: bytes | None
) -> bytes | None:
    """Add the link of this write; the digest of the first where the chain begins with it."""
    moment = clock.now()
    last = session.execute(
        select(Link.number, Link.digest, Link.made_at, func.substr(Link.holds, 1, 9).label("holds"))
        .where(Link.school_id == school_id)
        .order_by(Link.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:  # What is older than the chain comes first.
        parts: Iterable[list[Item]] = _in_parts(_all_rows(session, school_id, 0))
        number, before = 0, b""
    else:
        items = [item for row in changed.values() if (item := _item(*row)) is not None]
        if key is None and any(touches_a_key(*row) for row in changed.values()):
            raise KeyMissing("The key of the record's chain is not in the keys folder.")
        if _went_back(changed, last.made_at, moment):
            items.append(_clock_item(session, school_id, last.made_at, moment))
        older = _in_parts(_all_rows(session, school_id, form_of(str(last.holds))))
        parts = [*older, items] if items else older
        number, before = last.number, last.digest
    first = None
    for items in parts:
        number, holds = number + 1, written(items)
        before = digest_of(before, school_id, number, holds, moment)
        first = before if number == 1 else first
        mac = mac_of(key, before) if key else None
        session.add(
            Link(
                school_id=school_id,
                number=number,
                holds=holds,
                digest=before,
                mac=mac,
                made_at=moment,
            )
        )
        session.flush()
    return first


def _item(row: TellBase, gone: bool, names: set[str]) -> Item | None:
    model = type(row)
    values = {column.name: getattr(row, column.name) for column in model.__table__.columns}
    if gone:
        return item_gone(model, values)
    return item_of(model, values, [n for n in MAY_CHANGE[model] if n in names]) if names else None


def _all_rows(session: Session, school_id: str, form: int) -> Iterator[Item]:
    """All rows of the tables that links of this form do not hold yet."""
    later = {m: loose for m, loose in MAY_CHANGE.items() if SINCE.get(m.__tablename__, 1) > form}
    for model, loose in later.items():
        table = model.__table__
        of_school = select(table).where(table.c.school_id == school_id)
        for row in session.execute(of_school).mappings():
            yield item_of(model, dict(row), loose)


def _in_parts(items: Iterator[Item]) -> Iterator[list[Item]]:
    while part := list(islice(items, ROWS_OF_A_LINK)):
        yield part


def _went_back(changed: Changed, last: datetime, moment: datetime) -> bool:
    """Whether the clock stands before the link before, and nobody has noted that just now."""
    if moment >= last - SLACK or clock.is_past():
        return False
    return not any(isinstance(r, Audit) and r.kind == CLOCK_BACK for r, _, _ in changed.values())


def _clock_item(session: Session, school_id: str, last: datetime, moment: datetime) -> Item:
    back = audit_of(school_id, CLOCK_BACK, f"from={plain(last)} to={plain(moment)}", moment)
    session.add(back)
    session.flush()
    values = {column.name: getattr(back, column.name) for column in Audit.__table__.columns}
    return item_of(Audit, values, ())


def chain_key(school_id: str) -> bytes | None:
    """The chain's key; None while it is away, for no child waits for a key."""
    try:
        return keys_here().read(chain_key_name(school_id))
    except KeyMissing:
        return None


def is_chain_key(session: Session | scoped_session[Any], school_id: str, key: bytes) -> bool:
    """Whether this key signed the chain's first signed link, so far as there is one: another one
    that lay in its place for a while signed newer ones."""
    row = session.execute(
        select(Link.digest, Link.mac)
        .where(Link.school_id == school_id, Link.mac.is_not(None))
        .order_by(Link.number)
        .limit(1)
    ).one_or_none()
    return row is None or compare_digest(row.mac, mac_of(key, row.digest))


def make_chain_key(keys: KeyFolder, school_id: str) -> None:
    """Make a school's chain key where it never had one; one that is there stays."""
    with suppress(FileExistsError):
        keys.make_once(chain_key_name(school_id), os.urandom(KEY_BYTES))


def head_of(session: Session, school_id: str) -> Head | None:
    """The newest link of a school; None before the first."""
    return _head(session, school_id)


def head_before(session: Session, school_id: str, moment: datetime) -> Head | None:
    """The newest signed link that is older than a moment."""
    return _head(session, school_id, Link.made_at < moment, Link.mac.is_not(None))


def _head(session: Session, school_id: str, *which: Any) -> Head | None:
    row = session.execute(
        select(Link.number, Link.mac, Link.made_at)
        .where(Link.school_id == school_id, *which)
        .order_by(Link.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Head(row.number, row.mac, row.made_at)


def links_of(session: Session, school_id: str) -> int:
    """How many links a school's chain has."""
    counted = select(func.count(Link.id)).where(Link.school_id == school_id)
    return session.scalar(counted) or 0

"""A new key pair for a school: all data keys wrapped to it, then the old private key destroyed.

Each step can be cut short at any point; the same command again goes on where it stopped. Children
tell meanwhile, and adults read: words open with either key until the old one opens none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base import clock, sealing
from app.base.database import db
from app.base.errors import KeyMissing, Refused
from app.base.keys import keys_here
from app.base.running import give_to_owner
from app.safeguarding import queries
from app.safeguarding.actions.paper import papers_to_wrap_to, renew_wraps, wraps_to
from app.safeguarding.chain import recording
from app.safeguarding.spooled import wait_for
from app.safeguarding.tables import Audit, Concern, ConcernKey, RecoveryWrap, SchoolKey
from app.safeguarding.words import WrappedKey, can_read, key_name, unwrap

BEGAN, ROTATED = "key rotation began", "key was rotated"
"""The audit's words."""
BATCH = 20
"""Keys that are wrapped in one write: it takes a few milliseconds, and a child waits no longer."""
GRACE = 30.0
"""Seconds from the new key to the end of the old: longer than any telling can be under way."""
NOT_ON_PAPER = (
    "The recovery key on paper would not open the new key: one of the keys that it opens is not in"
    " the keys folder, or is another one. Put it back first; if all are there, print another paper,"
    " and let a second person say yes to it. Nothing was changed."
)
STAYS = (
    "The recovery key on paper does not open everything that is needed, so the old key stays. Put"
    " back what is missing in the keys folder, and do the same again. Nothing is lost."
)
DRAIN = 60.0
"""Seconds for which tellings in the spool are waited for."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it: the version in use, and the data keys that were wrapped to it."""

    version: int
    keys: int
    stuck: int = 0
    """Data keys that the old private key does not open: it stays for them."""
    spooled: int = 0
    """Tellings that wait beside the database, sealed to the old key: it stays for them."""
    only_finished: bool = False
    """Whether an earlier rotation lacked nothing but its last step."""


@dataclass
class _Pass:
    """One school's rotation under way."""

    school_id: str
    to: int
    public: bytes
    old: set[int]
    keys: int = 0


def rotate(school_id: str, data: Path, pause: Callable[[float], None] = time.sleep) -> Rotated:
    """Rotate, or finish what was begun. Refused, with nothing changed, while a key is away."""
    live = _rows(school_id, live=True)
    if destroy_ended(school_id):
        return Rotated(live[-1].version, 0, only_finished=True)
    if not all(can_read(school_id, row.version, row.public) for row in live):
        raise Refused(
            "The school’s private key is not in the keys folder, or is another one."
            " Put it back first. Nothing was changed."
        )
    if not _paper_goes_on(school_id):
        raise Refused(NOT_ON_PAPER)
    if len(live) == 1:
        _begin(school_id, live[0].version)
        live = _rows(school_id, live=True)
    newest = live[-1]
    under_way = _Pass(school_id, newest.version, newest.public, {r.version for r in live[:-1]})
    stuck = _wrap_all(under_way)
    pause(_still_to_wait(newest.made_at))
    spooled = _drained(data, under_way, pause)
    while not (stuck or spooled or _end(under_way)):
        stuck = _wrap_all(under_way)
    if not (stuck or spooled):
        destroy_ended(school_id)
    return Rotated(newest.version, under_way.keys, stuck, spooled)


def _paper_goes_on(school_id: str) -> bool:
    """Whether the new key can be wrapped to each paper that counts."""
    papers = queries.paper.open_papers(school_id)
    with suppress(KeyMissing):
        return not papers or bool(
            queries.paper.keys_needed(school_id) and papers_to_wrap_to(school_id) == papers
        )
    return False


def destroy_ended(school_id: str) -> bool:
    """Destroy what is left of private keys that ended; whether there was any."""
    names = [key_name(school_id, row.version) for row in _rows(school_id, live=False)]
    left = [name for name in names if keys_here().has(name)]
    for name in left:
        keys_here().destroy(name)
    return bool(left)


def _rows(school_id: str, *, live: bool) -> Sequence[Any]:
    ended = SchoolKey.ended_at.is_(None) if live else SchoolKey.ended_at.is_not(None)
    return db.session.execute(
        select(SchoolKey.version, SchoolKey.public, SchoolKey.made_at)
        .where(SchoolKey.school_id == school_id, ended)
        .order_by(SchoolKey.version)
    ).all()


def _begin(school_id: str, before: int) -> None:
    """Make the new pair: its private half on the disk, then its public half for all to seal to."""
    private, public = sealing.new_pair()
    version = _free_version(school_id, before)
    folder, name = keys_here(), key_name(school_id, version)
    folder.make_once(name, private)
    give_to_owner(folder.file(name), folder.path)
    papers, moment = papers_to_wrap_to(school_id), clock.now()
    keys = queries.paper.keys_needed(school_id) if papers else {}
    wraps = [w for one in papers for w in wraps_to(school_id, one, {name: private}, keys)]
    with recording(school_id) as session:
        session.add(SchoolKey(school_id=school_id, version=version, public=public, made_at=moment))
        session.add_all(wraps)
        session.add(_audit(school_id, BEGAN, f"from={before} to={version}"))


def _free_version(school_id: str, before: int) -> int:
    """The next number that no key has had, not even one that was copied back from elsewhere."""
    return max({before, *queries.keys.versions_here(school_id)}) + 1


def _wrap_all(under_way: _Pass) -> int:
    """Wrap all there is to the new key; how many cannot be opened."""
    while True:
        stuck, moved, last = 0, 0, ""
        while rows := _next(under_way, last):
            last = rows[-1].id
            fresh = {row.id: _anew(under_way, row) for row in rows}
            stuck += sum(wrapped is None for wrapped in fresh.values())
            moved += _put(under_way, rows, fresh)
        under_way.keys += moved
        if not moved:
            return stuck


def _next(under_way: _Pass, last: str) -> Sequence[Any]:
    """The next few data keys after `last` that are still wrapped to an old key."""
    return db.session.execute(
        select(ConcernKey.id, ConcernKey.version, ConcernKey.wrapped, Concern.reference)
        .join(Concern, Concern.id == ConcernKey.concern_id)
        .where(
            ConcernKey.school_id == under_way.school_id,
            Concern.school_id == under_way.school_id,
            ConcernKey.version.in_(under_way.old),
            ConcernKey.id > last,
        )
        .order_by(ConcernKey.id)
        .limit(BATCH)
    ).all()


def _anew(under_way: _Pass, row: Any) -> bytes | None:
    """A data key, wrapped to the new key; None where the old one does not open it."""
    key = WrappedKey(row.id, row.version, row.wrapped)
    try:
        seal = unwrap(under_way.school_id, row.reference, key)
    except (KeyMissing, ValueError):
        return None
    return seal.wrapped(under_way.public, under_way.to)


def _put(under_way: _Pass, rows: Sequence[Any], fresh: dict[str, bytes | None]) -> int:
    """Keep the new wraps, but of no key that was destroyed or changed meanwhile; how many."""
    before = {row.id: row.wrapped for row in rows if fresh[row.id] is not None}
    if not before:
        return 0
    moved = 0
    with recording(under_way.school_id) as session:
        found = select(ConcernKey).where(
            ConcernKey.school_id == under_way.school_id, ConcernKey.id.in_(before)
        )
        for key in session.scalars(found):
            wrapped = fresh[key.id]
            if wrapped is not None and key.wrapped == before[key.id]:
                key.version, key.wrapped = under_way.to, wrapped
                moved += 1
    return moved


def _still_to_wait(made_at: Any) -> float:
    """A telling that was sealed to the old key a moment ago may still be on its way."""
    gone_by: float = (clock.now() - made_at).total_seconds()
    return GRACE - gone_by if 0 <= gone_by < GRACE else 0.0 if gone_by >= GRACE else GRACE


def _drained(data: Path, under_way: _Pass, pause: Callable[[float], None]) -> int:
    """Wait for the spool; how many tellings in it still need the old key."""
    waited = 0.0
    while (waiting := wait_for(data, under_way.school_id, under_way.old)) and waited < DRAIN:
        pause(1.0)
        waited += 1.0
    return waiting


def _end(under_way: _Pass) -> bool:
    """End the old versions, unless something was sealed to them meanwhile."""
    school_id = under_way.school_id
    renew_wraps(school_id)
    with recording(school_id) as session:
        sealed = select(func.count(ConcernKey.id)).where(
            ConcernKey.school_id == school_id, ConcernKey.version.in_(under_way.old)
        )
        if session.scalar(sealed):
            return False
        if not _on_paper(session, school_id):
            raise Refused(STAYS)
        for key in session.scalars(select(SchoolKey).where(SchoolKey.school_id == school_id)):
            if key.version in under_way.old:
                key.ended_at = clock.now()
        names = [key_name(school_id, version) for version in under_way.old]
        wraps = select(RecoveryWrap).where(
            RecoveryWrap.school_id == school_id, RecoveryWrap.name.in_(names)
        )
        for wrap in session.scalars(wraps):
            session.delete(wrap)
        gone = ",".join(map(str, sorted(under_way.old)))
        session.add(_audit(school_id, ROTATED, f"from={gone} to={under_way.to}"))
    return True


def _on_paper(session: Session, school_id: str) -> bool:
    """Whether each paper that counts opens all that is needed, the new key too."""
    papers = queries.paper.open_papers(school_id, session)
    try:
        keys = queries.paper.keys_needed(school_id, session) if papers else {}
    except KeyMissing:
        return False
    return not any(queries.paper.lacking(school_id, one, keys, session) for one in papers)


def _audit(school_id: str, kind: str, says: str) -> Audit:
    return Audit(
        school_id=school_id,
        kind=kind,
        staff_id=None,
        concern_id=None,
        says=says,
        made_at=clock.now(),
    )

"""After an erasure: its keys go out of every backup that can be reached, and each is noted.

So do the files of a backup's spool that hold what was told of it.

The changed backup says itself that the concern was erased, by whom and when, with a link in its
own chain; put back, it is as the school is.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from app.base import clock, strike
from app.base.database import Store, db
from app.base.errors import CannotStart, KeyMissing
from app.base.keys import keys_here
from app.base.manifest import read_manifest
from app.base.migrations import version_of
from app.safeguarding import spool
from app.safeguarding.actions.add import Addition
from app.safeguarding.chain import chain_key, head_of, linking, recording
from app.safeguarding.kept_heads import signing_after
from app.safeguarding.queries.retention import (
    ALL_STRUCK,
    NOT_STRUCK,
    STRUCK,
    WAS_ERASED,
)
from app.safeguarding.restored import STRUCK_HERE
from app.safeguarding.retention import ERASED, facts_as_text
from app.safeguarding.spool import Damaged
from app.safeguarding.tables import Audit, Concern, ConcernKey


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure, as a backup has to know it."""

    concern_id: int
    reference: str
    line: Audit


@dataclass(frozen=True, slots=True)
class Held:
    """What a backup still holds of erased concerns, by reference: keys, and files of its spool."""

    keys: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)

    @property
    def references(self) -> list[str]:
        """Those of which there is anything."""
        return sorted({*self.keys, *self.files})

    @property
    def key_ids(self) -> set[str]:
        """All the keys."""
        return {key for keys in self.keys.values() for key in keys}

    @property
    def names(self) -> set[str]:
        """All the files."""
        return {name for names in self.files.values() for name in names}


def erasures(school_id: str) -> dict[str, Erasure]:
    """Every erasure of the school, by reference."""
    rows = db.session.execute(
        select(Concern.reference, Audit)
        .join(Audit, Audit.concern_id == Concern.id)
        .where(
            Concern.school_id == school_id,
            Audit.school_id == school_id,
            Audit.kind == WAS_ERASED,
        )
    )
    return {row.reference: Erasure(row.Audit.concern_id, row.reference, row.Audit) for row in rows}


def strike_backups(school_id: str, data: Path) -> bool:
    """Strike the erased concerns' keys from one backup; whether there is perhaps another.

    What could not be reached is noted once, and tried again whenever this is called.
    """
    done = erasures(school_id)
    if not done:
        return False
    if not strike.empty_log():
        return True
    with strike.no_backup_meanwhile(data) as alone:
        return _strike_next(school_id, data, done) if alone else True


def _strike_next(school_id: str, data: Path, done: dict[str, Erasure]) -> bool:
    # What was left half done goes first, or is named: keys may lie in it.
    away = [*strike.away(data), *strike.unread(data)]
    places = strike.own_backups(data)
    for name in away:
        _note(school_id, NOT_STRUCK, done.values(), _backup(name))
    failed = bool(away)
    for place in places:
        try:
            held = Held(_held_keys(school_id, place, done), _held_files(place, done))
            if held.references:
                _strike(school_id, data, place, held, done)
                return True
        except (CannotStart, KeyMissing, OSError):
            failed = True
            _note(school_id, NOT_STRUCK, done.values(), _backup(place.name))
    if not failed:
        _note(school_id, ALL_STRUCK, done.values(), facts_as_text(looked=len(places)))
    return False


def _held_keys(school_id: str, place: Path, done: dict[str, Erasure]) -> dict[str, set[str]]:
    """By reference: the keys that a backup still holds and the school has destroyed."""
    held = strike.keys_in(place, done)
    ids = {key for keys in held.values() for key in keys}
    live = set(
        db.session.scalars(
            select(ConcernKey.id).where(ConcernKey.school_id == school_id, ConcernKey.id.in_(ids))
        )
    )
    return {reference: keys - live for reference, keys in held.items() if keys - live}


def _held_files(place: Path, done: dict[str, Erasure]) -> dict[str, set[str]]:
    """By reference: the files that waited in a backup's spool and hold what was erased.

    What a child added after the erasure is new, so it stays. In a backup from before, all is old.
    """
    made, found = read_manifest(place).made, dict[str, set[str]]()
    for reference, names in strike.waiting_in(place, done).items():
        erased = done[reference].line.made_at
        old = {name for name in names if made <= erased or not _is_new(place / name, erased)}
        if old:
            found[reference] = old
    return found


def _is_new(file: Path, erased: datetime) -> bool:
    """Whether what lies in a file was added after an erasure; where nobody can tell, it was."""
    try:
        one = spool.in_backup(file)
        if one.kind == spool.TOLD:
            return False
        return Addition.from_content(spool.opened(one)).added_at > erased
    except (Damaged, KeyMissing, ValueError, TypeError, KeyError):
        return True


def _strike(school_id: str, data: Path, place: Path, held: Held, done: dict[str, Erasure]) -> None:
    struck = [done[reference] for reference in held.references]
    in_store = [done[reference] for reference in held.keys]
    same = version_of(place, Store.SAFEGUARDING) == version_of(data, Store.SAFEGUARDING)

    def change(file: Path) -> None:
        how = _erase_there if same else _erase_in_older_tables
        if in_store:
            how(school_id, file, in_store, held.key_ids)

    new = strike.changed_copy(place, change, signing_after(keys_here()), held.names)
    # Noted before the older one goes: else nobody would know of it after a power cut just here.
    _note(school_id, STRUCK, struck, _backup(place.name))
    strike.take_away(data, place, new)


def _erase_there(school_id: str, file: Path, struck: list[Erasure], keys: set[str]) -> None:
    key = chain_key(school_id)
    with strike.session_on(file) as session, ExitStack() as stack:
        head = head_of(session, school_id)
        if head is not None:  # Where there is no chain yet, none begins in a copy.
            stack.enter_context(linking(session, school_id, key))
            says = facts_as_text(after=head.number)
            session.add(_line(school_id, STRUCK_HERE, None, says))
        for one in struck:
            here = Concern.school_id == school_id, Concern.reference == one.reference
            concern = session.scalars(select(Concern).where(*here)).one()
            concern.state = ERASED
            line = _line(school_id, WAS_ERASED, concern.id, one.line.says)
            line.staff_id, line.made_at = one.line.staff_id, one.line.made_at
            session.add(line)
        gone = select(ConcernKey).where(ConcernKey.school_id == school_id, ConcernKey.id.in_(keys))
        for row in session.scalars(gone):
            session.delete(row)


def _erase_in_older_tables(
    school_id: str, file: Path, struck: list[Erasure], keys: set[str]
) -> None:
    """The same where an older Catkin's tables have no room for more than that."""
    references = [one.reference for one in struck]
    with strike.session_on(file) as session:
        session.execute(
            delete(ConcernKey).where(ConcernKey.school_id == school_id, ConcernKey.id.in_(keys))
        )
        session.execute(
            update(Concern)
            .where(Concern.school_id == school_id, Concern.reference.in_(references))
            .values(state=ERASED)
        )


def _note(school_id: str, kind: str, those: Iterable[Erasure], says: str) -> None:
    """Put down what came of a backup, once for each erasure."""
    known = _noted(school_id, kind, says if kind != ALL_STRUCK else None)
    new = [one for one in those if one.concern_id not in known]
    if not new:
        return
    with recording(school_id) as session:
        for one in new:
            session.add(_line(school_id, kind, one.concern_id, says))


def _line(school_id: str, kind: str, concern_id: int | None, says: str) -> Audit:
    return Audit(
        school_id=school_id,
        kind=kind,
        staff_id=None,
        concern_id=concern_id,
        says=says,
        made_at=clock.now(),
    )


def _noted(school_id: str, kind: str, says: str | None) -> set[Any]:
    """The concerns of which this was noted already."""
    lines = select(Audit.concern_id).where(Audit.school_id == school_id, Audit.kind == kind)
    return set(db.session.scalars(lines.where(Audit.says == says) if says else lines))


def _backup(name: str) -> str:
    """A backup's name as it can stand in a line of facts."""
    plain = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
    return facts_as_text(backup=plain[:80])

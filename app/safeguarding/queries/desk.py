"""What an adult sees of concerns: the team's all, others' own, and never one about the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, desc, exists, false, func, or_, select, true

from app.base.database import db
from app.base.errors import KeyMissing
from app.people.rights import May, Reach
from app.people.viewers import StaffHere
from app.safeguarding.conflicts import Hold, Why
from app.safeguarding.queries.kept_from import eyes_in, holds, kept_from
from app.safeguarding.retention import ERASED
from app.safeguarding.rules import Kind, Urgency
from app.safeguarding.tables import (
    Concern,
    ConcernAbout,
    ConcernKey,
    ConcernPerson,
    Entry,
    Notice,
    View,
    Words,
)
from app.safeguarding.words import ConcernSeal, Spoken, WrappedKey, read_spoken, unwrap


@dataclass(frozen=True, slots=True)
class ConcernFacts:
    """A concern as the viewer may know it, without its words."""

    id: int
    school_id: str
    reference: str
    pupil_id: str | None
    class_id: str | None
    urgency: Urgency
    state: str
    told_at: datetime
    new_to_me: bool
    """Whether a notice about it waits for this viewer, or they never opened it."""
    added: bool = False
    """Whether the child added to it after this viewer had opened it last."""
    about: tuple[str, ...] = ()
    """Whom it is about: the child chose them, or the team marked them."""
    holds: tuple[Hold, ...] = ()
    """From whom it is or was held, by name or by mark."""

    @property
    def kept_from(self) -> frozenset[str]:
        """The adults for whom it does not exist."""
        return frozenset(self.about) | {one.staff_id for one in self.holds if one.stands}


@dataclass(frozen=True, slots=True)
class Said:
    """Something the child said and when; None where the key to read it is away."""

    at: datetime
    spoken: Spoken | None


@dataclass(frozen=True, slots=True)
class ChronologyEntry:
    """An entry as it is shown; `text` is None where there is none or the key is away."""

    kind: Kind
    staff_id: str | None
    at: datetime
    text: str | None
    locked: bool


def visible_to(school_id: str, viewer: StaffHere, *, canary: bool = False) -> ColumnElement[bool]:
    """The scope of every query here: what this viewer may know to exist.

    Canaries are seen by the canary's own look alone, which asks the same of them instead.
    """
    from_me = kept_from(school_id, Concern.id, lambda staff_id: staff_id.in_(viewer.eyes))
    here = and_(Concern.school_id == school_id, Concern.canary.is_(canary), ~from_me)
    return and_(here, in_reach(school_id, viewer.id, viewer.reach(May.READ_CONCERNS)))


def in_reach(school_id: str, staff_id: str, far: Reach) -> ColumnElement[bool]:
    """Whether an adult whose right to read goes so far could open a concern, kept from nobody."""
    if far is Reach.WHOLE_SCHOOL:
        return true()
    if far is Reach.NOTHING:
        return false()
    return exists().where(
        ConcernPerson.school_id == school_id,
        ConcernPerson.concern_id == Concern.id,
        ConcernPerson.staff_id == staff_id,
    )


def _facts(school_id: str, viewer: StaffHere, *, canary: bool = False) -> Select[*tuple[Any, ...]]:
    waiting = exists().where(
        Notice.school_id == school_id,
        Notice.concern_id == Concern.id,
        Notice.staff_id == viewer.id,
        Notice.opened_at.is_(None),
    )
    seen = exists().where(
        View.school_id == school_id,
        View.concern_id == Concern.id,
        View.staff_id == viewer.id,
    )
    # The notice of an addition is of its very moment: equal, whatever a clock did since.
    added = exists().where(
        Entry.school_id == school_id,
        Entry.concern_id == Concern.id,
        Entry.kind == Kind.ADDED,
        Entry.made_at == Notice.made_at,
        Notice.school_id == school_id,
        Notice.concern_id == Concern.id,
        Notice.staff_id == viewer.id,
        Notice.opened_at.is_(None),
    )
    return select(
        Concern.id,
        Concern.school_id,
        Concern.reference,
        Concern.pupil_id,
        Concern.class_id,
        Concern.urgency,
        Concern.state,
        Concern.told_at,
        or_(waiting, ~seen).label("new_to_me"),
        and_(seen, added).label("added"),
    ).where(visible_to(school_id, viewer, canary=canary))


def _as_facts(row: Any, **more: Any) -> ConcernFacts:
    kept = {**row._mapping, "urgency": Urgency(row.urgency), "new_to_me": bool(row.new_to_me)}
    return ConcernFacts(**{**kept, "added": bool(row.added)}, **more)


def concerns(
    school_id: str, viewer: StaffHere, *, state: str = "open", canary: bool = False
) -> list[ConcernFacts]:
    """The viewer's concerns in a state: the most urgent, what was added to, then the oldest."""
    rows = db.session.execute(
        _facts(school_id, viewer, canary=canary)
        .where(Concern.state == state)
        .order_by(Concern.urgency, desc("added"), Concern.id)
    )
    return [_as_facts(row) for row in rows]


def concern(school_id: str, viewer: StaffHere, reference: str) -> ConcernFacts | None:
    """One concern, or None: the same for one that is not there and one not for this viewer."""
    row = db.session.execute(
        _facts(school_id, viewer).where(Concern.reference == reference)
    ).one_or_none()
    if row is None:
        return None
    chosen = db.session.scalars(
        select(ConcernAbout.staff_id).where(
            ConcernAbout.school_id == school_id, ConcernAbout.concern_id == row.id
        )
    )
    found = tuple(holds(school_id, row.id))
    marked = (one.staff_id for one in found if one.because is Why.MARKED and one.stands)
    return _as_facts(row, about=tuple(dict.fromkeys((*chosen, *marked))), holds=found)


def earlier(school_id: str, viewer: StaffHere, facts: ConcernFacts) -> int:
    """How many concerns of the same pupil, told before this one, this viewer may see."""
    if facts.pupil_id is None:
        return 0
    counted = select(func.count(Concern.id)).where(
        visible_to(school_id, viewer),
        Concern.pupil_id == facts.pupil_id,
        Concern.id < facts.id,
        Concern.state != ERASED,
    )
    return db.session.scalar(counted) or 0


def seals(school_id: str, facts: ConcernFacts) -> dict[str, ConcernSeal]:
    """The concern's data keys by id, as far as they can be unwrapped just now."""
    wrapped = _wrapped(school_id, facts)
    found = _unwrapped(school_id, facts, wrapped)
    if len(found) == len(wrapped):
        return found
    # The school's key may have been changed since the look: they open with the new one then.
    again = _wrapped(school_id, facts)
    return found if again == wrapped else _unwrapped(school_id, facts, again)


def _wrapped(school_id: str, facts: ConcernFacts) -> list[WrappedKey]:
    rows = db.session.execute(
        select(ConcernKey.id, ConcernKey.version, ConcernKey.wrapped)
        .where(ConcernKey.school_id == school_id, ConcernKey.concern_id == facts.id)
        .order_by(ConcernKey.made_at, ConcernKey.id)
    )
    return [WrappedKey(*row) for row in rows]


def _unwrapped(
    school_id: str, facts: ConcernFacts, keys: list[WrappedKey]
) -> dict[str, ConcernSeal]:
    found = {}
    for key in keys:
        with suppress(KeyMissing, ValueError):
            found[key.id] = unwrap(school_id, facts.reference, key)
    return found


def seal_of(school_id: str, facts: ConcernFacts) -> ConcernSeal:
    """The concern's first data key, to add entries with; KeyMissing when it is away."""
    found = seals(school_id, facts)
    if not found:
        raise KeyMissing("The school's private key is not in the keys folder.")
    return next(iter(found.values()))


def said(school_id: str, facts: ConcernFacts) -> list[Said]:
    """What the child told, first to last, in their own words."""
    keys = seals(school_id, facts)
    rows = db.session.execute(
        select(Words.key_id, Words.field, Words.sealed, Words.said_at)
        .where(Words.school_id == school_id, Words.concern_id == facts.id)
        .order_by(Words.id)
    )
    return [Said(row.said_at, _read_words(keys.get(row.key_id), row)) for row in rows]


def _read_words(seal: ConcernSeal | None, row: Any) -> Spoken | None:
    try:
        return read_spoken(seal.open(row.field, row.sealed)) if seal else None
    except (KeyMissing, ValueError):
        return None


def chronology(school_id: str, facts: ConcernFacts) -> list[ChronologyEntry]:
    """The concern's entries, newest first."""
    keys = seals(school_id, facts)
    rows = db.session.execute(
        select(Entry.kind, Entry.staff_id, Entry.made_at, Entry.key_id, Entry.field, Entry.sealed)
        .where(Entry.school_id == school_id, Entry.concern_id == facts.id)
        .order_by(Entry.id.desc())
    )
    return [_entry(keys.get(row.key_id or ""), row) for row in rows]


def _entry(seal: ConcernSeal | None, row: Any) -> ChronologyEntry:
    try:
        text = seal.open(row.field, row.sealed) if seal and row.sealed else None
    except (KeyMissing, ValueError):
        text = None
    locked = row.sealed is not None and text is None
    return ChronologyEntry(Kind(row.kind), row.staff_id, row.made_at, text, locked)


def steps_taken(school_id: str, concern_ids: Iterable[int]) -> dict[int, dict[Kind, str | None]]:
    """The kinds of entry that each concern has, with who made the newest of each; no text."""
    rows = db.session.execute(
        select(Entry.concern_id, Entry.kind, Entry.staff_id)
        .where(Entry.school_id == school_id, Entry.concern_id.in_(list(concern_ids)))
        .order_by(Entry.id)
    )
    found: dict[int, dict[Kind, str | None]] = {}
    for row in rows:
        found.setdefault(row.concern_id, {})[Kind(row.kind)] = row.staff_id
    return found


def who_has_seen(school_id: str, facts: ConcernFacts) -> dict[str, datetime]:
    """Who opened the concern, each with the first time: first by number, not by clock."""
    first = (
        select(func.min(View.id))
        .where(View.school_id == school_id, View.concern_id == facts.id)
        .group_by(View.staff_id)
    )
    rows = db.session.execute(
        select(View.staff_id, View.seen_at)
        .where(View.school_id == school_id, View.id.in_(first))
        .order_by(View.id)
    )
    return {row.staff_id: row.seen_at for row in rows}


def who_was_told(school_id: str, facts: ConcernFacts, behind: Mapping[str, str]) -> list[str]:
    """The adults to whom a notice of this concern went, and from whom it is not kept."""
    from_them = kept_from(school_id, Notice.concern_id, eyes_in(Notice.staff_id, behind))
    rows = db.session.scalars(
        select(Notice.staff_id)
        .where(Notice.school_id == school_id, Notice.concern_id == facts.id, ~from_them)
        .order_by(Notice.id)
    )
    return list(dict.fromkeys(rows))

"""What is due for a look, how a concern stands, and what is left of one that was erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.base import clock
from app.base.database import db
from app.people.viewers import StaffHere
from app.safeguarding.chain import chain_key
from app.safeguarding.queries.desk import ConcernFacts, visible_to
from app.safeguarding.restored import STRUCK_HERE, in_common
from app.safeguarding.retention import (
    CONTENT,
    ERASED,
    TURNS,
    Asking,
    Ground,
    Standing,
    due_if_before,
    due_on,
    facts_in,
    mark_of_name,
    standing_of,
)
from app.safeguarding.tables import Audit, Concern, Entry, Link, Schedule

WAS_ERASED = "erased"
WAS_ASKED = "erase asked"
STRUCK = "struck"
NOT_STRUCK = "not struck"
ALL_STRUCK = "all struck"
"""Kinds of audit lines about an erasure and about the backups that held its keys."""
MOST = 100
"""How many lines the list has, the oldest first."""

OneSession = Session | scoped_session[Any]


@dataclass(frozen=True, slots=True)
class Years:
    """What the school has set: after how many years, who set it and when."""

    years: int
    staff_id: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class DueConcern:
    """A closed concern that is due for a look."""

    reference: str
    pupil_id: str | None
    class_id: str | None
    due: date
    standing: Standing
    asked: Asking | None
    """An asking for it to be erased that is still open."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is left to say of a concern whose words nobody can open any more."""

    reference: str
    told_at: datetime
    asked_by: str
    asked_at: datetime
    asked_because: Ground
    agreed_by: str
    agreed_because: Ground
    erased_at: datetime
    keys: int
    years: int
    struck: dict[str, datetime] = field(default_factory=dict)
    """By backup: when its keys of this concern were struck out."""
    not_struck: dict[str, datetime] = field(default_factory=dict)
    """By backup: since when Catkin could not get at it."""
    all_struck: datetime | None = None
    """When Catkin had looked through each backup that it can reach."""
    named: dict[str, str] = field(default_factory=dict)
    """By adult: the mark of the name that was theirs; of older erasures there is none."""

    def renamed(self, school_id: str, names: dict[str, str]) -> set[str]:
        """Those of the two who have another name by now; nobody while the chain's key is away."""
        key = chain_key(school_id)
        return {
            one
            for one, mark in self.named.items()
            if key and mark != mark_of_name(key, one, names.get(one, ""))
        }


def years_set(school_id: str, session: OneSession | None = None) -> Years | None:
    """After how many years a closed concern is due for a look; None where nobody set that."""
    row = (
        (session or db.session)
        .execute(
            select(Schedule.years, Schedule.staff_id, Schedule.set_at).where(
                Schedule.school_id == school_id
            )
        )
        .one_or_none()
    )
    return row and Years(row.years, row.staff_id, row.set_at)


def due(school_id: str, viewer: StaffHere, today: date) -> list[DueConcern]:
    """The closed concerns that are due for a look, as far as the viewer may know of them."""
    schedule = years_set(school_id)
    if schedule is None:
        return []
    last = (
        select(Entry.concern_id, func.max(Entry.made_at).label("last"))
        .where(Entry.school_id == school_id, Entry.kind.in_(CONTENT))
        .group_by(Entry.concern_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Concern.id, Concern.reference, Concern.pupil_id, Concern.class_id, last.c.last)
        .join(last, last.c.concern_id == Concern.id)
        .where(
            visible_to(school_id, viewer),
            Concern.state == "closed",
            Concern.canary.is_(False),
            last.c.last < due_if_before(today, schedule.years),
        )
        .order_by(last.c.last, Concern.id)
        .limit(MOST)
    ).all()
    stands = _standings(school_id, [row.id for row in rows], db.session)
    moment, found = clock.now(), []
    for row in rows:
        own = stands[row.id]
        asked = own.asked if own.asked and own.asked.is_open(moment) else None
        since = due_on(row.last, schedule.years)
        found.append(DueConcern(row.reference, row.pupil_id, row.class_id, since, own, asked))
    return found


def standing(school_id: str, concern_id: int, session: OneSession | None = None) -> Standing:
    """How one concern stands; inside a write, with what it has changed."""
    found = _standings(school_id, [concern_id], session or db.session)
    return found.get(concern_id, Standing())


def _standings(
    school_id: str, concern_ids: Iterable[int], session: OneSession
) -> dict[int, Standing]:
    rows = session.execute(
        select(Entry.concern_id, Entry.kind, Entry.staff_id, Entry.made_at)
        .where(
            Entry.school_id == school_id,
            Entry.concern_id.in_(list(concern_ids)),
            Entry.kind.in_(TURNS),
        )
        .order_by(Entry.id)
    )
    turns: dict[int, list[Any]] = {}
    for row in rows:
        turns.setdefault(row.concern_id, []).append(row)
    return {concern_id: standing_of(those) for concern_id, those in turns.items()}


def erased(school_id: str, viewer: StaffHere) -> list[tuple[str, datetime]]:
    """The concerns that were erased and when, newest first, as far as the viewer may know."""
    rows = db.session.execute(
        select(Concern.reference, Audit.made_at)
        .join(Audit, Audit.concern_id == Concern.id)
        .where(
            visible_to(school_id, viewer),
            Audit.school_id == school_id,
            Audit.kind == WAS_ERASED,
            Concern.state == ERASED,
        )
        .order_by(Audit.id.desc())
        .limit(MOST)
    )
    return [(row.reference, row.made_at) for row in rows]


def ground_asked(school_id: str, concern_id: int, session: OneSession | None = None) -> Ground:
    """Why the one who asked last wants a concern erased."""
    says = (session or db.session).scalar(
        select(Audit.says)
        .where(
            Audit.school_id == school_id,
            Audit.concern_id == concern_id,
            Audit.kind == WAS_ASKED,
        )
        .order_by(Audit.id.desc())
        .limit(1)
    )
    return Ground(facts_in(says or "")["ground"])


def shared_links(school_id: str, session: OneSession) -> int:
    """How many links a struck backup has in common with the school that it was made of."""
    newest = session.scalar(select(func.max(Link.number)).where(Link.school_id == school_id)) or 0
    lines = session.scalars(
        select(Audit.says).where(Audit.school_id == school_id, Audit.kind == STRUCK_HERE)
    )
    return in_common(newest, {int(facts_in(says)["after"]) for says in lines})


def erasing_was_asked(
    school_id: str, concern_id: int, session: OneSession | None = None
) -> datetime | None:
    """When the asking was made by which a concern was erased; None where it was not.

    What came later could not be known to whoever asked.
    """
    says = (session or db.session).scalar(
        select(Audit.says)
        .where(
            Audit.school_id == school_id,
            Audit.concern_id == concern_id,
            Audit.kind == WAS_ERASED,
        )
        .order_by(Audit.id.desc())
        .limit(1)
    )
    return None if says is None else datetime.fromisoformat(facts_in(says)["asked_at"])


def certificate(school_id: str, facts: ConcernFacts) -> Certificate | None:
    """What is left to say of an erased concern; None where it was not erased here."""
    rows = db.session.execute(
        select(Audit.kind, Audit.staff_id, Audit.says, Audit.made_at)
        .where(Audit.school_id == school_id, Audit.concern_id == facts.id)
        .order_by(Audit.id)
    ).all()
    done = next((row for row in reversed(rows) if row.kind == WAS_ERASED), None)
    if done is None:
        return None
    says = facts_in(done.says)
    struck = {facts_in(row.says)["backup"]: row.made_at for row in rows if row.kind == STRUCK}
    away = {facts_in(row.says)["backup"]: row.made_at for row in rows if row.kind == NOT_STRUCK}
    return Certificate(
        reference=facts.reference,
        told_at=facts.told_at,
        asked_by=says["asked_by"],
        asked_at=datetime.fromisoformat(says["asked_at"]),
        asked_because=Ground(says["asked_because"]),
        agreed_by=done.staff_id or "",
        agreed_because=Ground(says["agreed_because"]),
        erased_at=done.made_at,
        keys=int(says["keys"]),
        years=int(says["years"]),
        struck=struck,
        not_struck={name: at for name, at in away.items() if name not in struck},
        all_struck=max((row.made_at for row in rows if row.kind == ALL_STRUCK), default=None),
        named={
            who: says[mark]
            for who, mark in (
                (says["asked_by"], "asked_name"),
                (done.staff_id or "", "agreed_name"),
            )
            if mark in says
        },
    )

"""The day's canary and what came of it, the last drills; and the canary as adults would see one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.base import clock
from app.base.database import db
from app.people.rules import Adult
from app.people.viewers import StaffHere
from app.safeguarding.canary import Look, Station
from app.safeguarding.canary_aside import aside
from app.safeguarding.queries import desk
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Urgency
from app.safeguarding.tables import CanaryLook, Concern, Drill


@dataclass(frozen=True, slots=True)
class DrillFacts:
    """What came of restoring a backup to a place of its own."""

    backup: str
    works: bool
    why: str
    took_ms: int
    at: datetime


def looks(school_id: str, day: str) -> list[Look]:
    """What came of a day's canary, station by station, as far as it was tried."""
    return looks_and_ever(school_id, day)[0]


def looks_and_ever(school_id: str, day: str) -> tuple[list[Look], bool]:
    """The same, and whether any was kept: a restore leaves those of another computer behind."""
    newest = select(func.max(CanaryLook.day)).where(
        CanaryLook.school_id == school_id, CanaryLook.day <= day
    )
    rows = db.session.execute(
        select(
            CanaryLook.station,
            CanaryLook.works,
            CanaryLook.why,
            CanaryLook.looked_at,
            CanaryLook.day,
        ).where(CanaryLook.school_id == school_id, CanaryLook.day == newest.scalar_subquery())
    ).all()
    found = {row.station: Look(Station(row.station), *row[1:4]) for row in rows if row.day == day}
    for look in aside(school_id, day):
        if look.station not in found or found[look.station].at <= look.at:
            found[look.station] = look
    return [found[station] for station in Station if station in found], bool(rows or found)


def last_drill(school_id: str) -> DrillFacts | None:
    """The newest drill of a school; None before the first."""
    row = db.session.execute(
        select(Drill.backup, Drill.works, Drill.why, Drill.took_ms, Drill.made_at)
        .where(Drill.school_id == school_id)
        .order_by(Drill.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else DrillFacts(*row)


def first_flown(school_id: str) -> datetime | None:
    """When this school's first canary was kept."""
    first = select(func.min(Concern.told_at)).where(
        Concern.school_id == school_id, Concern.canary.is_(True)
    )
    return db.session.scalar(first)


def reference_of(school_id: str, since: datetime) -> str | None:
    """The newest canary kept since a moment."""
    newest = (
        select(Concern.reference)
        .where(Concern.school_id == school_id, Concern.canary.is_(True), Concern.told_at >= since)
        .order_by(Concern.id.desc())
        .limit(1)
    )
    return db.session.scalar(newest)


def facts(school_id: str, reference: str) -> ConcernFacts | None:
    """A canary, whoever might see it."""
    row = db.session.execute(
        select(Concern.id, Concern.urgency, Concern.state, Concern.told_at).where(
            Concern.school_id == school_id,
            Concern.canary.is_(True),
            Concern.reference == reference,
        )
    ).one_or_none()
    if row is None:
        return None
    return ConcernFacts(
        id=row.id,
        school_id=school_id,
        reference=reference,
        pupil_id=None,
        class_id=None,
        urgency=Urgency(row.urgency),
        state=row.state,
        told_at=row.told_at,
        new_to_me=False,
    )


def seen_by(school_id: str, adults: Iterable[Adult], reference: str) -> int:
    """How many of these adults have the canary in their list: the desk's own question."""
    lists = (desk.concerns(school_id, _as_viewer(school_id, one), canary=True) for one in adults)
    return sum(any(facts.reference == reference for facts in listed) for listed in lists)


def _as_viewer(school_id: str, adult: Adult) -> StaffHere:
    """The adult, as if signed in just now."""
    return StaffHere(
        sign_in="",
        school_id=school_id,
        id=adult.id,
        name=adult.name,
        known_as=adult.known_as,
        roles=adult.roles,
        seen_at=clock.now(),
        stepped_up_at=None,
        behind=adult.behind,
    )

"""Holding a concern from those whom its words name, and letting go where too few would be left."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import clock
from app.base.database import db
from app.people.queries import staff
from app.people.rules import Adult
from app.safeguarding.chain import recording
from app.safeguarding.conflicts import Why, held_by_name
from app.safeguarding.queries.kept_from import from_whom, never_let_go
from app.safeguarding.queries.team import changed_the_team
from app.safeguarding.retention import ERASED, KNOWN_FOR
from app.safeguarding.tables import Concern, ConcernHeld, ConcernPerson, Notice

LOOK_EVERY = 20.0
"""Seconds between two looks whether enough are left to see what is held."""
_looks: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Near:
    """The adults of a school, and those of the class from which a concern came."""

    adults: Sequence[Adult]
    of_class: Sequence[Adult]


def near_of(school_id: str, class_id: str | None) -> Near:
    """Asked of the store of people, before a write to that of concerns begins."""
    of_class = staff.adults_of_class(school_id, class_id) if class_id else []
    return Near(staff.adults(school_id), of_class)


def hold_by_name(
    session: Session,
    school_id: str,
    concern_id: int,
    named: Iterable[str],
    who: Near,
    moment: datetime,
) -> None:
    """Hold a concern from those whom the words name, with those from whom it is held. In a write.

    Never so that fewer than two are left to see it. That the words name somebody who sees it all
    the same is kept too: such a one clears nothing.
    """
    session.flush()
    held = _held_by_name(session, school_id, concern_id)
    never = never_let_go(school_id, concern_id, session)
    last = _last_let_go(session, school_id, concern_id)
    by_name = held_by_name({*named, *held}, who.adults, who.of_class, never, last)
    for staff_id in (*by_name.held, *by_name.let_go):
        ends = moment if staff_id in by_name.let_go else None
        if staff_id not in held:
            session.add(_named(school_id, concern_id, staff_id, moment, ends))
        elif ends is not None:
            held[staff_id].cleared_at = ends
            deliver(session, school_id, concern_id, staff_id, who.adults, moment)
    session.flush()


def _last_let_go(session: Session, school_id: str, concern_id: int) -> set[str]:
    """Who changed the team since it was told, or not long before: nobody lets themselves in so."""
    told = select(Concern.told_at).where(Concern.school_id == school_id, Concern.id == concern_id)
    return changed_the_team(school_id, session.scalars(told).one() - KNOWN_FOR, session)


def _named(
    school_id: str, concern_id: int, staff_id: str, since: datetime, ends: datetime | None
) -> ConcernHeld:
    return ConcernHeld(
        school_id=school_id,
        concern_id=concern_id,
        staff_id=staff_id,
        because=Why.NAMED.value,
        held_by=None,
        since=since,
        cleared_by=None,
        cleared_at=ends,
    )


def _held_by_name(session: Session, school_id: str, concern_id: int) -> dict[str, ConcernHeld]:
    """By adult: the hold by name that stands."""
    standing = select(ConcernHeld).where(
        ConcernHeld.school_id == school_id,
        ConcernHeld.concern_id == concern_id,
        ConcernHeld.because == Why.NAMED.value,
        ConcernHeld.cleared_at.is_(None),
    )
    return {one.staff_id: one for one in session.scalars(standing)}


def deliver(
    session: Session,
    school_id: str,
    concern_id: int,
    staff_id: str,
    adults: Iterable[Adult],
    moment: datetime,
) -> None:
    """Tell an adult of a concern that is kept from them no more, if they would have had it."""
    session.flush()
    if staff_id in from_whom(school_id, concern_id, session):
        return
    theirs = select(ConcernPerson.staff_id).where(
        ConcernPerson.school_id == school_id,
        ConcernPerson.concern_id == concern_id,
        ConcernPerson.staff_id == staff_id,
    )
    of_team = any(one.id == staff_id and one.sees_concerns for one in adults)
    if of_team or session.scalar(theirs) is not None:
        session.add(
            Notice(
                school_id=school_id,
                concern_id=concern_id,
                staff_id=staff_id,
                made_at=moment,
                opened_at=None,
            )
        )


def look_after_holds(school_id: str) -> None:
    """The keeper's chore: where adults have left since, let go of holds by name."""
    if _looks.get(school_id, 0.0) <= time.monotonic():
        _looks[school_id] = time.monotonic() + LOOK_EVERY
        let_go_where_too_few(school_id)


def let_go_where_too_few(school_id: str) -> None:
    """Let go of holds by name where fewer than two are left to see a concern."""
    held = (
        select(Concern.id, Concern.class_id, ConcernHeld.staff_id)
        .join(ConcernHeld, ConcernHeld.concern_id == Concern.id)
        .where(
            Concern.school_id == school_id,
            Concern.state != ERASED,
            ConcernHeld.school_id == school_id,
            ConcernHeld.because == Why.NAMED.value,
            ConcernHeld.cleared_at.is_(None),
        )
    )
    concerns: dict[int, tuple[str | None, set[str]]] = {}
    for row in db.session.execute(held):
        concerns.setdefault(row.id, (row.class_id, set()))[1].add(row.staff_id)
    for concern_id, (class_id, named) in concerns.items():
        who = near_of(school_id, class_id)
        never = never_let_go(school_id, concern_id)
        if held_by_name(named, who.adults, who.of_class, never).let_go:
            with recording(school_id) as session:
                hold_by_name(session, school_id, concern_id, (), who, clock.now())

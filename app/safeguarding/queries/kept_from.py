"""The one condition by which a concern does not exist for an adult, and what is known of it.

Who comes in by a link that another made could be that other, until a third says that it is them:
so they have the eyes of both, and what is kept from either is kept from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, scoped_session

from app.base.database import db
from app.safeguarding.conflicts import Hold, Why
from app.safeguarding.retention import ERASED
from app.safeguarding.tables import Concern, ConcernAbout, ConcernHeld

Column = InstrumentedAttribute[Any]
Who = Callable[[Column], ColumnElement[bool]]


def kept_from(school_id: str, concern_id: Column, who: Who) -> ColumnElement[bool]:
    """Whether a concern is about any of these adults, or is held from one and nobody cleared it.

    Whatever asks for concerns on behalf of an adult asks this; there is no second place.
    """
    about = exists().where(
        ConcernAbout.school_id == school_id,
        ConcernAbout.concern_id == concern_id,
        who(ConcernAbout.staff_id),
    )
    held = exists().where(
        ConcernHeld.school_id == school_id,
        ConcernHeld.concern_id == concern_id,
        ConcernHeld.cleared_at.is_(None),
        who(ConcernHeld.staff_id),
    )
    return or_(about, held)


def eyes_of(adults: Iterable[str], behind: Mapping[str, str]) -> Who:
    """These adults, and who could be looking in their place: `behind`, by adult who waits."""
    known = set(adults)
    eyes = known | {behind[one] for one in known & behind.keys()}
    return lambda staff_id: staff_id.in_(eyes)


def eyes_in(whose: Column, behind: Mapping[str, str]) -> Who:
    """The same for the adult of each row."""
    return lambda staff_id: or_(
        staff_id == whose,
        *(and_(whose == one, staff_id == maker) for one, maker in behind.items()),
    )


OneSession = Session | scoped_session[Any]


def from_whom(school_id: str, concern_id: int, session: OneSession | None = None) -> set[str]:
    """The adults from whom a concern is kept; inside a write, with what it has changed."""
    return _about(school_id, concern_id, session) | _held(school_id, concern_id, session)


def never_let_go(school_id: str, concern_id: int, session: OneSession | None = None) -> set[str]:
    """The adults whom a concern is about: chosen by the child, or marked and not cleared."""
    marked = _held(school_id, concern_id, session, ConcernHeld.because == Why.MARKED)
    return _about(school_id, concern_id, session) | marked


def marked_by(school_id: str, marker: str) -> list[set[str]]:
    """Of each concern with a standing mark of this adult, who sees it: whom it is about."""
    marked = (
        select(ConcernHeld.concern_id)
        .join(Concern, Concern.id == ConcernHeld.concern_id)
        .where(
            Concern.school_id == school_id,
            Concern.state != ERASED,
            ConcernHeld.school_id == school_id,
            ConcernHeld.because == Why.MARKED,
            ConcernHeld.held_by == marker,
            ConcernHeld.cleared_at.is_(None),
            ~kept_from(school_id, ConcernHeld.concern_id, lambda whose: whose == marker),
        )
        .distinct()
    )
    return [never_let_go(school_id, one) for one in db.session.scalars(marked)]


def _about(school_id: str, concern_id: int, session: OneSession | None) -> set[str]:
    about = select(ConcernAbout.staff_id).where(
        ConcernAbout.school_id == school_id, ConcernAbout.concern_id == concern_id
    )
    return set((session or db.session).scalars(about))


def _held(
    school_id: str,
    concern_id: int,
    session: OneSession | None,
    *narrower: ColumnElement[bool],
) -> set[str]:
    held = select(ConcernHeld.staff_id).where(
        ConcernHeld.school_id == school_id,
        ConcernHeld.concern_id == concern_id,
        ConcernHeld.cleared_at.is_(None),
        *narrower,
    )
    return set((session or db.session).scalars(held))


def holds(school_id: str, concern_id: int, session: OneSession | None = None) -> list[Hold]:
    """All holds that there are or were on a concern, the first first."""
    rows = (session or db.session).execute(
        select(
            ConcernHeld.id,
            ConcernHeld.staff_id,
            ConcernHeld.because,
            ConcernHeld.held_by,
            ConcernHeld.since,
            ConcernHeld.cleared_by,
            ConcernHeld.cleared_at,
        )
        .where(ConcernHeld.school_id == school_id, ConcernHeld.concern_id == concern_id)
        .order_by(ConcernHeld.id)
    )
    return [Hold(row.id, row.staff_id, Why(row.because), *row[3:]) for row in rows]

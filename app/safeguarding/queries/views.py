"""Who opened which concern and when: every time, for those who may see that concern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from app.base import clock
from app.base.database import db
from app.people.viewers import StaffHere
from app.safeguarding.queries.desk import ConcernFacts, visible_to
from app.safeguarding.tables import Concern, View

A_PAGE = 100
"""So many openings stand on a page."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An adult opened a concern."""

    reference: str
    staff_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both with it; None for no end on that side."""

    since: date | None = None
    until: date | None = None


def openings_of(school_id: str, facts: ConcernFacts) -> list[Opening]:
    """The newest openings of one concern, newest first by number, and one more than a page."""
    return _read(_openings(school_id).where(View.concern_id == facts.id), 1)


def openings(
    school_id: str, viewer: StaffHere, period: Period, *, number: int = 1, reference: str = ""
) -> list[Opening]:
    """A page of the openings of all that this viewer may see, and one more if there are more.

    Pages are counted and never named by a row: gaps between rows would tell of other concerns.
    """
    asked = _openings(school_id).where(visible_to(school_id, viewer))
    if reference:
        asked = asked.where(Concern.reference == reference)
    if period.since:
        asked = asked.where(View.seen_at >= clock.at(period.since, time()))
    if period.until:
        asked = asked.where(View.seen_at < clock.at(period.until + timedelta(days=1), time()))
    return _read(asked, number)


def _openings(school_id: str) -> Select[str, str, datetime]:
    return (
        select(Concern.reference, View.staff_id, View.seen_at)
        .join(Concern, Concern.id == View.concern_id)
        .where(View.school_id == school_id, Concern.school_id == school_id)
        .order_by(View.id.desc())
    )


def _read(asked: Select[str, str, datetime], number: int) -> list[Opening]:
    rows = db.session.execute(asked.offset((number - 1) * A_PAGE).limit(A_PAGE + 1))
    return [Opening(*row) for row in rows]

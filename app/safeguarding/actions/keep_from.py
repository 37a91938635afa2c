"""The team says whom a concern is about, and whom it may reach after all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import clock
from app.base.errors import Refused
from app.people.actions.word import must_be_themselves
from app.people.queries import staff
from app.people.rules import Adult
from app.safeguarding.actions.handle import NOT_YOURS, By, record
from app.safeguarding.actions.holds import deliver, hold_by_name, near_of
from app.safeguarding.conflicts import Why, able, but_behind, decides, may_clear, too_few
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.queries.kept_from import holds, never_let_go
from app.safeguarding.rules import Kind
from app.safeguarding.tables import ConcernHeld

NOT_LISTED = "Choose an adult from the list."
ALREADY = "This concern is kept from that adult already, as being about them."
ONE_LEFT = (
    "Then fewer than two of the team could see this concern. Who comes in by a link of yours counts"
    " once another has confirmed them. Call somebody outside the school first, and let another"
    " adult join the team on the People page."
)

LAST_UNNAMED = (
    "This is the only one of the team whom the words do not name. Call somebody outside the school"
    " first, and let another adult join the team on the People page."
)


def mark(school_id: str, concern: ConcernFacts, staff_id: str, reason: str, *, by: By) -> None:
    """Mark a concern as being about an adult: from here on it does not exist for them.

    Two of the team always go on seeing it: nobody can mark the others away and be left alone, or
    with somebody whom only their own link made.
    """
    adult, who = _adult(school_id, staff_id), near_of(school_id, concern.class_id)
    must_be_themselves(school_id, by.staff_id)
    if staff_id == by.staff_id:
        raise Refused(NOT_LISTED)

    def first(session: Session) -> None:
        never, moment = never_let_go(school_id, concern.id, session), clock.now()
        found = holds(school_id, concern.id, session)
        named = {one.staff_id for one in found if one.names}
        if staff_id in never:
            raise Refused(ALREADY)
        if not decides(by.staff_id, found, never, who.adults):
            raise Refused(NOT_YOURS)
        if adult.sees_concerns and too_few(but_behind(who.adults, by.staff_id), never | {staff_id}):
            raise Refused(ONE_LEFT)
        if adult.id not in named and not able(who.adults, named | never | {staff_id}):
            raise Refused(LAST_UNNAMED)
        session.add(
            ConcernHeld(
                school_id=school_id,
                concern_id=concern.id,
                staff_id=staff_id,
                because=Why.MARKED.value,
                held_by=by.staff_id,
                since=moment,
                cleared_by=None,
                cleared_at=None,
            )
        )
        hold_by_name(session, school_id, concern.id, (), who, moment)

    text = f"About {adult.name}. Reason: {reason}"
    record(school_id, concern, Kind.MARKED, text, by=by, first=first)


def let_see(school_id: str, concern: ConcernFacts, staff_id: str, reason: str, *, by: By) -> None:
    """Clear what holds a concern from an adult, who is told of it as if it were told now."""
    adult, adults = _adult(school_id, staff_id), staff.adults(school_id)
    must_be_themselves(school_id, by.staff_id)

    def first(session: Session) -> None:
        found, moment = holds(school_id, concern.id, session), clock.now()
        theirs = [one for one in found if one.staff_id == staff_id]
        mine = [one.id for one in theirs if may_clear(by.staff_id, one, found, adults)]
        if not mine:
            raise Refused(NOT_YOURS)
        cleared = select(ConcernHeld).where(
            ConcernHeld.school_id == school_id, ConcernHeld.id.in_(mine)
        )
        for hold in session.scalars(cleared):
            hold.cleared_by, hold.cleared_at = by.staff_id, moment
        deliver(session, school_id, concern.id, staff_id, adults, moment)

    text = f"{adult.name} may see it. Reason: {reason}"
    record(school_id, concern, Kind.CLEARED, text, by=by, first=first)


def _adult(school_id: str, staff_id: str) -> Adult:
    found = staff.adult(school_id, staff_id)
    if found is None:
        raise Refused(NOT_LISTED)
    return found

"""Who is to be written to that something waits, and whether letters can go at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from app.base.database import db
from app.base.post import Outcome
from app.people.queries import staff
from app.people.rights import May, Reach, reach
from app.people.rules import Adult
from app.people.viewers import StaffHere
from app.safeguarding.mailing import OF_THE_ADULT, Check, Letters, Misses
from app.safeguarding.queries.desk import visible_to
from app.safeguarding.queries.kept_from import eyes_in, kept_from
from app.safeguarding.tables import (
    Concern,
    ConcernPerson,
    Mail,
    MailCheck,
    Notice,
)


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that may go now: to whom, and the newest notice that it stands for."""

    staff_id: str
    address: str
    through: int


def due(school_id: str, moment: datetime) -> list[Due]:
    """The letters that may go now, those that have failed least often first."""
    newest = _newest_waiting(school_id)
    if not newest:
        return []
    so_far = _letters(school_id)
    found = []
    for adult in staff.adults(school_id):
        through = max(
            (n for own, n in newest.get(adult.id, ()) if _reaches(adult, own=own)),
            default=0,
        )
        letters = so_far.get(adult.id, Letters())
        if adult.signed_in_once and through > letters.through and letters.may_go(moment):
            found.append((letters.misses.count, Due(adult.id, adult.email, through)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _reaches(adult: Adult, *, own: bool) -> bool:
    """Whether this adult may read what was, or was not, sent to or shared with them."""
    return reach(adult.roles, May.READ_CONCERNS) >= (Reach.OWN if own else Reach.WHOLE_SCHOOL)


def waiting_for(school_id: str) -> set[str]:
    """The adults for whom the outbox holds a notice of a canary: nobody is written to for it."""
    return set(_newest_waiting(school_id, canary=True))


def _newest_waiting(school_id: str, *, canary: bool = False) -> dict[str, list[tuple[bool, int]]]:
    """By adult: the newest notice not opened, of what was sent to or shared with them and of the
    rest; nothing of a concern that is closed, nor of one that is by now kept from that adult."""
    lookers = eyes_in(Notice.staff_id, staff.behind(school_id))
    from_them = kept_from(school_id, Notice.concern_id, lookers)
    theirs = exists().where(
        ConcernPerson.school_id == school_id,
        ConcernPerson.concern_id == Notice.concern_id,
        ConcernPerson.staff_id == Notice.staff_id,
    )
    shared = theirs.label("shared")
    rows = db.session.execute(
        select(Notice.staff_id, shared, func.max(Notice.id).label("newest"))
        .join(Concern, and_(Concern.school_id == school_id, Concern.id == Notice.concern_id))
        .where(
            Notice.school_id == school_id,
            Notice.opened_at.is_(None),
            Concern.state == "open",
            Concern.canary.is_(canary),
            ~from_them,
        )
        .group_by(Notice.staff_id, shared)
    )
    found: dict[str, list[tuple[bool, int]]] = {}
    for row in rows:
        found.setdefault(row.staff_id, []).append((bool(row.shared), row.newest))
    return found


def _letters(school_id: str) -> dict[str, Letters]:
    """By adult: the last letter that went, and what failed since for a reason of their own."""
    here = Mail.school_id == school_id
    newest_notice = select(func.max(Notice.id)).where(Notice.school_id == school_id)
    sent = (
        select(Mail.staff_id, func.max(Mail.id).label("id"))
        # No letter went for a notice to come: whoever put that into the file wants them silent.
        .where(
            here,
            Mail.outcome == Outcome.SENT,
            Mail.through <= newest_notice.scalar_subquery(),
        )
        .group_by(Mail.staff_id)
    )
    last = sent.subquery()
    missed = (
        select(Mail.staff_id, func.max(Mail.id).label("id"), func.count(Mail.id).label("misses"))
        .outerjoin(last, last.c.staff_id == Mail.staff_id)
        .where(
            here,
            or_(last.c.id.is_(None), Mail.id > last.c.id),
            # What nobody ended counts as a miss: else a full disk would send letter upon letter.
            or_(Mail.outcome.is_(None), Mail.outcome.in_(OF_THE_ADULT)),
        )
        .group_by(Mail.staff_id)
    )
    gone = {row.staff_id: row.id for row in db.session.execute(sent)}
    failed = {row.staff_id: (row.id, row.misses) for row in db.session.execute(missed)}
    newest = {*gone.values(), *(number for number, _ in failed.values())}
    rows = db.session.execute(
        select(Mail.id, Mail.through, Mail.tried_at).where(here, Mail.id.in_(newest))
    )
    # The newest by its number, not by its time: clocks are put back.
    through, at = {0: 0}, {}
    for row in rows:
        through[row.id], at[row.id] = row.through, row.tried_at
    found = {}
    for one in {*gone, *failed}:
        number, (miss, misses) = gone.get(one, 0), failed.get(one, (0, 0))
        found[one] = Letters(through[number], at.get(number), Misses(misses, at.get(miss)))
    return found


def check_of(school_id: str) -> Check | None:
    """What came of the last try to reach the mail server; None before the first."""
    row = db.session.execute(
        select(MailCheck.checked_at, MailCheck.outcome, MailCheck.reached_at).where(
            MailCheck.school_id == school_id
        )
    ).one_or_none()
    return row and Check(row.checked_at, Outcome(row.outcome), row.reached_at)


def refused_to(school_id: str, viewer: StaffHere) -> Outcome | None:
    """Why this viewer was not reached about something that still waits for them, if so."""
    waits = (
        exists()
        .where(
            Notice.school_id == school_id,
            Notice.staff_id == viewer.id,
            Notice.opened_at.is_(None),
            Notice.id <= Mail.through,
            Concern.id == Notice.concern_id,
            Concern.state == "open",
            visible_to(school_id, viewer),
        )
        .correlate(Mail)
    )
    newest = (
        select(Mail.outcome, waits.label("waits"))
        .where(Mail.school_id == school_id, Mail.staff_id == viewer.id, Mail.outcome.is_not(None))
        .order_by(Mail.id.desc())
        .limit(1)
    )
    row = db.session.execute(newest).one_or_none()
    if row is None or not row.waits or row.outcome not in OF_THE_ADULT:
        return None
    return Outcome(row.outcome)

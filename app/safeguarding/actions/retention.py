"""What people decide about keeping a concern: years, holds, and erasing by two of the team."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import clock, ids
from app.base.errors import KeyMissing, Refused
from app.people.actions.word import must_be_themselves
from app.people.queries import staff
from app.people.rights import May, reach
from app.people.rules import Adult
from app.safeguarding import spool
from app.safeguarding.actions.handle import By, must_decide, record
from app.safeguarding.chain import chain_key, recording
from app.safeguarding.queries import retention as known
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.queries.kept_from import from_whom
from app.safeguarding.retention import (
    ERASED,
    KNOWN_FOR,
    MOST_YEARS,
    Asking,
    Ground,
    Standing,
    due_if_before,
    facts_as_text,
    mark_of_name,
)
from app.safeguarding.rules import Kind
from app.safeguarding.tables import Audit, Concern, ConcernKey, Entry, Schedule

NOT_DUE = "This concern is not due for a look, so it cannot be erased."
HELD = "There is a hold on this concern. Release it first."
NOBODY_ELSE = (
    "No other member of the team could agree. Erasing takes two, and both must have been in the"
    f" team for {KNOWN_FOR.days} days, without a new sign-in link since."
)
UNREAD = (
    "Something that a child told lies on the disk and cannot be read just now. Nothing is erased"
    " until the technician has mended that."
)
TOLD_NOW = "More was told just now. Look again in a few minutes."
RAN_OUT = "Nobody has asked for this to be erased, or the asking ran out. Ask again."
YOURSELF = "You asked for this yourself. Another member of the team must agree."
NEW_HERE = (
    f"You have not been in the team for {KNOWN_FOR.days} days yet, or had a new sign-in link"
    " since, or nobody has confirmed that it is you. Another member of the team must agree."
)


def set_years(school_id: str, years: int | None, *, by: str) -> None:
    """Set after how many years a closed concern is due for a look; None for never."""
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise Refused(f"Write a number from 1 to {MOST_YEARS}.")
    with recording(school_id) as session:
        kept = session.get(Schedule, school_id)
        before = kept.years if kept else None
        if before == years:
            return
        if kept is not None:
            session.delete(kept)
            session.flush()
        if years is not None:
            session.add(Schedule(school_id=school_id, years=years, staff_id=by, set_at=clock.now()))
        _note(session, school_id, None, "schedule", by, years=years or "none", was=before or "none")


def keep(school_id: str, concern: ConcernFacts, reason: str, *, by: By) -> None:
    """Look at a concern and keep it: a note, so that the years begin anew."""
    record(school_id, concern, Kind.NOTE, f"Looked at, and kept. Reason: {reason}", by=by)


def hold(school_id: str, concern: ConcernFacts, reason: str, *, by: By) -> None:
    """Put a hold on a concern: until it is released nobody can erase it."""

    def first(session: Session) -> None:
        if known.standing(school_id, concern.id, session).held:
            raise Refused("There is a hold on this concern already.")

    record(school_id, concern, Kind.HELD, f"Reason: {reason}", by=by, first=first)


def release(school_id: str, concern: ConcernFacts, reason: str, *, by: By) -> None:
    """Take a hold off."""
    must = must_decide(school_id, concern, by)

    def first(session: Session) -> None:
        must(session)
        if not known.standing(school_id, concern.id, session).held:
            raise Refused("There is no hold on this concern.")

    record(school_id, concern, Kind.RELEASED, f"Reason: {reason}", by=by, first=first)


def others_who_may_agree(school_id: str, concern: ConcernFacts, asks: str) -> list[Adult]:
    """The members of the team who could agree: neither the asker nor named, and known for long.

    Whoever asks could have made a second account a moment ago, or a link to another's.
    """
    since, moment = staff.themselves_since(school_id), clock.now()
    return [
        adult
        for adult in staff.adults(school_id)
        if reach(adult.roles, May.ERASE_CONCERNS)
        and adult.id in since
        and moment - since[adult.id] >= KNOWN_FOR
        and adult.id != asks
        and adult.id not in concern.kept_from
    ]


def ask_to_erase(
    school_id: str, concern: ConcernFacts, ground: Ground, reason: str, *, by: By
) -> None:
    """Ask for a concern to be erased; another member of the team must agree."""
    must_be_themselves(school_id, by.staff_id)
    if not others_who_may_agree(school_id, concern, by.staff_id):
        raise Refused(NOBODY_ELSE)
    must = must_decide(school_id, concern, by)

    def first(session: Session) -> None:
        must(session)
        stands = _may_go(session, concern)
        if stands.asked and stands.asked.is_open(clock.now()):
            raise Refused("Somebody has asked already. Another member of the team can agree.")
        _note(session, school_id, concern.id, known.WAS_ASKED, by.staff_id, ground=ground.value)

    record(school_id, concern, Kind.ERASE_ASKED, f"Reason: {reason}", by=by, first=first)


def agree_to_erase(school_id: str, concern: ConcernFacts, ground: Ground, *, by: By) -> None:
    """Agree, and destroy every key of the concern: from here on nobody can open its words."""
    able = {adult.id for adult in others_who_may_agree(school_id, concern, asks="")}
    names, key = staff.names(school_id), chain_key(school_id)
    must = must_decide(school_id, concern, by)
    if key is None:
        raise KeyMissing("The key of the record's chain is not in the keys folder.")
    with recording(school_id) as session:
        must(session)
        stands = _may_go(session, concern)
        asked = _asked(session, concern, stands, able, by.staff_id)
        keys = session.scalars(
            select(ConcernKey).where(
                ConcernKey.school_id == school_id, ConcernKey.concern_id == concern.id
            )
        ).all()
        years = known.years_set(school_id, session)
        because = known.ground_asked(school_id, concern.id, session)
        for one in keys:
            session.delete(one)
        _concern(session, concern).state = ERASED
        session.add(_erased(concern, by))
        _note(
            session,
            school_id,
            concern.id,
            known.WAS_ERASED,
            by.staff_id,
            reference=concern.reference,
            asked_by=asked.staff_id,
            asked_at=asked.at.isoformat(),
            asked_because=because.value,
            agreed_because=ground.value,
            keys=len(keys),
            years=years.years if years else 0,
            asked_name=mark_of_name(key, asked.staff_id, names[asked.staff_id]),
            agreed_name=mark_of_name(key, by.staff_id, names[by.staff_id]),
        )


def _asked(
    session: Session, concern: ConcernFacts, stands: Standing, able: set[str], agrees: str
) -> Asking:
    """The asking that is agreed to: still open, and by another, and it is about neither."""
    asked = stands.asked
    able = able - from_whom(concern.school_id, concern.id, session)
    if asked is None or not asked.is_open(clock.now()) or asked.staff_id not in able:
        raise Refused(RAN_OUT)
    if asked.staff_id == agrees:
        raise Refused(YOURSELF)
    if agrees not in able:
        raise Refused(NEW_HERE)
    return asked


def _may_go(session: Session, concern: ConcernFacts) -> Standing:
    """How a concern stands that may be erased; Refused where it may not. Inside a write."""
    if any(one.reference == concern.reference for one in spool.waiting(concern.school_id)):
        raise Refused(TOLD_NOW)
    if spool.state(concern.school_id).damaged:
        raise Refused(UNREAD)
    stands = known.standing(concern.school_id, concern.id, session)
    if not is_due(concern, stands, session):
        raise Refused(NOT_DUE)
    if stands.held:
        raise Refused(HELD)
    return stands


def is_due(concern: ConcernFacts, stands: Standing, session: Session | None = None) -> bool:
    """Whether a concern is due for a look today; inside a write, by what it finds there."""
    schedule = known.years_set(concern.school_id, session)
    state = concern.state if session is None else _concern(session, concern).state
    today = clock.local(clock.now()).date()
    return (
        schedule is not None
        and state == "closed"
        and stands.last is not None
        and stands.last < due_if_before(today, schedule.years)
    )


def _concern(session: Session, concern: ConcernFacts) -> Concern:
    here = select(Concern).where(Concern.school_id == concern.school_id, Concern.id == concern.id)
    return session.scalars(here).one()


def _erased(concern: ConcernFacts, by: By) -> Entry:
    """The last entry; it has no words, for no key would open them."""
    return Entry(
        school_id=concern.school_id,
        concern_id=concern.id,
        kind=Kind.ERASED.value,
        staff_id=by.staff_id,
        key_id=None,
        field=ids.new_id(),
        sealed=None,
        made_at=clock.now(),
        once=by.once or None,
    )


def _note(
    session: Session,
    school_id: str,
    concern_id: int | None,
    kind: str,
    staff_id: str | None,
    **facts: object,
) -> None:
    session.add(
        Audit(
            school_id=school_id,
            kind=kind,
            staff_id=staff_id,
            concern_id=concern_id,
            says=facts_as_text(**facts),
            made_at=clock.now(),
        )
    )

"""What adults do with a concern; each adds an entry and none changes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import clock, ids
from app.base.errors import KeyMissing, NotRecorded, Refused, StoreAway
from app.people.queries import staff
from app.safeguarding import queries
from app.safeguarding.chain import recording
from app.safeguarding.conflicts import decides
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.queries.kept_from import from_whom, holds
from app.safeguarding.rules import Because, Closing, Kind
from app.safeguarding.tables import Concern, ConcernKey, ConcernPerson, Entry, Notice, View

NOT_YOURS = "Another member of the team must do this, whom the words do not name."
First = Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and the page's own key so that a double click makes one entry."""

    staff_id: str
    once: str


@dataclass(frozen=True, slots=True)
class _Sealed:
    """An entry's text, sealed before the gate is taken."""

    key_id: str
    field: str
    text: bytes


def _seal(school_id: str, concern: ConcernFacts, text: str) -> _Sealed:
    seal, field = queries.desk.seal_of(school_id, concern), ids.new_id()
    return _Sealed(seal.key_id, field, seal.seal(field, text))


def open_concern(school_id: str, concern: ConcernFacts, staff_id: str) -> None:
    """Record that an adult opens a concern: committed before anything of it is read.

    One row for each answer that carries its words or entries. NotRecorded where it cannot be
    written; then nothing may be shown.
    """
    try:
        _open(school_id, concern, staff_id)
    except StoreAway as away:
        raise NotRecorded(str(away)) from away


def _open(school_id: str, concern: ConcernFacts, staff_id: str) -> None:
    moment = clock.now()
    with recording(school_id) as session:
        seen_before = session.scalar(
            select(View.id)
            .where(
                View.school_id == school_id,
                View.concern_id == concern.id,
                View.staff_id == staff_id,
            )
            .limit(1)
        )
        session.add(
            View(school_id=school_id, concern_id=concern.id, staff_id=staff_id, seen_at=moment)
        )
        if seen_before is None:
            _add(session, concern, Kind.OPENED, moment, by=By(staff_id, ""))
        waiting = select(Notice).where(
            Notice.school_id == school_id,
            Notice.concern_id == concern.id,
            Notice.staff_id == staff_id,
            Notice.opened_at.is_(None),
        )
        for notice in session.scalars(waiting):
            notice.opened_at = moment


def record(
    school_id: str,
    concern: ConcernFacts,
    kind: Kind,
    text: str,
    *,
    by: By,
    first: First | None = None,
) -> None:
    """Add an entry in an adult's words: a note, a talk.

    `first` looks in the same write whether it may be, and raises Refused where not.
    """
    sealed = _seal(school_id, concern, text)
    with recording(school_id) as session:
        _add(session, concern, kind, clock.now(), sealed, by=by, first=first)


def answer(school_id: str, concern: ConcernFacts, text: str, *, by: By) -> None:
    """Answer the child, who reads it in My notes."""
    must = must_decide(school_id, concern, by)
    record(school_id, concern, Kind.ANSWER, text, by=by, first=must)


def must_decide(school_id: str, concern: ConcernFacts, by: By) -> First:
    """What refuses, inside a write, whoever the words name while another could do it."""
    adults = staff.adults(school_id)

    def look(session: Session) -> None:
        kept = from_whom(school_id, concern.id, session)
        if not decides(by.staff_id, holds(school_id, concern.id, session), kept, adults):
            raise Refused(NOT_YOURS)

    return look


def share(school_id: str, concern: ConcernFacts, with_id: str, reason: str, *, by: By) -> None:
    """Let a named adult see a concern, with the reason; never one it is about."""
    adult = staff.adult(school_id, with_id)
    if adult is None:
        raise Refused("Choose an adult from the list.")
    if with_id in concern.about:
        raise Refused("This concern is about that adult. Choose someone else.")
    if with_id in concern.kept_from:
        raise Refused(
            "The child’s words name that adult. Let them see it below, or choose another."
        )
    sealed = _seal(school_id, concern, f"Shared with {adult.name}. Reason: {reason}")
    moment, must = clock.now(), must_decide(school_id, concern, by)
    with recording(school_id) as session:
        if not _add(session, concern, Kind.SHARED, moment, sealed, by=by, first=must):
            return
        same = {"school_id": school_id, "concern_id": concern.id, "staff_id": with_id}
        known = select(ConcernPerson.staff_id).where(
            ConcernPerson.school_id == school_id,
            ConcernPerson.concern_id == concern.id,
            ConcernPerson.staff_id == with_id,
        )
        if session.scalar(known) is None:
            session.add(ConcernPerson(**same, because=Because.SHARED.value, since=moment))
        session.add(Notice(**same, made_at=moment, opened_at=None))


def close(school_id: str, concern: ConcernFacts, closing: Closing, *, by: By) -> None:
    """Close a concern with what was done, decided, why, the outcome and what the child knows."""
    _turn(school_id, concern, Kind.CLOSED, closing.as_text(), by=by)


def reopen(school_id: str, concern: ConcernFacts, reason: str, *, by: By) -> None:
    """Open a closed concern again."""
    _turn(school_id, concern, Kind.REOPENED, f"Reason: {reason}", by=by)


def _turn(school_id: str, concern: ConcernFacts, kind: Kind, text: str, *, by: By) -> None:
    sealed, must = _seal(school_id, concern, text), must_decide(school_id, concern, by)
    state = "closed" if kind is Kind.CLOSED else "open"
    with recording(school_id) as session:
        if _add(session, concern, kind, clock.now(), sealed, by=by, first=must):
            turned = select(Concern).where(Concern.school_id == school_id, Concern.id == concern.id)
            session.scalars(turned).one().state = state


def _add(
    session: Session,
    concern: ConcernFacts,
    kind: Kind,
    moment: datetime,
    sealed: _Sealed | None = None,
    *,
    by: By,
    first: First | None = None,
) -> bool:
    """Add an entry unless this very press added it already. Inside a write."""
    if _is_there(session, concern, by):
        return False
    if first is not None:
        first(session)
    if sealed is not None:
        _must_open(session, concern, sealed)
    session.add(
        Entry(
            school_id=concern.school_id,
            concern_id=concern.id,
            kind=kind.value,
            staff_id=by.staff_id,
            key_id=sealed.key_id if sealed else None,
            field=sealed.field if sealed else ids.new_id(),
            sealed=sealed.text if sealed else None,
            made_at=moment,
            once=by.once or None,
        )
    )
    session.flush()
    return True


def _is_there(session: Session, concern: ConcernFacts, by: By) -> bool:
    known = select(Entry.id).where(Entry.school_id == concern.school_id, Entry.once == by.once)
    return bool(by.once) and session.scalar(known) is not None


def _must_open(session: Session, concern: ConcernFacts, sealed: _Sealed) -> None:
    """Refuse what nobody could read: two others have just erased the concern with its keys."""
    key = select(ConcernKey.id).where(
        ConcernKey.school_id == concern.school_id, ConcernKey.id == sealed.key_id
    )
    if session.scalar(key) is None:
        raise KeyMissing("The concern was erased just now.")

"""A child adds to what they told; nothing of the first telling is touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import clock
from app.base.errors import StoreAway
from app.base.patience import patience_here
from app.safeguarding import spool
from app.safeguarding.actions.anew import until_it_can_be_opened
from app.safeguarding.actions.file import (
    Telling,
    anew,
    file_concern,
    file_ready,
    kept_already,
    key_of,
    said,
    seal_words,
)
from app.safeguarding.actions.holds import hold_by_name, near_of
from app.safeguarding.actions.named import named_by
from app.safeguarding.chain import recording
from app.safeguarding.queries.kept_from import from_whom
from app.safeguarding.queries.notes import Note
from app.safeguarding.queries.retention import erasing_was_asked
from app.safeguarding.ready import Ready, SealedWords, names_in
from app.safeguarding.retention import ERASED
from app.safeguarding.room import kept_as_file, with_room
from app.safeguarding.rules import Kind, Told, Urgency
from app.safeguarding.tables import Concern, Notice
from app.safeguarding.words import Spoken


class ConcernGone(Exception):
    """What is added to was erased, or is not in the backup that was restored."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What a child adds, with its words sealed."""

    key: str
    """By which a press repeated is known."""
    concern_id: int
    sealed: SealedWords
    added_at: datetime
    pupil_id: str | None = None
    class_id: str | None = None
    named: tuple[str, ...] | None = None
    """The adults whom the words name; None where nobody could look for names yet."""

    def as_content(self) -> dict[str, Any]:
        """What is sealed into the spool."""
        return {
            "concern_id": self.concern_id,
            "sealed": self.sealed.as_content(),
            "added_at": self.added_at.isoformat(),
            "pupil_id": self.pupil_id,
            "class_id": self.class_id,
            "named": self.named,
        }

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Addition:
        """The same again."""
        return cls(
            key=content["key"],
            concern_id=content["concern_id"],
            sealed=SealedWords.from_content(content["sealed"]),
            added_at=datetime.fromisoformat(content["added_at"]),
            pupil_id=content.get("pupil_id"),
            class_id=content.get("class_id"),
            named=names_in(content),
        )


def add_words(
    school_id: str,
    note: Note,
    words: str,
    once: str,
    *,
    pupil_id: str | None = None,
    class_id: str | None = None,
) -> None:
    """Keep what a child adds and tell every adult who was told before; twice is kept once.

    It lies in the spool while the database is away; StoreAway where it could be kept in neither.
    Where the note is gone it is told by itself.
    """
    key, whose = key_of(school_id, once), (pupil_id, class_id)
    if spool.reference_of(school_id, key) is not None:
        return

    def add() -> None:
        spoken = Spoken((), (), words)
        sealed = seal_words(school_id, note.reference, spoken)
        named = named_by(school_id, class_id, spoken)
        _add_somewhere(school_id, Addition(key, note.id, sealed, clock.now(), *whose, named))

    try:
        until_it_can_be_opened(add)
    except ConcernGone:
        file_concern(school_id, Telling(once, Told(words=words), *whose))


def _add_somewhere(school_id: str, added: Addition) -> None:
    patience = patience_here()
    try:
        with_room(lambda: _add(school_id, added, within=patience.left(), waited=False))
    except StoreAway:
        patience.failed()
        what = (added.key, spool.ADDED, added.sealed.reference, added.as_content())
        kept_as_file(lambda: spool.put(school_id, *what))


def add_ready(
    school_id: str, added: Addition, *, within: float | None = None, waited: bool = False
) -> None:
    """Add what is sealed, if it was not kept before; by itself where what it adds to is gone.

    Words are bound to the concern they were sealed for, so for one of their own they are opened.
    What waited in the spool since before two people agreed to erase the concern is erased with it.
    """
    try:
        _add(school_id, added, within=within, waited=waited)
    except ConcernGone:
        ready = Ready(
            key=added.key,
            sealed=anew(school_id, added.sealed),
            whom=Told(),
            urgency=Urgency.TODAY.value,
            told_at=added.added_at,
            pupil_id=added.pupil_id,
            class_id=added.class_id,
            named=added.named,
        )
        file_ready(school_id, ready, within=within)


def _add(school_id: str, added: Addition, *, within: float | None, waited: bool) -> None:
    moment, concern_id = added.added_at, added.concern_id
    if added.named is None:
        raise StoreAway("nobody can say who works here")
    who = near_of(school_id, added.class_id)
    with recording(school_id, within=within) as session:
        if kept_already(session, school_id, added.key) is not None:
            return
        wanted = select(Concern).where(
            Concern.school_id == school_id,
            Concern.id == concern_id,
            Concern.reference == added.sealed.reference,
        )
        concern = session.scalars(wanted).one_or_none()
        asked = erasing_was_asked(school_id, concern_id, session) if waited and concern else None
        if asked is not None and moment < asked:
            return
        if concern is None or concern.state == ERASED:
            raise ConcernGone
        added.sealed.keep(session, school_id, concern_id, moment)
        session.add(said(school_id, concern_id, Kind.ADDED, moment, once=added.key))
        concern.state = "open"
        hold_by_name(session, school_id, concern_id, added.named, who, moment)
        _tell_again(session, school_id, concern_id, moment)
    patience_here().worked()


def _tell_again(session: Session, school_id: str, concern_id: int, moment: datetime) -> None:
    """Those who were told before, and from whom it is not kept by now."""
    told = select(Notice.staff_id).where(
        Notice.school_id == school_id, Notice.concern_id == concern_id
    )
    hidden = from_whom(school_id, concern_id, session)
    for staff_id in sorted(set(session.scalars(told)) - hidden):
        session.add(
            Notice(
                school_id=school_id,
                concern_id=concern_id,
                staff_id=staff_id,
                made_at=moment,
                opened_at=None,
            )
        )

"""A child adds to what they told; nothing of the first telling is touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.base import clock
from app.base.errors import StoreAway
from app.base.patience import patience_here
from app.safeguarding import spool
from app.safeguarding.actions.anew import until_it_can_be_opened
from app.safeguarding.actions.file import said, seal_words
from app.safeguarding.chain import recording
from app.safeguarding.queries.notes import Note
from app.safeguarding.queries.retention import erasing_was_asked
from app.safeguarding.ready import SealedWords
from app.safeguarding.room import kept_as_file, with_room
from app.safeguarding.rules import Kind
from app.safeguarding.tables import Concern, Entry, Notice
from app.safeguarding.words import Spoken


@dataclass(frozen=True, slots=True)
class Addition:
    """What a child adds, with its words sealed."""

    key: str
    """By which a press repeated is known."""
    concern_id: int
    sealed: SealedWords
    added_at: datetime

    def as_content(self) -> dict[str, Any]:
        """What is sealed into the spool."""
        return {
            "concern_id": self.concern_id,
            "sealed": self.sealed.as_content(),
            "added_at": self.added_at.isoformat(),
        }

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Addition:
        """The same again."""
        return cls(
            key=content["key"],
            concern_id=content["concern_id"],
            sealed=SealedWords.from_content(content["sealed"]),
            added_at=datetime.fromisoformat(content["added_at"]),
        )


def add_words(school_id: str, note: Note, words: str, once: str) -> None:
    """Keep what a child adds and tell every adult who was told before; twice is kept once.

    It lies in the spool while the database is away; StoreAway where it could be kept in neither.
    """
    if spool.reference_of(school_id, once) is not None:
        return
    until_it_can_be_opened(lambda: _add(school_id, note, words, once))


def _add(school_id: str, note: Note, words: str, once: str) -> None:
    sealed = seal_words(school_id, note.reference, Spoken((), (), words))
    added, patience = Addition(once, note.id, sealed, clock.now()), patience_here()
    try:
        with_room(lambda: add_ready(school_id, added, within=patience.left()))
    except StoreAway:
        patience.failed()
        what = (once, spool.ADDED, note.reference, added.as_content())
        kept_as_file(lambda: spool.put(school_id, *what))


def add_ready(
    school_id: str, added: Addition, *, within: float | None = None, waited: bool = False
) -> None:
    """Add what is sealed, if it was not added before.

    What waited in the spool since before two people agreed to erase the concern is erased with it.
    """
    moment, concern_id = added.added_at, added.concern_id
    with recording(school_id, within=within) as session:
        known = select(Entry.id).where(Entry.school_id == school_id, Entry.once == added.key)
        if session.scalar(known) is not None:
            return
        wanted = select(Concern).where(
            Concern.school_id == school_id,
            Concern.id == concern_id,
            Concern.reference == added.sealed.reference,
        )
        concern = session.scalars(wanted).one()
        asked = erasing_was_asked(school_id, concern_id, session) if waited else None
        if asked is not None and moment < asked:
            return
        added.sealed.keep(session, school_id, concern_id, moment)
        session.add(said(school_id, concern_id, Kind.ADDED, moment, once=added.key))
        concern.state = "open"
        told = select(Notice.staff_id).where(
            Notice.school_id == school_id, Notice.concern_id == concern_id
        )
        for staff_id in sorted(set(session.scalars(told))):
            session.add(
                Notice(
                    school_id=school_id,
                    concern_id=concern_id,
                    staff_id=staff_id,
                    made_at=moment,
                    opened_at=None,
                )
            )
    patience_here().worked()

"""A child adds to what they told; nothing of the first telling is touched."""

from __future__ import annotations

from sqlalchemy import select

from app.base import clock
from app.safeguarding.actions.anew import until_it_can_be_opened
from app.safeguarding.actions.file import said, seal_words
from app.safeguarding.chain import recording
from app.safeguarding.queries.notes import Note
from app.safeguarding.rules import Kind
from app.safeguarding.tables import Concern, Entry, Notice
from app.safeguarding.words import Spoken


def add_words(school_id: str, note: Note, words: str, once: str) -> None:
    """Keep what a child adds and tell every adult who was told before; twice is kept once."""
    until_it_can_be_opened(lambda: _add(school_id, note, words, once))


def _add(school_id: str, note: Note, words: str, once: str) -> None:
    sealed = seal_words(school_id, note.reference, Spoken((), (), words))
    moment = clock.now()
    with recording(school_id) as session:
        known = select(Entry.id).where(Entry.school_id == school_id, Entry.once == once)
        if session.scalar(known) is not None:
            return
        sealed.keep(session, school_id, note.id, moment)
        session.add(said(school_id, note.id, Kind.ADDED, moment, once=once))
        concern = select(Concern).where(Concern.school_id == school_id, Concern.id == note.id)
        session.scalars(concern).one().state = "open"
        told = select(Notice.staff_id).where(
            Notice.school_id == school_id, Notice.concern_id == note.id
        )
        for staff_id in sorted(set(session.scalars(told))):
            session.add(
                Notice(
                    school_id=school_id,
                    concern_id=note.id,
                    staff_id=staff_id,
                    made_at=moment,
                    opened_at=None,
                )
            )

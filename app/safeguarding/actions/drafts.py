"""What a child has said so far: kept sealed, replaced as they go on, gone when they stop."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import delete

from app.base import clock
from app.base.database import Store, writing
from app.base.errors import StoreAway
from app.base.patience import patience_here
from app.safeguarding import draft_files
from app.safeguarding.draft_files import LASTS, Kept
from app.safeguarding.room import kept_as_file, with_room
from app.safeguarding.tables import Draft


def keep_draft(school_id: str, fingerprint: str, sealed: bytes) -> None:
    """Keep a draft in place of the one before; drafts past their time go at the same moment.

    It lies in the spool while the database is away. StoreAway where it could be kept in neither.
    """
    moment = clock.now()
    kept = Kept(moment + LASTS, sealed)
    try:
        with_room(partial(_in_database, school_id, fingerprint, kept, moment))
    except StoreAway:
        patience_here().failed()
        kept_as_file(partial(draft_files.put, school_id, fingerprint, kept))
        return
    with suppress(OSError):
        draft_files.remove(fingerprint)


def _in_database(school_id: str, fingerprint: str, kept: Kept, moment: datetime) -> None:
    with writing(Store.SAFEGUARDING, within=patience_here().left()) as session:
        past = (Draft.ends_at <= moment) | (Draft.fingerprint == fingerprint)
        session.execute(delete(Draft).where(Draft.school_id == school_id, past))
        session.add(
            Draft(
                fingerprint=fingerprint,
                school_id=school_id,
                sealed=kept.sealed,
                ends_at=kept.ends_at,
            )
        )


def forget_draft(school_id: str, fingerprint: str) -> None:
    """Let a draft go: it was sent, hidden, or its child signed out.

    Nobody waits for a database that is away: the browser has let go of the only key, and what
    nobody can open goes when its time is past.
    """
    with suppress(OSError):
        draft_files.remove(fingerprint)
    with suppress(StoreAway), writing(Store.SAFEGUARDING, within=patience_here().left()) as session:
        session.execute(
            delete(Draft).where(Draft.school_id == school_id, Draft.fingerprint == fingerprint)
        )

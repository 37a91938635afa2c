"""What a child has said so far, still sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.base.database import Store, looking
from app.base.errors import StoreAway
from app.base.patience import patience_here
from app.safeguarding import draft_files
from app.safeguarding.draft_files import Kept
from app.safeguarding.tables import Draft


def draft(school_id: str, fingerprint: str, moment: datetime) -> bytes | None:
    """A draft that has not run out, or None: the newer one of the database and of the spool.

    One of the spool with nothing in it says that the draft was sent while the database was away.

    StoreAway where the database cannot be asked and the spool has none.
    """
    aside = draft_files.read(school_id, fingerprint)
    try:
        found = [aside, _in_database(school_id, fingerprint)]
    except StoreAway:
        patience_here().failed()
        if aside is None:
            raise
        found = [aside]
    lasting = [one for one in found if one is not None and one.ends_at > moment]
    newest = max(lasting, key=lambda one: one.ends_at, default=None)  # The first of two equals.
    return newest.sealed or None if newest else None


def _in_database(school_id: str, fingerprint: str) -> Kept | None:
    wanted = select(Draft.ends_at, Draft.sealed).where(
        Draft.school_id == school_id, Draft.fingerprint == fingerprint
    )
    with looking(Store.SAFEGUARDING, within=patience_here().left()) as connection:
        row = connection.execute(wanted).one_or_none()
    return None if row is None else Kept(row.ends_at, row.sealed)

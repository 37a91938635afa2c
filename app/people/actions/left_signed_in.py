"""Sign-ins that nobody came back to, and those that lie ahead of the clock: ended for good.

On its own page each counts for nothing already. But a page asks only while its cookie is read, and
a clock that goes back reads no cookie: put right again, it would find them open.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update

from app.base import clock
from app.base.database import Store, db, writing
from app.people.tables import SignIn

AHEAD = timedelta(seconds=60)
"""How far "last seen" may lie ahead: two processes may read a clock at different moments."""
LEFT = timedelta(days=7)
"""Long past every sign-in; until then its own page ends it, and can say why."""


def end_left(school_id: str) -> None:
    """End them; nothing is written where there is none."""
    moment = clock.now()
    left = (
        SignIn.school_id == school_id,
        SignIn.ended_at.is_(None),
        or_(SignIn.seen_at > moment + AHEAD, SignIn.seen_at < moment - LEFT),
    )
    if db.session.scalar(select(SignIn.fingerprint).where(*left).limit(1)) is None:
        return
    with writing(Store.LEARNING, vital=True) as session:
        session.execute(update(SignIn).where(*left).values(ended_at=moment, notes_until=None))

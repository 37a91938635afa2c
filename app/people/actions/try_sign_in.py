"""Trying whether anybody could sign in: a sign-in of nobody, made, found again and removed."""

from __future__ import annotations

from sqlalchemy import delete

from app.base import clock, ids
from app.base.database import Store, ask, writing
from app.people.actions.sign_ins import begin_for_pupil
from app.people.queries.sign_ins import SIGNED_IN
from app.people.tables import SignIn


def try_sign_in(school_id: str) -> bool:
    """Whether a sign-in is kept as a pupil's is, and found by what every request asks.

    It belongs to nobody: no page can list it, and its token, which is thrown away, opens none.
    """
    fingerprint = ids.fingerprint(begin_for_pupil(school_id, None, clock.now()))
    try:
        rows = ask(SIGNED_IN, "asked as every request asks", fingerprint=fingerprint).all()
        return [row.school_id for row in rows] == [school_id]
    finally:
        with writing(Store.LEARNING) as session:
            session.execute(
                delete(SignIn).where(
                    SignIn.school_id == school_id,
                    SignIn.fingerprint == fingerprint,
                    SignIn.pupil_id.is_(None),
                )
            )

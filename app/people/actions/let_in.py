"""“Ask my teacher to let me in”: an ask, the teacher's yes, and its use on the asking device."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from app.base import ids, throttle
from app.base.database import Store, writing
from app.people.queries.let_in import ASK_LASTS, stands_since, still_stands
from app.people.queries.sign_ins import pupil_key
from app.people.tables import LetIn


def ask(school_id: str, pupil_id: str, opens: str, moment: datetime) -> str:
    """Ask to be let in ("door") or to read My notes ("notes"); the token is for this device alone.

    A pupil has one open ask: this one takes the place of another device's, and says that there
    was one, so that the teacher looks who asks. Asks that ended are cleared away.
    """
    token = ids.new_token()
    with writing(Store.LEARNING) as session:
        session.execute(
            delete(LetIn).where(
                LetIn.school_id == school_id,
                LetIn.pupil_id == pupil_id,
                or_(LetIn.used_at.is_not(None), stands_since() <= moment - ASK_LASTS),
            )
        )
        another = session.scalars(
            select(LetIn.id).where(LetIn.school_id == school_id, LetIn.pupil_id == pupil_id)
        ).all()
        session.execute(
            delete(LetIn).where(
                LetIn.school_id == school_id,
                LetIn.pupil_id == pupil_id,
                LetIn.let_in_at.is_(None),
            )
        )
        session.add(
            LetIn(
                id=ids.new_id(),
                school_id=school_id,
                pupil_id=pupil_id,
                device=ids.fingerprint(token),
                opens=opens,
                asked_at=moment,
                asked_again=bool(another),
            )
        )
    return token


def let_in(school_id: str, let_in_id: str, staff_id: str, moment: datetime) -> bool:
    """The teacher's yes to one ask; False if it has ended. The pupil's misses are forgotten."""
    with writing(Store.LEARNING) as session:
        pupil_id = session.scalar(
            update(LetIn)
            .where(
                LetIn.school_id == school_id,
                LetIn.id == let_in_id,
                LetIn.let_in_at.is_(None),
                still_stands(moment),
            )
            .values(let_in_by=staff_id, let_in_at=moment)
            .returning(LetIn.pupil_id)
        )
        if pupil_id is not None:
            throttle.forget(session, pupil_key(pupil_id))
    return pupil_id is not None


def use(school_id: str, pupil_id: str, device_token: str, opens: str, moment: datetime) -> bool:
    """Use the teacher's yes, once, on the device that asked."""
    with writing(Store.LEARNING) as session:
        used = session.scalars(
            update(LetIn)
            .where(
                LetIn.school_id == school_id,
                LetIn.pupil_id == pupil_id,
                LetIn.device == ids.fingerprint(device_token),
                LetIn.opens == opens,
                LetIn.let_in_at.is_not(None),
                LetIn.used_at.is_(None),
                still_stands(moment),
            )
            .values(used_at=moment)
            .returning(LetIn.id)
        ).all()
    return len(used) > 0

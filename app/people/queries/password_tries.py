"""Under which names tries of adults' passwords are counted, and the rests that they are in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.base import ids, throttle
from app.base.database import db
from app.base.throttle import Resting
from app.people.tables import Staff


def staff_key(email: str, known: str = "") -> str:
    """For an e-mail address at the door, whether or not it is an account: a rest tells nothing.

    `known` is the pass of a browser in which this account came in before: strangers have none, and
    what they try there takes no try from whoever has.
    """
    return f"staff:{ids.fingerprint(email)}:{known}" if known else f"staff:{ids.fingerprint(email)}"


def own_key(sign_in: str) -> str:
    """For the password asked for once more, on one sign-in: no stranger can count it up."""
    return f"own-password:{sign_in}"


def password_rest(key: str, moment: datetime) -> Resting | None:
    """The rest that tries under this name are in."""
    return throttle.resting(key, moment)


def password_of(school_id: str, staff_id: str) -> str | None:
    """The password of an adult as it is kept."""
    return db.session.scalar(
        select(Staff.password).where(
            Staff.school_id == school_id, Staff.id == staff_id, Staff.left_at.is_(None)
        )
    )

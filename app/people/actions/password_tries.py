"""Tries of adults' passwords: counted before they are looked at, and told where they are many."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import throttle
from app.base.database import Store, writing
from app.base.throttle import Resting, Step
from app.people.actions.notices import tell_team
from app.people.queries.sign_ins import Account
from app.people.queries.staff import adults_in
from app.people.rules import in_order
from app.people.tables import Staff

MANY = 15
"""So many wrong ones in a row for one of the team are told, once."""
STAFF_RESTS = (
    Step(5, timedelta(seconds=30)),
    Step(10, timedelta(minutes=5)),
    Step(MANY, timedelta(minutes=5)),
)
GUESSED = (
    "A wrong password was typed for {name} {many} times where staff sign in. Was it not"
    " {name}? Then somebody is guessing."
)


def claim_password_try(key: str, moment: datetime, whose: Account | None = None) -> Resting | None:
    """Count a try before it is checked; the rest of this key if it may not try now.

    Counted first, because checking a password is slow and parallel tries must not slip past.
    """
    with writing(Store.LEARNING, vital=True) as session:
        rest = throttle.resting(key, moment)
        if rest is None:
            misses = throttle.count_miss(session, key, moment, steps=STAFF_RESTS)
            if whose and misses == MANY + 1:  # This one is not looked at yet.
                _tell_of_guessing(session, whose)
    return rest


def _tell_of_guessing(session: Session, whose: Account) -> None:
    """In red, if this adult sees concerns."""
    if whose.staff_id not in {one.id for one in in_order(adults_in(whose.school_id, session))}:
        return
    name = session.scalar(
        select(Staff.name).where(Staff.school_id == whose.school_id, Staff.id == whose.staff_id)
    )
    tell_team(session, whose.school_id, GUESSED.format(name=name, many=MANY), red=True)


def password_fitted(key: str) -> None:
    """Forget the tries under a name: its own adult typed the right one."""
    with writing(Store.LEARNING, vital=True) as session:
        throttle.forget(session, key)

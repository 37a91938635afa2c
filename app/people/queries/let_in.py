"""Who asks to be let in, and how an ask stands on the device that asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, select

from app.base import clock, ids
from app.base.database import db
from app.base.throttle import AHEAD
from app.people.tables import LetIn, Pupil

ASK_LASTS = timedelta(minutes=10)
"""An ask waits so long for its answer, and the teacher's yes so long for its use."""

Standing = Literal["waiting", "come in", "none"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pupil who asks to be let in."""

    id: str
    pupil_id: str
    shown_name: str
    opens: str
    asked_at: datetime
    asked_again: bool
    """Whether another device asked as this pupil too."""


def stands_since() -> ColumnElement[datetime]:
    """The moment from which an ask's time runs: the teacher's yes, or the asking."""
    return func.coalesce(LetIn.let_in_at, LetIn.asked_at)


def still_stands(moment: datetime) -> ColumnElement[bool]:
    """Whether an ask or a yes lasts still; one of a clock that ran ahead has ended."""
    return stands_since().between(moment - ASK_LASTS + timedelta.resolution, moment + AHEAD)


def waiting(school_id: str, class_id: str) -> list[Waiting]:
    """The open asks of a class, the longest wait first."""
    rows = db.session.execute(
        select(
            LetIn.id,
            LetIn.pupil_id,
            Pupil.shown_name,
            LetIn.opens,
            LetIn.asked_at,
            LetIn.asked_again,
        )
        .join(Pupil, Pupil.id == LetIn.pupil_id)
        .where(
            LetIn.school_id == school_id,
            Pupil.class_id == class_id,
            Pupil.left_at.is_(None),
            LetIn.let_in_at.is_(None),
            still_stands(clock.now()),
        )
        .order_by(LetIn.asked_at)
    )
    return [Waiting(*row) for row in rows]


def standing(
    school_id: str, pupil_id: str, device_token: str | None, opens: str, moment: datetime
) -> Standing:
    """How this device's ask stands: still waiting, come in, or none that lasts."""
    if device_token is None:
        return "none"
    row = db.session.execute(
        select(LetIn.let_in_at)
        .where(
            LetIn.school_id == school_id,
            LetIn.pupil_id == pupil_id,
            LetIn.device == ids.fingerprint(device_token),
            LetIn.opens == opens,
            LetIn.used_at.is_(None),
            still_stands(moment),
        )
        .order_by(LetIn.asked_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return "none"
    return "waiting" if row.let_in_at is None else "come in"


def said_yes_by(school_id: str, pupil_id: str, device_token: str) -> str | None:
    """The adult who said yes to this device's ask, used or not; None where nobody did."""
    return db.session.scalar(
        select(LetIn.let_in_by).where(
            LetIn.school_id == school_id,
            LetIn.pupil_id == pupil_id,
            LetIn.device == ids.fingerprint(device_token),
        )
    )

"""Who comes under the name of somebody who left: what was kept from that one is kept from them.

They may be the same adult, added again. The team clears it where they are not.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base import clock
from app.people.queries import staff
from app.safeguarding.chain import recording
from app.safeguarding.conflicts import Why
from app.safeguarding.tables import ConcernAbout, ConcernHeld


def keep_from_namesake(school_id: str, staff_id: str, name: str, known_as: str) -> None:
    """Hold from a new adult what was about, or held from, leavers of this name."""
    left = staff.leavers_called(school_id, name, known_as)
    if not left:
        return
    with recording(school_id) as session:
        moment = clock.now()
        for concern_id, because in _kept_from(session, school_id, left).items():
            session.add(
                ConcernHeld(
                    school_id=school_id,
                    concern_id=concern_id,
                    staff_id=staff_id,
                    because=because.value,
                    held_by=None,
                    since=moment,
                    cleared_by=None,
                    cleared_at=None,
                )
            )


def _kept_from(session: Session, school_id: str, adults: Collection[str]) -> dict[int, Why]:
    """By concern: as about them where the child or the team said so, else as named."""
    held = select(ConcernHeld.concern_id, ConcernHeld.because).where(
        ConcernHeld.school_id == school_id,
        ConcernHeld.staff_id.in_(adults),
        ConcernHeld.cleared_at.is_(None),
    )
    about = select(ConcernAbout.concern_id).where(
        ConcernAbout.school_id == school_id, ConcernAbout.staff_id.in_(adults)
    )
    rows = session.execute(held).all()
    said = {*session.scalars(about), *(row.concern_id for row in rows if row.because == Why.MARKED)}
    return {row.concern_id: Why.NAMED for row in rows} | dict.fromkeys(said, Why.MARKED)

"""Word to the safeguarding team that something changed which could show a concern to somebody."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.base.clock import now
from app.people.queries.staff import adults_in
from app.people.rules import in_order
from app.people.tables import TeamNotice


def tell_team(
    session: Session, school_id: str, says: str, *, also: Iterable[str] = (), red: bool = False
) -> None:
    """Everybody who sees concerns is told; what it says never touches a concern. In a write.

    In red where somebody could come to see concerns by it: until each has said that it was seen.
    """
    session.flush()
    team = {adult.id for adult in in_order(adults_in(school_id, session))} | set(also)
    moment = now()
    session.add_all(
        TeamNotice(school_id=school_id, staff_id=staff_id, says=says, made_at=moment, red=red)
        for staff_id in sorted(team)
    )

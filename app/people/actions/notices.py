"""Word to the safeguarding team that something changed which could show a concern to somebody."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.base.clock import now
from app.base.database import Store, writing
from app.people.queries.staff import adults_in
from app.people.rules import in_order, ready_but_for
from app.people.tables import TeamNotice


def tell_team(
    session: Session,
    school_id: str,
    says: str,
    *,
    also: Iterable[str] = (),
    red: bool = False,
    link: str | None = None,
) -> None:
    """Everybody who sees concerns is told; what it says never touches a concern. In a write.

    In red where somebody could come to see concerns by it: until each has said that it was seen.
    `link` is the fingerprint of a link that waits for word.
    """
    session.flush()
    team = {adult.id for adult in in_order(adults_in(school_id, session))} | set(also)
    moment = now()
    session.add_all(
        TeamNotice(
            school_id=school_id, staff_id=staff_id, says=says, made_at=moment, red=red, link=link
        )
        for staff_id in sorted(team)
    )


def tell_others_of_team(session: Session, school_id: str, says: str, *, by: str) -> None:
    """Tell the team what one adult did; not while who founds it does all alone. In a write."""
    if ready_but_for(adults_in(school_id, session), by):
        tell_team(session, school_id, says)


def see_team_notice(school_id: str, staff_id: str, notice_id: int) -> None:
    """Put a notice away; only the adult whom it tells can."""
    with writing(Store.LEARNING) as session:
        session.execute(
            update(TeamNotice)
            .where(
                TeamNotice.school_id == school_id,
                TeamNotice.staff_id == staff_id,
                TeamNotice.id == notice_id,
                TeamNotice.seen_at.is_(None),
            )
            .values(seen_at=now())
        )

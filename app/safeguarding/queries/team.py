"""Who was let in to see concerns, and who of the team has seen that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.base.database import db
from app.people.queries import staff
from app.people.rules import Role
from app.safeguarding.retention import facts_in
from app.safeguarding.tables import Audit

LINK_MADE = "link to start anew was made"
ROLE_GIVEN = "role that sees concerns was given"
ROLE_TAKEN = "role that sees concerns was taken"
SEEN = "word about the team was seen"
CONFIRMED = "adult was confirmed in person"
"""The audit's words for it."""
KINDS = (LINK_MADE, ROLE_GIVEN, ROLE_TAKEN, SEEN, CONFIRMED)
NEWEST = 50


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A line of the audit as a sentence."""

    says: str
    made_at: datetime


def team_lines(school_id: str) -> list[TeamLine]:
    """The newest lines, newest first."""
    rows = db.session.execute(
        select(Audit.kind, Audit.staff_id, Audit.says, Audit.made_at)
        .where(Audit.school_id == school_id, Audit.kind.in_(KINDS))
        .order_by(Audit.id.desc())
        .limit(NEWEST)
    ).all()
    names, words = staff.names(school_id), staff.notice_words(school_id) if rows else {}
    return [
        TeamLine(_said(row.kind, row.staff_id, facts_in(row.says), names, words), row.made_at)
        for row in rows
    ]


def another_made_one_since(school_id: str, maker: str, staff_id: str) -> bool:
    """Whether another, or the computer, has made a link for an adult since this maker last did.

    Not where somebody has confirmed since that it is them.
    """
    lines = db.session.execute(
        select(Audit.kind, Audit.staff_id, Audit.says)
        .where(Audit.school_id == school_id, Audit.kind.in_((LINK_MADE, CONFIRMED)))
        .order_by(Audit.id.desc())
    )
    since = False
    for kind, by, says in lines:
        if facts_in(says)["for"] != staff_id:
            continue
        if kind == CONFIRMED or by == maker:
            return since and kind != CONFIRMED
        since = True
    return False


def _said(
    kind: str, by: str | None, facts: dict[str, str], names: dict[str, str], words: dict[int, str]
) -> str:
    who = names.get(by or "", "Somebody at the computer itself")
    if kind == SEEN:
        return f"{who} has seen: {words.get(int(facts['notice']), 'a word that is gone')}"
    whom = names.get(facts["for"], "somebody")
    if kind == CONFIRMED:
        return f"{who} asked {whom} in person, and confirmed that it is them."
    if kind == LINK_MADE:
        return f"{who} made a link by which {whom} starts anew."
    roles = ", ".join(Role[name.upper()] for name in facts["roles"].split("+"))
    if kind == ROLE_TAKEN:
        return f"{who} took from {whom} what sees concerns ({roles})."
    return f"{who} let {whom} see concerns ({roles})."


def changed_the_team(school_id: str, since: datetime, session: Session) -> set[str]:
    """Who took somebody out of the team, or gave themselves a role in it, since a moment."""
    rows = session.execute(
        select(Audit.kind, Audit.staff_id, Audit.says).where(
            Audit.school_id == school_id,
            Audit.kind.in_((ROLE_GIVEN, ROLE_TAKEN)),
            Audit.made_at >= since,
        )
    )
    return {
        row.staff_id
        for row in rows
        if row.kind == ROLE_TAKEN or facts_in(row.says)["for"] == row.staff_id
    }

"""The adults of a school."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased, scoped_session

from app.base.database import db
from app.people.rules import INVITATION_LASTS, SAFEGUARDING_TEAM, Adult, Role
from app.people.tables import ClassStaff, FormerName, Invitation, Staff, StaffRole, TeamNotice

WAITS = (Invitation.waits.is_(True), Invitation.confirmed_at.is_(None))
"""That a link waits until another of the team has said who came in by it."""
STOOD = timedelta(days=1)
"""How long a name that another gave must stand: by then children may know it."""


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Word that who sees concerns has changed."""

    id: int
    says: str
    made_at: datetime
    red: bool
    link: str | None
    """Fingerprint of the link of which it tells, where that waits for word."""


@dataclass(frozen=True, slots=True)
class CameBy:
    """Somebody came in by a link that another made."""

    link: str
    """The fingerprint of the link."""
    staff_id: str
    made_by: str
    name: str
    maker: str


@dataclass(frozen=True, slots=True)
class WasCalled:
    """A name that an adult had, and what pupils said then."""

    staff_id: str
    name: str
    known_as: str
    until: datetime
    counts: bool
    """Whether words that name it are held: not for what another called somebody for an hour."""


def adults(school_id: str) -> list[Adult]:
    """Everybody who has not left, by name."""
    return adults_in(school_id, db.session)


def adults_of_class(school_id: str, class_id: str) -> list[Adult]:
    """The adults who work with a class, by name."""
    of_class = select(ClassStaff.staff_id).where(
        ClassStaff.school_id == school_id, ClassStaff.class_id == class_id
    )
    return adults_in(school_id, db.session, Staff.id.in_(of_class))


def adult(school_id: str, staff_id: str) -> Adult | None:
    """One adult of the school who has not left."""
    found = adults_in(school_id, db.session, Staff.id == staff_id)
    return found[0] if found else None


def themselves_since(school_id: str) -> dict[str, datetime]:
    """By adult who has signed in: since when the account is theirs and of the team, as it is now.

    The latest of the first sign-in, the first of the team's roles and the newest link that was
    made for it: whoever made a link could have become them. Nobody who waits for word.
    """
    joined = select(Staff.id, Staff.signed_in_first).where(
        Staff.school_id == school_id,
        Staff.left_at.is_(None),
        Staff.signed_in_first.is_not(None),
        Staff.id.not_in([*behind(school_id)]),
    )
    granted = (
        select(StaffRole.staff_id, func.min(StaffRole.granted_at))
        .where(StaffRole.school_id == school_id, StaffRole.role.in_(SAFEGUARDING_TEAM))
        .group_by(StaffRole.staff_id)
    )
    links = (
        select(Invitation.staff_id, func.max(Invitation.ends_at))
        .where(Invitation.school_id == school_id)
        .group_by(Invitation.staff_id)
    )
    roles = {row[0]: row[1] for row in db.session.execute(granted)}
    made = {row[0]: row[1] - INVITATION_LASTS for row in db.session.execute(links)}
    return {
        one: max(first, roles[one], made.get(one, first))
        for one, first in db.session.execute(joined)
        if one in roles and first is not None
    }


def behind(school_id: str) -> dict[str, str]:
    """By adult for whom another of the team must still give their word: who made the link."""
    rows = db.session.execute(
        select(Invitation.staff_id, Invitation.made_by).where(
            Invitation.school_id == school_id, *WAITS
        )
    )
    return {row.staff_id: row.made_by for row in rows}


def came_by_links(school_id: str) -> list[CameBy]:
    """Who came in by a link for which nobody has given their word yet, the first first."""
    maker = aliased(Staff)
    rows = db.session.execute(
        select(
            Invitation.fingerprint, Invitation.staff_id, Invitation.made_by, Staff.name, maker.name
        )
        .join(Staff, Staff.id == Invitation.staff_id)
        .join(maker, maker.id == Invitation.made_by)
        .where(Invitation.school_id == school_id, Invitation.used_at.is_not(None), *WAITS)
        .order_by(Invitation.used_at, Invitation.fingerprint)
    )
    return [CameBy(*row) for row in rows]


def former_names(school_id: str) -> list[WasCalled]:
    """What the adults of a school were called before, by itself, the oldest first.

    The first name of each counts, and each that they gave themselves or that stood for a day.
    """
    asked = select(FormerName).where(FormerName.school_id == school_id).order_by(FormerName.id)
    found, before = [], dict[str, FormerName]()
    for row in db.session.scalars(asked):
        last = before.get(row.staff_id)
        counts = last is None or last.ended_by == row.staff_id or row.until - last.until >= STOOD
        found.append(WasCalled(row.staff_id, row.name, row.known_as, row.until, counts))
        before[row.staff_id] = row
    return found


def leavers_called(school_id: str, name: str, known_as: str) -> list[str]:
    """The ids of leavers of this name, or whom pupils called so; case and marks are nothing."""
    rows = db.session.execute(
        select(Staff.id, Staff.name, Staff.known_as).where(
            Staff.school_id == school_id, Staff.left_at.is_not(None)
        )
    )
    wanted = {_letters(name), _letters(known_as)} - {""}
    return [row.id for row in rows if {_letters(row.name), _letters(row.known_as)} & wanted]


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalpha())


def adults_in(
    school_id: str, session: Session | scoped_session[Any], *narrower: ColumnElement[bool]
) -> list[Adult]:
    """The adults as this session sees them: inside a write, with what it has changed."""
    rows = session.execute(
        select(
            Staff.id,
            Staff.name,
            Staff.known_as,
            Staff.email,
            Staff.signed_in_first,
            Staff.password.is_(None).label("no_password"),
            StaffRole.role,
            Invitation.made_by.label("behind"),
        )
        .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
        .outerjoin(Invitation, and_(Invitation.staff_id == Staff.id, *WAITS))
        .where(Staff.school_id == school_id, Staff.left_at.is_(None), *narrower)
        .order_by(Staff.name, Staff.id)
    ).all()
    return _folded(rows)


def _folded(rows: Iterable[Any]) -> list[Adult]:
    """One adult from a row for each role."""
    roles: dict[str, list[Role]] = {}
    firsts: dict[str, Any] = {}
    for row in rows:
        firsts.setdefault(row.id, row)
        held = roles.setdefault(row.id, [])
        if row.role is not None:
            held.append(Role(row.role))
    return [
        Adult(
            id=row.id,
            name=row.name,
            known_as=row.known_as,
            email=row.email,
            roles=tuple(sorted(roles[row.id], key=list(Role).index)),
            signed_in_once=row.signed_in_first is not None,
            behind=row.behind,
            shut_out=row.signed_in_first is not None and row.no_password,
        )
        for row in firsts.values()
    ]


def names(school_id: str) -> dict[str, str]:
    """The name of everybody, by id; leavers too, since the past speaks of them."""
    rows = db.session.execute(select(Staff.id, Staff.name).where(Staff.school_id == school_id))
    return {row.id: row.name for row in rows}


def open_links(school_id: str, moment: datetime) -> dict[str, datetime]:
    """Until when the one-time link of each adult works, where one waits to be used."""
    rows = db.session.execute(
        select(Invitation.staff_id, Invitation.ends_at).where(
            Invitation.school_id == school_id,
            Invitation.used_at.is_(None),
            Invitation.ends_at > moment,
        )
    )
    return {row.staff_id: row.ends_at for row in rows}


def team_notices(school_id: str, staff_id: str) -> list[NoticeFacts]:
    """What this adult has not yet put away about who sees concerns, newest first."""
    rows = db.session.execute(
        select(TeamNotice.id, TeamNotice.says, TeamNotice.made_at, TeamNotice.red, TeamNotice.link)
        .where(
            TeamNotice.school_id == school_id,
            TeamNotice.staff_id == staff_id,
            TeamNotice.seen_at.is_(None),
        )
        .order_by(TeamNotice.id.desc())
    )
    return [NoticeFacts(*row) for row in rows]


def notice_words(school_id: str) -> dict[int, str]:
    """What each red notice says, by its number; also those that were put away."""
    rows = db.session.execute(
        select(TeamNotice.id, TeamNotice.says).where(
            TeamNotice.school_id == school_id, TeamNotice.red.is_(True)
        )
    )
    return {row.id: row.says for row in rows}

"""A link made at the computer itself: for where nobody of the team can make one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.actions.links import Link, close_every_way_in, new_link
from app.people.actions.notices import tell_team
from app.people.actions.staff import ASK_THEM, as_said, present_adult
from app.people.rules import Adult
from app.people.tables import Staff

AT_CONSOLE = "the computer"
"""What stands as the maker of such a link."""
NO_ACCOUNT = "Nobody here has the e-mail address {email}."


@dataclass(frozen=True, slots=True)
class Reset:
    """Who starts anew, by which link."""

    school_id: str
    adult: Adult
    link: Link


def reset_at_console(email: str) -> Reset:
    """End every way in of an adult, tell the team in red, and make the link; Refused for nobody."""
    with writing(Store.LEARNING) as session:
        row = session.execute(
            select(Staff.school_id, Staff.id)
            .where(Staff.email == email.strip().lower(), Staff.left_at.is_(None))
            .execution_options(every_school="an e-mail address is one account in the installation")
        ).one_or_none()
        if row is None:
            raise Refused(NO_ACCOUNT.format(email=email))
        adult = present_adult(session, row.school_id, row.id)
        says = (
            f"A new joining link for {as_said(adult.name, adult.roles)} was made at the computer"
            f" on which Catkin runs.{ASK_THEM}"
        )
        tell_team(session, row.school_id, says, also=[adult.id], red=True)
        close_every_way_in(session, row.school_id, adult.id, now())
        link = new_link(session, row.school_id, adult.id, by=AT_CONSOLE)
        return Reset(row.school_id, adult, link)

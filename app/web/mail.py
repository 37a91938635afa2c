"""Whether messages reach adults, for the pages of those who must look themselves if not."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from app.base import clock
from app.base.post import SAYS, MailServer
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.mailing import Check, Works, how_mail_works


@dataclass(frozen=True, slots=True)
class MailFacts:
    """How mail works and when that was last found out; nothing here moves with what waits."""

    works: Works
    check: Check | None

    @property
    def why(self) -> str:
        """What came of the last try."""
        return SAYS[self.check.outcome] if self.check else ""


def mail_server() -> MailServer | None:
    """The mail server that Catkin was started with."""
    server: MailServer | None = current_app.extensions["catkin"].settings.mail
    return server


def mail_facts(school_id: str) -> MailFacts:
    """How mail works for a school."""
    named = mail_server() is not None
    check = queries.mail.check_of(school_id) if named else None
    return MailFacts(how_mail_works(check, clock.now(), named=named), check)


def refused_to_me(viewer: StaffHere) -> str:
    """Why the last message did not reach this viewer; empty where it did, or none was due."""
    if mail_server() is None:
        return ""
    outcome = queries.mail.refused_to(viewer.school_id, viewer)
    return SAYS[outcome] if outcome else ""

"""Who comes to see concerns: each act of people that could bring it about, and a line of the audit.

The people's store comes first: word to the team is written there, in red, together with the act
itself. A crash between the two stores then leaves what everybody sees, and only the line is
lacking. To say that it was seen is the other way round: a crash leaves the red word standing.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.base import clock
from app.people.actions import notices, resets, staff, word
from app.people.actions.links import Link
from app.people.actions.resets import Reset
from app.people.actions.staff import Details
from app.people.queries import staff as known
from app.people.rules import SAFEGUARDING_TEAM, Adult, Role
from app.safeguarding.actions.namesakes import keep_from_namesake
from app.safeguarding.chain import recording
from app.safeguarding.queries.team import CONFIRMED, LINK_MADE, ROLE_GIVEN, ROLE_TAKEN, SEEN
from app.safeguarding.tables import Audit


def add_adult(school_id: str, by: str, details: Details, *, roles: Iterable[Role]) -> Link:
    """Add an adult; what was kept from a leaver of that name is kept from them."""
    wanted = tuple(roles)
    link = staff.add_adult(school_id, by, details, roles=wanted)
    keep_from_namesake(school_id, link.staff_id, details.name, details.known_as)
    _note_given(school_id, by, link.staff_id, wanted)
    return link


def change_roles(school_id: str, by: str, staff_id: str, roles: Iterable[Role]) -> Link | None:
    """Give and take roles."""
    wanted, before = tuple(roles), known.adult(school_id, staff_id)
    link = staff.change_roles(school_id, by, staff_id, wanted)
    held = before.roles if before else ()
    _note_given(school_id, by, staff_id, [role for role in wanted if role not in held])
    _note_taken(school_id, by, staff_id, [role for role in held if role not in wanted])
    return link


def end_account(school_id: str, by: str, adult: Adult) -> None:
    """End an account."""
    staff.end_account(school_id, by, adult.id)
    _note_taken(school_id, by, adult.id, adult.roles)


def make_link(school_id: str, by: str, adult: Adult) -> Link:
    """A new link for an adult."""
    link = staff.make_link(school_id, by, adult.id)
    if adult.sees_concerns:
        _note(school_id, LINK_MADE, by, f"for={adult.id}")
    return link


def reset_at_console(email: str) -> Reset:
    """The same at the computer itself, for any adult: whoever sits there needs no account."""
    done = resets.reset_at_console(email)
    _note(done.school_id, LINK_MADE, None, f"for={done.adult.id} at=computer")
    return done


def see_notice(school_id: str, viewer_id: str, notice_id: int) -> None:
    """Put word away; for one of the team the audit says who had seen it, and when."""
    waits = {one.id: one for one in known.team_notices(school_id, viewer_id)}
    viewer = known.adult(school_id, viewer_id)
    if notice_id in waits and waits[notice_id].red and viewer and viewer.sees_concerns:
        _note(school_id, SEEN, viewer_id, f"notice={notice_id}")
    notices.see_team_notice(school_id, viewer_id, notice_id)


def confirm(school_id: str, by: str, link: str) -> None:
    """Say who came in by a link; the confirmer's own red word of it is seen with that."""
    staff_id = word.confirm(school_id, by, link)
    _note(school_id, CONFIRMED, by, f"for={staff_id}")
    for one in known.team_notices(school_id, by):
        if one.link == link:
            see_notice(school_id, by, one.id)


def _note_given(school_id: str, by: str, staff_id: str, given: Iterable[Role]) -> None:
    _note_roles(school_id, ROLE_GIVEN, by, staff_id, given)


def _note_taken(school_id: str, by: str, staff_id: str, taken: Iterable[Role]) -> None:
    """Whoever takes others out of the team is the last to whom a hold by name lets go."""
    _note_roles(school_id, ROLE_TAKEN, by, staff_id, taken)


def _note_roles(school_id: str, kind: str, by: str, staff_id: str, changed: Iterable[Role]) -> None:
    team = [role.name.lower() for role in SAFEGUARDING_TEAM if role in set(changed)]
    if team:
        _note(school_id, kind, by, f"for={staff_id} roles={'+'.join(team)}")


def _note(school_id: str, kind: str, by: str | None, says: str) -> None:
    with recording(school_id) as session:
        session.add(
            Audit(
                school_id=school_id,
                kind=kind,
                staff_id=by,
                concern_id=None,
                says=says,
                made_at=clock.now(),
            )
        )

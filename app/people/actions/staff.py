"""Adults: adding, inviting, changing and ending their accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.base import ids
from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.actions.links import (
    Link,
    close_every_way_in,
    end_links_by,
    new_link,
)
from app.people.actions.notices import tell_others_of_team, tell_team
from app.people.actions.word import must_be_confirmed, new_team_link
from app.people.queries.staff import adults_in
from app.people.rights import May, may_change, may_grant, may_renew, reach
from app.people.rules import (
    ENOUGH,
    Adult,
    Role,
    fault_of_roles,
    one_outside,
    ready_but_for,
    sees_concerns,
    team_state,
)
from app.people.tables import ClassStaff, FormerName, Staff, StaffRole

ASK_THEM = " Whoever has it becomes them: ask them in person whether they wanted it."
GONE = "This account has ended."
NOT_YOURS_TO_GRANT = "Only someone who sees concerns can let another adult see them."
NOT_YOURS_TO_ADD = "Only the office, a DSL, a deputy or the head can give this role."
NOT_YOURS_TO_CHANGE = "Only someone who sees concerns can change the account of one who does."
NOT_YOURS_TO_RENEW = (
    "This adult has joined. Only someone who sees concerns can make a new link for them "
    "or change their e-mail address."
)
NOT_TO_YOURSELF = "You cannot give yourself a role. Ask someone who sees concerns."
NOT_YOUR_OWN_LINK = (
    "You cannot make a link for yourself. Ask another adult who sees concerns; "
    "to change your password, press your name."
)
NOT_YOUR_OWN = "You cannot end your own account. Ask another adult of the team."
ONLY_TWO = "Then fewer than three adults could see concerns. Add another first."
NOT_ALL_CONFIRMED = (
    "Then fewer than three adults of the team would be known to be themselves. "
    "First another of the team must confirm who waits for that."
)
NOBODY_OUTSIDE = "Then nobody outside the staff could see concerns. Add a chair of governors first."
NOBODY_LEFT = "Then nobody could see concerns. Let another adult see them first."


class AddressRefused(Refused):
    """This account cannot have this e-mail address, or not by this hand."""


class AddressInUse(AddressRefused):
    """Another account has this e-mail address."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an adult; the e-mail address in lower case."""

    name: str
    known_as: str
    email: str


def add_adult(school_id: str, by: str, details: Details, *, roles: Iterable[Role]) -> Link:
    """Add an adult with these roles, tell the team, and make the link to join."""
    wanted = _in_listed_order(roles)
    with writing(Store.LEARNING) as session:
        adder = present_adult(session, school_id, by)
        must_be_confirmed(adder)
        _must_fit(wanted)
        _must_grant(adder, wanted)
        must_be_free(session, details.email)
        moment, staff_id = now(), ids.new_id()
        session.add(
            Staff(
                id=staff_id,
                school_id=school_id,
                name=details.name,
                known_as=details.known_as,
                email=details.email,
                made_at=moment,
            )
        )
        session.flush()
        _give(session, school_id, staff_id, roles=wanted, by=by)
        if not sees_concerns(wanted):
            tell_others_of_team(
                session, school_id, f"{adder.name} added {as_said(details.name, wanted)}.", by=by
            )
            return new_link(session, school_id, staff_id, by=by)
        added = present_adult(session, school_id, staff_id)
        link = new_team_link(session, school_id, added, by=adder)
        _tell_of_newcomer(session, school_id, adder, added, link)
        return link


def make_link(school_id: str, by: str, staff_id: str) -> Link:
    """A new link for somebody who has not joined, or lost the password; older ones end.

    Whoever holds the link becomes that adult: so the team and the adult are told of it. For one
    of the team every other way in ends at once, and the word stays red; and where another could
    confirm who came in by it, it waits for that.
    """
    if by == staff_id:
        raise Refused(NOT_YOUR_OWN_LINK)
    with writing(Store.LEARNING) as session:
        maker, joiner = both(session, school_id, by, staff_id)
        must_be_confirmed(maker)
        must_renew(maker, joiner)
        says = f"{maker.name} made a new joining link for {as_said(joiner.name, joiner.roles)}."
        if joiner.sees_concerns:
            link = new_team_link(session, school_id, joiner, by=maker)
            waits = link.fingerprint if link.waits else None
            says += ASK_THEM
            tell_team(session, school_id, says, also=[staff_id], red=True, link=waits)
            return link
        if joiner.signed_in_once:
            tell_team(session, school_id, says, also=[staff_id])
        if joiner.waits:  # Whoever came in by an older link may be the maker of that one.
            close_every_way_in(session, school_id, staff_id, now())
        return new_link(session, school_id, staff_id, by=by)


def change_roles(school_id: str, by: str, staff_id: str, roles: Iterable[Role]) -> Link | None:
    """Give and take roles; refused where it would leave the safeguarding team unsafe.

    Who comes to see concerns starts afresh, by the link that is returned: a password, a link or
    a sign-in from before may be in the hands of somebody who was never meant to see them.
    """
    wanted = _in_listed_order(roles)
    with writing(Store.LEARNING) as session:
        changer, adult = both(session, school_id, by, staff_id)
        _must_fit(wanted)
        given = [role for role in wanted if role not in adult.roles]
        taken = [role for role in adult.roles if role not in wanted]
        _must_grant(changer, [*given, *taken])
        if given and by == staff_id and not reach(changer.roles, May.GRANT_CONCERNS):
            raise Refused(NOT_TO_YOURSELF)
        before = adults_in(school_id, session)
        session.execute(
            delete(StaffRole).where(
                StaffRole.school_id == school_id,
                StaffRole.staff_id == staff_id,
                StaffRole.role.in_([role.value for role in taken]),
            )
        )
        _give(session, school_id, staff_id, roles=given, by=by)
        if sees_concerns(taken):
            _must_stay_safe(before, adults_in(school_id, session))
        if sees_concerns(given) and not adult.sees_concerns:
            return _start_afresh(session, school_id, staff_id, by=changer)
        if sees_concerns([*given, *taken]):
            says = f"{changer.name} changed roles: {as_said(adult.name, wanted)}."
            # Who could see concerns until now is told as well, or would never learn of it.
            tell_team(session, school_id, says, also=[staff_id], red=sees_concerns(given))
        return None


def _start_afresh(session: Session, school_id: str, staff_id: str, *, by: Adult) -> Link:
    """End every way in from before; the adult counts again from the first sign-in to come."""
    session.execute(
        update(Staff)
        .where(Staff.school_id == school_id, Staff.id == staff_id)
        .values(signed_in_first=None)
    )
    newcomer = present_adult(session, school_id, staff_id)
    link = new_team_link(session, school_id, newcomer, by=by)
    _tell_of_newcomer(session, school_id, by, newcomer, link)
    return link


def _tell_of_newcomer(
    session: Session, school_id: str, by: Adult, newcomer: Adult, link: Link
) -> None:
    """In red, but for the first of the team: alone, nobody else could say that it was seen."""
    says = f"{by.name} let {as_said(newcomer.name, newcomer.roles)} into the safeguarding team:"
    says += " they see concerns once they have joined."
    others = ready_but_for(adults_in(school_id, session), by.id, newcomer.id)
    waits = link.fingerprint if link.waits else None
    tell_team(session, school_id, says, also=[newcomer.id], red=bool(others), link=waits)


def end_account(school_id: str, by: str, staff_id: str) -> None:
    """Somebody leaves: out on every device at once, and the e-mail address is free again."""
    if by == staff_id:
        raise Refused(NOT_YOUR_OWN)
    with writing(Store.LEARNING) as session:
        ender, leaver = both(session, school_id, by, staff_id)
        if leaver.sees_concerns:
            must_be_confirmed(ender)
        before = adults_in(school_id, session)
        moment = now()
        session.execute(
            update(Staff)
            .where(Staff.school_id == school_id, Staff.id == staff_id)
            .values(left_at=moment, email=f"left:{staff_id}")
        )
        if leaver.sees_concerns:
            _must_stay_safe(before, adults_in(school_id, session))
        close_every_way_in(session, school_id, staff_id, moment)
        end_links_by(session, school_id, staff_id)
        for kind in (ClassStaff, FormerName):
            session.execute(
                delete(kind).where(kind.school_id == school_id, kind.staff_id == staff_id)
            )
        if leaver.sees_concerns:
            says = f"{ender.name} ended the account of {as_said(leaver.name, leaver.roles)}."
            tell_team(session, school_id, says)


def _in_listed_order(roles: Iterable[Role]) -> list[Role]:
    return sorted(set(roles), key=list(Role).index)


def as_said(name: str, roles: Iterable[Role]) -> str:
    """An adult as the notices say it: Peter Lane (DSL)."""
    return f"{name} ({', '.join(roles)})"


def present_adult(session: Session, school_id: str, staff_id: str) -> Adult:
    """An adult with the roles held at this moment; refused once the account has ended."""
    found = adults_in(school_id, session, Staff.id == staff_id)
    if not found:
        raise Refused(GONE)
    return found[0]


def both(session: Session, school_id: str, by: str, staff_id: str) -> tuple[Adult, Adult]:
    """Who changes and who is changed, with the roles they hold now; Refused where not theirs."""
    changer = present_adult(session, school_id, by)
    changed = present_adult(session, school_id, staff_id)
    if not may_change(changer.roles, changed.roles):
        raise Refused(NOT_YOURS_TO_CHANGE if changed.sees_concerns else NOT_YOURS_TO_ADD)
    return changer, changed


def _must_fit(roles: Iterable[Role]) -> None:
    fault = fault_of_roles(roles)
    if fault:
        raise Refused(fault)


def _must_grant(granter: Adult, roles: Iterable[Role]) -> None:
    wanted = tuple(roles)
    if sees_concerns(wanted):
        must_be_confirmed(granter)
    for role in wanted:
        if not may_grant(granter.roles, role):
            raise Refused(NOT_YOURS_TO_GRANT if sees_concerns([role]) else NOT_YOURS_TO_ADD)


def must_renew(renewer: Adult, adult: Adult) -> None:
    """Refuse a link, or another address, to whoever must not become this adult."""
    if not may_renew(renewer.roles, adult):
        raise Refused(NOT_YOURS_TO_RENEW)


def must_be_free(session: Session, email: str, *, but_for: str | None = None) -> None:
    """Refuse an address that any account here has, whatever its school. Inside a write."""
    holder = session.scalar(
        select(Staff.id)
        .where(Staff.email == email)
        .execution_options(every_school="an e-mail address is one account in the installation")
    )
    if holder not in (None, but_for):
        raise AddressInUse("That address is in use.")


def _must_stay_safe(before: list[Adult], after: list[Adult]) -> None:
    """Who waits for word counted until now, and from now on does not: so nobody takes out of the
    team the last who could give it."""
    was, left = team_state(before).ready, team_state(after).ready
    will_be = [a for a in left if not a.waits]
    if was and not left:
        raise Refused(NOBODY_LEFT)
    if len(was) >= ENOUGH > len(will_be):
        raise Refused(ONLY_TWO if len(left) < ENOUGH else NOT_ALL_CONFIRMED)
    if len(was) >= ENOUGH and one_outside(was) and not one_outside(will_be):
        raise Refused(NOBODY_OUTSIDE)


def _give(
    session: Session, school_id: str, staff_id: str, *, roles: Iterable[Role], by: str
) -> None:
    moment = now()
    session.add_all(
        StaffRole(
            staff_id=staff_id,
            role=role.value,
            school_id=school_id,
            granted_by=by,
            granted_at=moment,
        )
        for role in roles
    )
    session.flush()

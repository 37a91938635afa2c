"""An adult's name, what pupils call them, and the e-mail address."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.base.clock import now
from app.base.database import Store, writing
from app.people.actions.notices import tell_team
from app.people.actions.staff import (
    AddressRefused,
    Details,
    both,
    must_be_free,
    must_renew,
    present_adult,
)
from app.people.actions.word import must_be_confirmed
from app.people.queries.staff import adults_in
from app.people.rules import Adult, ready_but_for
from app.people.tables import FormerName, Staff

YOUR_OWN = "To change your own e-mail address, press your name: your password is asked there."
THEIRS = "{name} has joined: only {name} can change this address, under their own name."


def change_details(school_id: str, by: str, staff_id: str, details: Details) -> None:
    """Correct an adult's name, what pupils call them, or the e-mail address.

    The team and the adult are told of another name, once the adult has joined: a child's words are
    held from whoever they name, so a name lets nobody out of that, and keeps nobody in the dark.
    """
    with writing(Store.LEARNING) as session:
        changer, adult = both(session, school_id, by, staff_id)
        must_be_free(session, details.email, but_for=staff_id)
        if adult.sees_concerns:
            must_be_confirmed(changer)
        if details.email != adult.email:
            must_renew(changer, adult)
            if changes_own_address(adult) or by == staff_id:
                raise AddressRefused(YOUR_OWN if by == staff_id else THEIRS.format(name=adult.name))
            _tell_of_address(session, school_id, adult, by=changer)
        if (details.name, details.known_as) != (adult.name, adult.known_as):
            _keep_former(session, school_id, adult, by=by)
            if adult.sees_concerns or adult.signed_in_once:
                says = f"{changer.name} changed a name: {_called(adult)} is now {_called(details)}."
                tell_team(session, school_id, says, also=[staff_id])
        session.execute(
            update(Staff)
            .where(Staff.school_id == school_id, Staff.id == staff_id)
            .values(name=details.name, known_as=details.known_as, email=details.email)
        )


def changes_own_address(adult: Adult) -> bool:
    """Whether nobody else changes this address: whoever does shuts them out and has their letters.

    One of the team who has joined. Who lost the password comes in by a link, and changes it then.
    """
    return adult.sees_concerns and adult.signed_in_once


def change_own_address(school_id: str, staff_id: str, email: str) -> None:
    """Another e-mail address of one's own; the password is asked for before."""
    with writing(Store.LEARNING) as session:
        adult = present_adult(session, school_id, staff_id)
        must_be_free(session, email, but_for=staff_id)
        if adult.sees_concerns:
            must_be_confirmed(adult)
        if email == adult.email:
            return
        _tell_of_address(session, school_id, adult, by=adult)
        session.execute(
            update(Staff)
            .where(Staff.school_id == school_id, Staff.id == staff_id)
            .values(email=email)
        )


def _tell_of_address(session: Session, school_id: str, adult: Adult, *, by: Adult) -> None:
    """In red but for a teacher's own: letters go there, and signing in asks for it."""
    if not (adult.sees_concerns or adult.signed_in_once):
        return
    own = by.id == adult.id
    red = adult.sees_concerns or not own
    others = ready_but_for(adults_in(school_id, session), by.id)
    whose = "their own e-mail address" if own else f"the e-mail address of {adult.name}"
    says = f"{by.name} changed {whose}."
    tell_team(session, school_id, says, also=[adult.id], red=red and bool(others))


def _called(one: Adult | Details) -> str:
    return f"{one.name} (pupils say {one.known_as})"


def _keep_former(session: Session, school_id: str, adult: Adult, *, by: str) -> None:
    session.add(
        FormerName(
            school_id=school_id,
            staff_id=adult.id,
            name=adult.name,
            known_as=adult.known_as,
            until=now(),
            ended_by=by,
        )
    )

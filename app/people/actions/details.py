"""An adult's name, what pupils call them, and the e-mail address."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.base.clock import now
from app.base.database import Store, writing
from app.people.actions.notices import tell_team
from app.people.actions.staff import Details, both, must_be_free, must_renew
from app.people.actions.word import must_be_confirmed
from app.people.rules import Adult
from app.people.tables import FormerName, Staff


def change_details(school_id: str, by: str, staff_id: str, details: Details) -> None:
    """Correct an adult's name, what pupils call them, or the e-mail address.

    The team is told where it is one of them, or one's own: a child's words are held from whoever
    they name, and another name must let nobody out of that.
    """
    with writing(Store.LEARNING) as session:
        changer, adult = both(session, school_id, by, staff_id)
        must_be_free(session, details.email, but_for=staff_id)
        if adult.sees_concerns:
            must_be_confirmed(changer)
        if details.email != adult.email:
            must_renew(changer, adult)
            if adult.sees_concerns or adult.signed_in_once:
                says = f"{changer.name} changed the e-mail address of {adult.name}."
                tell_team(session, school_id, says, also=[staff_id])
        if (details.name, details.known_as) != (adult.name, adult.known_as):
            _keep_former(session, school_id, adult)
            if adult.sees_concerns or by == staff_id:
                says = f"{changer.name} changed a name: {_called(adult)} is now {_called(details)}."
                tell_team(session, school_id, says, also=[staff_id])
        session.execute(
            update(Staff)
            .where(Staff.school_id == school_id, Staff.id == staff_id)
            .values(name=details.name, known_as=details.known_as, email=details.email)
        )


def _called(one: Adult | Details) -> str:
    return f"{one.name} (pupils say {one.known_as})"


def _keep_former(session: Session, school_id: str, adult: Adult) -> None:
    session.add(
        FormerName(
            school_id=school_id,
            staff_id=adult.id,
            name=adult.name,
            known_as=adult.known_as,
            until=now(),
        )
    )

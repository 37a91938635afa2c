"""Word of a third: whoever makes a link for one of the team could have come in by it themselves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.actions.links import Link, close_every_way_in, new_link, wait_for_no_word
from app.people.actions.notices import tell_team
from app.people.queries.staff import adults_in, behind
from app.people.rules import Adult, in_order, ready_but_for, who_can_confirm
from app.people.tables import Invitation

FIRST_YOU = "First another adult of the team must confirm that it is you."
FIRST_THEM = (
    "You made a link for {name}, and nobody has confirmed yet that it is {name} who came in."
    " First {who} must do that, on Today."
)
NOT_USED = (
    "You made a link for {name}, who has not come in by it yet. Another adult of the team can make"
    " this one."
)
NOBODY_CAN = (
    "Nobody could confirm that it is {name}: who else sees concerns waits to be confirmed."
    " That comes first; or whoever looks after Catkin’s computer makes the link there."
)
NOT_YOURS = "You cannot confirm this: another adult of the team must."
NOBODY_WAITS = "Nobody waits to be confirmed here. There may be a newer link."


def must_be_confirmed(adult: Adult) -> None:
    """Refuse what changes the team to an adult for whom another must still give their word."""
    if adult.waits:
        raise Refused(FIRST_YOU)


def must_be_themselves(school_id: str, staff_id: str) -> None:
    """The same outside a write."""
    if staff_id in behind(school_id):
        raise Refused(FIRST_YOU)


def new_team_link(session: Session, school_id: str, joiner: Adult, *, by: Adult) -> Link:
    """A link for one of the team, whose every other way in ends at once. Inside a write.

    It waits for the word of a third, where there is one: who founds a team alone has none. One
    maker has one such link at a time, so that nobody becomes the whole team.
    """
    adults = adults_in(school_id, session)
    _one_at_a_time(session, school_id, adults, by=by, joiner=joiner)
    others = ready_but_for(adults, by.id, joiner.id)
    if others and all(one.waits for one in others):
        raise Refused(NOBODY_CAN.format(name=joiner.name))
    close_every_way_in(session, school_id, joiner.id, now())
    return new_link(session, school_id, joiner.id, by=by.id, waits=bool(others))


def came_in_by(session: Session, school_id: str, link: str) -> None:
    """Somebody came in by a link (its fingerprint), and by no older one any more. In a write.

    A link for one of the team waits since it was made. Any other waits from now on, where another
    adult made it and a third of the team could say who came in.
    """
    one = session.execute(
        select(Invitation.staff_id, Invitation.made_by).where(
            Invitation.school_id == school_id,
            Invitation.fingerprint == link,
            Invitation.waits.is_(False),
        )
    ).one_or_none()
    if one is None:
        return
    wait_for_no_word(session, school_id, one.staff_id)
    adults = adults_in(school_id, session)
    by_another = one.made_by != one.staff_id and any(a.id == one.made_by for a in adults)
    if by_another and ready_but_for(adults, one.made_by, one.staff_id):
        session.execute(
            update(Invitation)
            .where(Invitation.school_id == school_id, Invitation.fingerprint == link)
            .values(waits=True)
        )


def _one_at_a_time(
    session: Session, school_id: str, adults: Sequence[Adult], *, by: Adult, joiner: Adult
) -> None:
    """A link that nobody has used may be made anew for the same adult; nothing came of it."""
    for one in in_order(adults):
        if one.behind == by.id and _is_used(session, school_id, one):
            can = " or ".join(a.name for a in who_can_confirm(adults, one.id, by.id))
            raise Refused(FIRST_THEM.format(name=one.name, who=can or "another of the team"))
        if one.behind == by.id and one.id != joiner.id:
            raise Refused(NOT_USED.format(name=one.name))


def _is_used(session: Session, school_id: str, adult: Adult) -> bool:
    used = select(Invitation.fingerprint).where(
        Invitation.school_id == school_id,
        Invitation.staff_id == adult.id,
        Invitation.waits.is_(True),
        Invitation.used_at.is_not(None),
    )
    return session.scalar(used) is not None


def confirm(school_id: str, by: str, link: str) -> str:
    """Say that whoever came in by a link (its fingerprint) is the adult for whom it was made.

    Returns the adult's id. Asked about the link and not the adult: who came in by a newer one may
    be another. Refused for its maker, for that adult, and for whoever waits themselves.
    """
    with writing(Store.LEARNING) as session:
        row = session.execute(
            update(Invitation)
            .where(
                Invitation.school_id == school_id,
                Invitation.fingerprint == link,
                Invitation.waits.is_(True),
                Invitation.used_at.is_not(None),
                Invitation.confirmed_at.is_(None),
            )
            .values(confirmed_by=by, confirmed_at=now())
            .returning(Invitation.staff_id, Invitation.made_by)
        ).one_or_none()
        if row is None:
            raise Refused(NOBODY_WAITS)
        adults = {one.id: one for one in adults_in(school_id, session)}
        able = who_can_confirm(adults.values(), row.staff_id, row.made_by)
        if by not in {one.id for one in able} or row.staff_id not in adults:
            raise Refused(NOT_YOURS)
        if adults[row.staff_id].sees_concerns:
            says = f"{adults[by].name} asked {adults[row.staff_id].name} in person: it is them."
            tell_team(session, school_id, says, also=[row.staff_id])
        return str(row.staff_id)

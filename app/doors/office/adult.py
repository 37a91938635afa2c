"""One adult: name, roles, a new link, and the end of the account."""

from __future__ import annotations

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import Refused
from app.doors.office.door import door
from app.doors.office.forms import DetailsForm, RolesForm
from app.doors.office.password import password_for
from app.doors.office.people import link_page
from app.people.actions import details as details_do
from app.people.actions.details import changes_own_address
from app.people.actions.staff import AddressRefused
from app.people.queries import sign_ins, staff
from app.people.rights import May, may_change, may_renew, reach
from app.people.rules import Adult
from app.safeguarding.actions import team
from app.web.forms import STALE, pressed
from app.web.pages import page
from app.web.step_up import StepUpForm
from app.web.viewer import the_adult


def _asked_for(staff_id: str) -> Adult:
    """An adult of this school; for anybody else's there is no page."""
    found = staff.adult(the_adult().school_id, staff_id)
    if found is None:
        abort(404)
    return found


def _adult_page(
    person: Adult,
    *,
    details: DetailsForm | None = None,
    asked: StepUpForm | None = None,
    says: str = "",
) -> str:
    here = the_adult()
    may = may_change(here.roles, person.roles)
    known = {"name": person.name, "known_as": person.known_as, "email": person.email}
    return page(
        "office/adult",
        person=person,
        details=details or DetailsForm(formdata=None, data=known),
        asked=asked,
        asked_with="details" if details else "link",
        link_until=staff.open_links(here.school_id, clock.now()).get(person.id),
        is_self=person.id == here.id,
        own_address=person.id == here.id or changes_own_address(person),
        former=[one for one in staff.former_names(here.school_id) if one.staff_id == person.id],
        may_change=may,
        shows_form=may or details is not None,
        may_renew=may_renew(here.roles, person) and person.id != here.id,
        says=says,
    )


@door.opens("/people/<staff_id>", may=May.KEEP_PEOPLE)
def adult(staff_id: str) -> str:
    """One adult's page."""
    return _adult_page(_asked_for(staff_id))


@door.opens("/people/<staff_id>/details", may=May.KEEP_PEOPLE, methods=("POST",))
def change_details(staff_id: str) -> str | Response:
    """Correct a name or an address."""
    person, form, here = _asked_for(staff_id), DetailsForm(), the_adult()
    if not form.validate_on_submit():
        return _adult_page(person, details=form)
    if asked := password_for(person):
        return _adult_page(person, details=form, asked=asked)
    try:
        details_do.change_details(here.school_id, here.id, person.id, form.details)
    except AddressRefused as problem:
        form.email.errors = [str(problem)]
        return _adult_page(person, details=form)
    except Refused as problem:
        return _adult_page(person, details=form, says=str(problem))
    return redirect(url_for("office.people"), code=303)


def _roles_page(person: Adult, form: RolesForm, asked: StepUpForm | None = None) -> str:
    # What was sent is shown again, also to somebody whose right ended meanwhile.
    shows = form.is_submitted() or may_change(the_adult().roles, person.roles)
    return page("office/roles", person=person, form=form, asked=asked, shows_form=shows)


@door.opens("/people/<staff_id>/roles", may=May.KEEP_PEOPLE, methods=("GET", "POST"))
def change_roles(staff_id: str) -> str | Response:
    """Give and take roles; a link for somebody who comes to see concerns is shown this once."""
    person, here = _asked_for(staff_id), the_adult()
    form = RolesForm(data={"roles": [role.value for role in person.roles]})
    if not form.validate_on_submit():
        return _roles_page(person, form)
    if asked := password_for(person, form.wanted):
        return _roles_page(person, form, asked)
    try:
        link = team.change_roles(here.school_id, here.id, person.id, form.wanted)
    except Refused as problem:
        form.roles.errors = [str(problem)]
        return _roles_page(person, form)
    if link is not None:
        return link_page(person.name, link, now_sees=True)
    still_keeps = person.id != here.id or bool(reach(form.wanted, May.KEEP_PEOPLE))
    return redirect(url_for("office.people" if still_keeps else "teacher.today"), code=303)


@door.opens("/people/<staff_id>/link", may=May.KEEP_PEOPLE, methods=("POST",))
def new_link(staff_id: str) -> str:
    """Make a new link, shown this once; the old ones end."""
    person, here = _asked_for(staff_id), the_adult()
    if not pressed():
        return _adult_page(person, says=STALE)
    if asked := password_for(person):
        return _adult_page(person, asked=asked)
    try:
        link = team.make_link(here.school_id, here.id, person)
    except Refused as problem:
        return _adult_page(person, says=str(problem))
    return link_page(person.name, link)


@door.opens("/people/<staff_id>/end", may=May.KEEP_PEOPLE, methods=("GET", "POST"))
def end_account(staff_id: str) -> str | Response:
    """Ask first, then end an account."""
    person, here = _asked_for(staff_id), the_adult()
    done, says = pressed(), ""
    asked = password_for(person)
    if done and not asked:
        try:
            team.end_account(here.school_id, here.id, person)
            return redirect(url_for("office.people"), code=303)
        except Refused as problem:
            says = str(problem)
    return page(
        "office/end-account",
        person=person,
        says=says,
        asked=asked,
        is_self=person.id == here.id,
        may_change=may_change(here.roles, person.roles),
        cards=sign_ins.cards_made_by(here.school_id, person.id),
    )

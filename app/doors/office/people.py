"""Who works here, who sees concerns, and whether there are enough of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import Refused
from app.doors.office.door import door
from app.doors.office.forms import AdultForm, ReferralForm
from app.doors.office.password import password_for
from app.people.actions import schools as schools_do
from app.people.actions.links import Link
from app.people.actions.staff import AddressInUse
from app.people.queries import schools, staff
from app.people.rights import May
from app.people.rules import Adult, in_order, next_listed, team_state
from app.safeguarding.actions import team
from app.safeguarding.rules import readers
from app.web.mail import mail_facts
from app.web.outside import outside_of
from app.web.pages import page
from app.web.squares import only_here, whole_link
from app.web.step_up import StepUpForm
from app.web.viewer import the_adult


@dataclass(frozen=True, slots=True)
class Course:
    """Where a concern about somebody goes; None stands for nobody."""

    about: str
    goes_to: Adult | None
    also_to: Adult | None


def courses(adults: list[Adult]) -> list[Course]:
    """By the rule that routes real concerns; only sign-ins that work count."""
    ready = team_state(adults).ready
    rows = [("A pupil, or nobody named", ()), *((a.name, (a.id,)) for a in in_order(adults))]
    found = []
    for name, about in rows:
        can = readers(ready, about)
        first = next_listed(can, about)
        second = next_listed(can, (*about, first.id)) if first else None
        found.append(Course(name, first, second))
    return found


def people_page(
    form: AdultForm, referral: ReferralForm | None = None, asked: StepUpForm | None = None
) -> str:
    """Everybody, the banner, and the form for one more; `asked` for the password with it."""
    school_id = the_adult().school_id
    adults, school = staff.adults(school_id), schools.the_school(school_id)
    return page(
        "office/people",
        form=form,
        asked=asked,
        adults=adults,
        team=team_state(adults),
        courses=courses(adults),
        mail=mail_facts(school_id),
        day=school.day,
        outside=outside_of(school),
        referral=referral or ReferralForm(formdata=None, data={"referral": school.referral or ""}),
        links=staff.open_links(school_id, clock.now()),
    )


@door.opens("/people", may=May.KEEP_PEOPLE)
def people() -> str:
    """The adults of the school."""
    return people_page(AdultForm(formdata=None))


@door.opens("/people/add", may=May.KEEP_PEOPLE, methods=("POST",))
def add_adult() -> str:
    """Add an adult, and show the link to join: this once."""
    form, here = AdultForm(), the_adult()
    if not form.validate_on_submit():
        return people_page(form)
    if asked := password_for(roles=form.wanted):
        return people_page(form, asked=asked)
    try:
        link = team.add_adult(here.school_id, here.id, form.details, roles=form.wanted)
    except AddressInUse as problem:
        form.email.errors = [str(problem)]
        return people_page(form)
    except Refused as problem:
        form.roles.errors = [str(problem)]
        return people_page(form)
    return link_page(form.name.data, link)


@door.opens("/people/referral", may=May.DECIDE_CONCERNS, methods=("POST",))
def set_referral() -> str | Response:
    """Write down whom to call outside the school about an adult."""
    form, here = ReferralForm(), the_adult()
    if not form.validate_on_submit():
        return people_page(AdultForm(formdata=None), form)
    by = staff.adult(here.school_id, here.id)
    try:
        if by is not None:
            schools_do.set_referral(here.school_id, form.referral.data, by=by)
    except Refused as problem:
        form.referral.errors = [str(problem)]
        return people_page(AdultForm(formdata=None), form)
    return redirect(url_for("office.people", _anchor="call-outside"), code=303)


def link_page(name: str, link: Link, *, now_sees: bool = False) -> str:
    """The one time that a link is shown; `now_sees` for somebody who now sees concerns."""
    address = whole_link(url_for("teacher.join", token=link.token))
    return page(
        "office/link",
        name=name,
        now_sees=now_sees,
        address=address,
        ends_at=link.ends_at,
        waits=link.waits,
        only_here=only_here(),
    )

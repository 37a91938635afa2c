"""Whether telling works: what came of Catkin's own try, station by station."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.desk.door import door
from app.people.queries import schools
from app.people.rules import SAFEGUARDING_TEAM
from app.safeguarding.actions.canary import try_now
from app.web.forms import pressed
from app.web.mail import mail_server
from app.web.pages import page
from app.web.viewer import the_adult
from app.web.works import works_facts


@door.opens("/concerns/works", admits=SAFEGUARDING_TEAM)
def works() -> str:
    """A line for each station and each backup: the same for everybody in the team."""
    school = schools.the_school(the_adult().school_id)
    return page("desk/works", works=works_facts(school.id), school=school, moment=clock.now())


@door.opens("/concerns/works/try", admits=SAFEGUARDING_TEAM, methods=("POST",))
def try_again() -> Response:
    """Try everything again now."""
    if pressed():
        try_now(the_adult().school_id, mail_server())
    return redirect(url_for("desk.works"), code=303)

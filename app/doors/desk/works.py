"""Whether telling works: what came of Catkin's own try, station by station."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.desk.door import door
from app.people.queries import schools
from app.people.rights import May
from app.safeguarding.actions.canary import try_now
from app.web.forms import pressed
from app.web.mail import mail_server
from app.web.pages import page
from app.web.viewer import the_adult
from app.web.works import wait_after, works_facts


@door.opens("/concerns/works", may=May.PROVE_RECORD)
def works() -> str:
    """A line for each station and each backup: the same for everybody in the team."""
    school = schools.the_school(the_adult().school_id)
    found = works_facts(school.id)
    waits = wait_after(found.tried_at) if "soon" in request.args else None
    return page("desk/works", works=found, waits=waits, school=school, moment=clock.now())


@door.opens("/concerns/works/try", may=May.PROVE_RECORD, methods=("POST",))
def try_again() -> Response:
    """Try everything again now."""
    if not pressed():
        return redirect(url_for("desk.works"), code=303)
    tried = try_now(the_adult().school_id, mail_server())
    return redirect(url_for("desk.works", soon=None if tried else "1"), code=303)

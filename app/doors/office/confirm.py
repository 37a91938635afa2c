"""One of the team asked another in person: whoever came in by that link is who it says."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.base.errors import Refused
from app.doors.office.door import door
from app.doors.office.password import fits
from app.people.queries.staff import CameBy
from app.people.rights import May
from app.safeguarding.actions import team
from app.web.forms import STALE, pressed
from app.web.guards import safe_path
from app.web.pages import page
from app.web.step_up import StepUpForm, is_stepped_up
from app.web.viewer import the_adult
from app.web.word import came_in


@door.opens("/people/confirm/<link>", may=May.CONFIRM_ADULTS, methods=("GET", "POST"))
def confirm_adult(link: str) -> str | Response:
    """Ask whether it was them, with the password unless it was typed just now; then it counts."""
    here = the_adult()
    came = next((one for one in came_in(here) if one.link == link), None)
    if came is None:
        return _on() if pressed() else abort(404)
    form = StepUpForm(formdata=None)
    if request.method == "GET" or not pressed():
        return _asks(came, form, says=STALE if request.method == "POST" else "")
    if not is_stepped_up(here):
        if "password" not in request.form:  # The button on Today brings none.
            return _asks(came, form)
        form = StepUpForm()
        if not fits(form):
            return _asks(came, form)
    try:
        team.confirm(here.school_id, here.id, link)
    except Refused as problem:
        return _asks(came, form, says=str(problem))
    return _on()


def _asks(came: CameBy, form: StepUpForm, *, says: str = "") -> str:
    return page(
        "office/confirm",
        came=came,
        form=None if is_stepped_up(the_adult()) else form,
        says=says,
        after=safe_path(request.args.get("after")),
    )


def _on() -> Response:
    return redirect(safe_path(request.args.get("after")) or url_for("teacher.today"), code=303)

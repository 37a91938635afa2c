"""One of the team knows adults who came in by links that others made."""

from __future__ import annotations

from collections.abc import Collection

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base.errors import Refused
from app.doors.office.door import door
from app.doors.office.password import fits
from app.people.queries.staff import CameBy
from app.people.rights import May
from app.safeguarding.actions import team
from app.web.forms import STALE, pressed
from app.web.pages import page
from app.web.step_up import StepUpForm, is_stepped_up
from app.web.viewer import the_adult
from app.web.word import came_in

NOBODY_TICKED = "Tick those whom you know."


@door.opens("/people/known", may=May.CONFIRM_ADULTS, methods=("GET", "POST"))
def know_adults() -> str | Response:
    """Ask which of them one knows, with the password unless it was typed just now."""
    here = the_adult()
    came = came_in(here, of_team=False)
    if not came:
        return redirect(url_for("teacher.today"), code=303)
    if request.method == "GET":
        return _asks(came, {one.link for one in came})
    ticked = {one.link for one in came if one.link in request.form.getlist("link")}
    if not pressed() or not ticked:
        return _asks(came, ticked, says=NOBODY_TICKED if pressed() else STALE)
    form = StepUpForm()
    if not is_stepped_up(here) and not fits(form):
        return _asks(came, ticked, form)
    try:
        for link in sorted(ticked):
            team.confirm(here.school_id, here.id, link)
    except Refused as problem:
        return _asks(came_in(here, of_team=False), ticked, says=str(problem))
    return redirect(url_for("teacher.today"), code=303)


def _asks(
    came: list[CameBy], ticked: Collection[str], form: StepUpForm | None = None, *, says: str = ""
) -> str:
    return page(
        "office/newcomers",
        came=came,
        ticked=ticked,
        form=None if is_stepped_up(the_adult()) else form or StepUpForm(formdata=None),
        says=says,
    )

"""What was being written when the sign-in ended: shown again to the adult who wrote it."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.doors.teacher.door import door
from app.people.rules import STAFF
from app.web.forms import pressed
from app.web.kept import forget_unsent, the_unsent
from app.web.pages import page
from app.web.viewer import the_adult


@door.opens("/kept", admits=STAFF)
def kept() -> str | Response:
    """What you wrote, ready to be sent again."""
    unsent = the_unsent(the_adult())
    if unsent is None:
        return redirect(url_for("teacher.today"), code=303)
    return page("teacher/kept", unsent=unsent)


@door.opens("/kept/forget", admits=STAFF, methods=("POST",))
def forget_kept() -> Response:
    """Let it go."""
    if pressed():
        forget_unsent(the_adult())
    return redirect(url_for("teacher.today"), code=303)

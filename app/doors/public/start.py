"""The first page: a welcome until there is a school, and then the pupils' sign-in."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.config import DEMO_PORT
from app.doors.public.door import door
from app.people.queries.schools import any_school
from app.people.rights import May
from app.web.pages import page
from app.web.parts import catalogue

DEMO_ADDRESS = f"127.0.0.1:{DEMO_PORT}/demo"
HELPLINES = ("emergency", "childline")


@door.opens("/", may=May.READ_ANYWHERE)
def start() -> str | Response:
    """The door to set-up; nothing promises a reader of worries before there is a school."""
    if any_school():
        return redirect(url_for("pupil.class_code"), code=303)
    known = catalogue().helplines
    helplines = [known[one] for one in HELPLINES if one in known and known[one].verified]
    return page("public/start", helplines=helplines, demo_address=DEMO_ADDRESS)

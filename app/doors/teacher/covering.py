"""Lifting the cover from names for two minutes, and putting it back."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.doors.teacher.door import door
from app.people.rights import May
from app.web import cover
from app.web.forms import pressed
from app.web.guards import safe_path


def _back() -> Response:
    return redirect(safe_path(request.args.get("after")) or url_for("teacher.today"), code=303)


@door.opens("/names/show", may=May.WORK_HERE, methods=("POST",))
def show_names() -> Response:
    """Show what is covered."""
    if pressed():
        cover.show_names()
    return _back()


@door.opens("/names/cover", may=May.WORK_HERE, methods=("POST",))
def cover_names() -> Response:
    """Cover it again."""
    if pressed():
        cover.cover_names()
    return _back()

"""The icons that browsers ask for at addresses of their own, whatever a page says."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.doors.public.door import door
from app.people.rights import May


def _mark() -> Response:
    return redirect(url_for("static", filename="img/mark.svg"))


@door.opens("/favicon.ico", may=May.READ_ANYWHERE)
def favicon() -> Response:
    """For a tab."""
    return _mark()


@door.opens("/apple-touch-icon.png", may=May.READ_ANYWHERE)
def touch_icon() -> Response:
    """For a home screen."""
    return _mark()


@door.opens("/apple-touch-icon-precomposed.png", may=May.READ_ANYWHERE)
def old_touch_icon() -> Response:
    """For a home screen of an old tablet."""
    return _mark()

"""What a browser keeps once an adult came in by it: that strangers' misses are not counted here.

Whoever types an adult's address at the door can keep it at rest. Tries from a browser in which
that adult came in before are counted apart. The cookie says no name, and opens nothing; another
password ends it, on every device.
"""

from __future__ import annotations

from flask import after_this_request, current_app, request
from werkzeug.wrappers import Response

from app.base import ids
from app.people.queries.password_tries import password_of
from app.people.queries.sign_ins import Account
from app.people.viewers import StaffHere
from app.web.cookies import cookie_named
from app.web.device_pass import KEPT_FOR

NAME = "catkin-staff-device"
PATH = "/staff/sign-in"
"""Over plain HTTP no other page of Catkin is sent it; over TLS none reads it."""
MOST = 8
"""Adults for each browser: those who came in last."""


def vouch_for(here: StaffHere) -> None:
    """Let this browser be known as one in which this adult came in; not in the pretend school."""
    if current_app.extensions["catkin"].settings.demo:
        return
    mark = _mark(here.id, password_of(here.school_id, here.id))
    marks = [mark, *(one for one in _marks() if one != mark)][:MOST]

    @after_this_request
    def keep(answer: Response) -> Response:
        answer.set_cookie(
            cookie_named(NAME),
            ".".join(marks),
            max_age=KEPT_FOR,
            path="/" if request.is_secure else PATH,  # `__Host-` goes with no narrower one.
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return answer


def known_as(account: Account | None) -> str:
    """By which pass this account is known in this browser; empty if by none."""
    mark = _mark(account.staff_id, account.password) if account else ""
    return mark if any(ids.same(mark, one) for one in _marks()) else ""


def _marks() -> list[str]:
    marks = request.cookies.get(cookie_named(NAME), "").split(".")[:MOST]
    return [mark for mark in marks if mark]


def _mark(staff_id: str, kept: str | None) -> str:
    """A stranger can make none: the key is Catkin's."""
    key = bytes(current_app.config["SECRET_KEY"])
    return ids.keyed_fingerprint(key, "staff device", staff_id, kept or "")

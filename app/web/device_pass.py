"""What a device keeps once a right class code was typed on it: that somebody here knew one.

Guessers cannot slow such a device. The cookie is the same on every device of the class: it tells
none from another, opens nothing, and is worth nothing once the class has another code.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from app.base import ids
from app.people.queries.classes import ClassFacts, codes_that_count
from app.web.cookies import cookie_named

NAME = "catkin-device"
PATH = "/sign-in"
"""Over plain HTTP no other page of Catkin is sent it; over TLS none reads it."""
KEPT_FOR = timedelta(days=365)


def vouch(answer: Response, facts: ClassFacts) -> Response:
    """Let this device be known by the class whose code was just typed on it."""
    known = _known(facts.id, facts.code_word, facts.code_number)
    answer.set_cookie(
        _name(),
        f"{known}.{_keyed('mark', known)}",
        max_age=KEPT_FOR,
        path="/" if request.is_secure else PATH,  # `__Host-` goes with no narrower one.
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def vouched_by() -> str:
    """Which class vouches for this device, by a name that says no more; empty if none does."""
    known, _, mark = request.cookies.get(_name(), "").partition(".")
    if not ids.same(mark, _keyed("mark", known)):  # What was made by hand asks no database.
        return ""
    return known if known in {_known(*code) for code in codes_that_count()} else ""


def _name() -> str:
    """Cookies know no ports: the demo has another name for it."""
    name: str = current_app.config.get("DEVICE_COOKIE_NAME", NAME)
    return cookie_named(name)


def _known(class_id: str, word: str, number: str) -> str:
    return _keyed("class", class_id, word, number)


def _keyed(what: str, *values: str) -> str:
    key = bytes(current_app.config["SECRET_KEY"])
    return ids.keyed_fingerprint(key, f"device {what}", *values)

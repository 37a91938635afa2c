"""The family code that a phone holds: a cookie of its own, and nothing else is kept of anybody.

It holds the code and a mark that the code was typed here. Without the mark, cookies made by hand
would be a way to guess past the throttle.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g, request
from werkzeug.wrappers import Response

from app.base import ids
from app.people.codes import Code
from app.people.queries.families import FamilySchool, school_by_code
from app.web.cookies import cookie_named

NAME = "catkin-family"
PATH = "/families"
"""Over plain HTTP no other page of Catkin is sent it; over TLS none reads it."""
KEPT_FOR = timedelta(days=365)


def cookie_name() -> str:
    """Cookies know no ports: the demo has another name for it."""
    name: str = current_app.config.get("FAMILY_COOKIE_NAME", NAME)
    return cookie_named(name)


def _path() -> str:
    return "/" if request.is_secure else PATH  # `__Host-` goes with no narrower one.


def remember_code(answer: Response, code: Code) -> Response:
    """Let this phone hold the code, until Leave is pressed or the school draws another."""
    answer.set_cookie(
        cookie_name(),
        f"{code.word}.{code.number}.{_mark(code)}",
        max_age=KEPT_FOR,
        path=_path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def forget_code(answer: Response) -> Response:
    """Take the code from this phone."""
    secure = request.is_secure
    answer.delete_cookie(cookie_name(), path=_path(), secure=secure, httponly=True, samesite="Lax")
    return answer


def family_here() -> FamilySchool | None:
    """The school whose code this phone holds; None without one, or once the code has ended."""
    if "family_here" not in g:
        g.family_here = _family()
    found: FamilySchool | None = g.family_here
    return found


def _family() -> FamilySchool | None:
    word, _, rest = request.cookies.get(cookie_name(), "").partition(".")
    number, _, mark = rest.partition(".")
    if not ids.same(mark, _mark(Code(word, number))):
        return None
    return school_by_code(word, number)


def _mark(code: Code) -> str:
    # From memory, as the pass of a class: it must hold while the keys are away.
    key = bytes(current_app.config["SECRET_KEY"])
    return ids.keyed_fingerprint(key, "family code", code.word, code.number)

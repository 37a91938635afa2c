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

NAME = "catkin-family"
PATH = "/families"
"""No other page of Catkin is sent it."""
KEPT_FOR = timedelta(days=365)


def remember_code(answer: Response, code: Code) -> Response:
    """Let this phone hold the code, until Leave is pressed or the school draws another."""
    answer.set_cookie(
        NAME,
        f"{code.word}.{code.number}.{_mark(code)}",
        max_age=KEPT_FOR,
        path=PATH,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def forget_code(answer: Response) -> Response:
    """Take the code from this phone."""
    answer.delete_cookie(NAME, path=PATH, httponly=True, samesite="Lax")
    return answer


def family_here() -> FamilySchool | None:
    """The school whose code this phone holds; None without one, or once the code has ended."""
    if "family_here" not in g:
        g.family_here = _family()
    found: FamilySchool | None = g.family_here
    return found


def _family() -> FamilySchool | None:
    word, _, rest = request.cookies.get(NAME, "").partition(".")
    number, _, mark = rest.partition(".")
    if not ids.same(mark, _mark(Code(word, number))):
        return None
    return school_by_code(word, number)


def _mark(code: Code) -> str:
    # From memory, as the pass of a class: it must hold while the keys are away.
    key = bytes(current_app.config["SECRET_KEY"])
    return ids.keyed_fingerprint(key, "family code", code.word, code.number)

"""The code of the school's families: shown, printed with its square, and drawn afresh."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.doors.office.door import door
from app.people.actions.family_codes import new_family_code
from app.people.queries.families import code_of
from app.people.queries.schools import the_school
from app.people.rights import May
from app.web.forms import STALE, pressed
from app.web.pages import page
from app.web.squares import only_here, square_of, whole_link
from app.web.viewer import the_adult

SLIPS = 8
"""So many fit on one sheet."""


def _code_page(says: str = "") -> str:
    school_id = the_adult().school_id
    code = code_of(school_id)
    if code is None:
        return page("office/family-code", code=None, says=says)
    link = whole_link(url_for("family.come_in", code=f"{code.word}-{code.number}"))
    return page(
        "office/family-code",
        code=code,
        school=the_school(school_id).name,
        link=link,
        square=square_of(link, "Square code for families"),
        slips=SLIPS,
        says=says,
        only_here=only_here(),
    )


@door.opens("/family-code", may=May.KEEP_FAMILY_CODE)
def family_code() -> str:
    """The code, and slips of it for book bags."""
    return _code_page()


@door.opens("/family-code/new", may=May.KEEP_FAMILY_CODE, methods=("POST",))
def new_code() -> str | Response:
    """Another code; the one before ends at once, on every phone."""
    if not pressed():
        return _code_page(STALE)
    new_family_code(the_adult().school_id)
    return redirect(url_for("office.family_code"), code=303)

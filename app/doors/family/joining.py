"""Coming in by the school's code, typed or followed from a letter, and leaving again."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock, ids
from app.doors.family.door import door
from app.people.actions.family_codes import try_family_code
from app.people.actions.guessing import CodePage
from app.people.codes import Code
from app.people.rights import May
from app.web.family_pass import cookie_name, family_here, forget_code, remember_code
from app.web.forms import CatkinForm, line, pressed
from app.web.pages import page

AGAIN = "That is not the code. Look at the school’s letter once more."
SLOWLY = "Too many wrong codes were typed. Wait a few minutes, then try again."
PAGE = "family_page"
"""Where the session keeps since when this phone has had the page open."""
Answer = str | Response | tuple[str, int]


class FamilyCode(CatkinForm):
    """The word and the number on the school's letter."""

    word = line("Word", "Type the word.", longest=40)
    number = line("Number", "Type the number.", longest=40)


@door.opens("/families/join", may=May.ENTER_FAMILY_CODE, methods=("GET", "POST"))
def join() -> Answer:
    """Type the code; a phone that holds it already is past this."""
    form = FamilyCode()
    whole = form.validate_on_submit()
    if request.method == "GET" and family_here():
        return redirect(url_for("family.home"), code=303)
    return _try(form) if whole else _join_page(form)


@door.opens("/families/join/<code>", may=May.ENTER_FAMILY_CODE)
def come_in(code: str) -> Answer:
    """The link of the letter: the code goes into the phone, and out of the address."""
    word, _, number = code.partition("-")
    return _try(FamilyCode(formdata=None, data={"word": word[:40], "number": number[:40]}))


@door.opens("/families/leave", may=May.ENTER_FAMILY_CODE, methods=("POST",))
def leave() -> Response:
    """This phone forgets the code."""
    answer = redirect(url_for("family.join"), code=303)
    return forget_code(answer) if pressed() else answer


def _try(form: FamilyCode) -> Answer:
    tried = try_family_code(Code(form.word.data, form.number.data), _this_page(), clock.now())
    if tried.facts is None:
        return _join_page(form, SLOWLY if tried.guessing else AGAIN), 429 if tried.guessing else 404
    session.pop(PAGE, None)
    return remember_code(redirect(url_for("family.home"), code=303), tried.facts.code)


def _this_page() -> CodePage:
    held = session.get(PAGE)
    if held is None:
        held = session[PAGE] = {"id": ids.new_id(), "at": clock.now().timestamp()}
    return CodePage(held["id"], datetime.fromtimestamp(held["at"], UTC))


def _join_page(form: FamilyCode, says: str = "") -> str:
    _this_page()
    ended = not says and not form.faults and cookie_name() in request.cookies
    return page("family/join", tabs=[], form=form, says=says, ended=ended)

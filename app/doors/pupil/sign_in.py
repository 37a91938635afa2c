"""To the pupils' door and out again: the class code, the names, and signing out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock, ids
from app.doors.pupil.door import door
from app.people.actions.class_codes import try_class_code
from app.people.actions.guessing import CodePage
from app.people.codes import Code
from app.people.queries import pupils
from app.people.rights import May
from app.people.viewers import PupilHere
from app.web.class_pass import (
    class_here,
    forget_class,
    open_class_here,
    open_now,
    remember_class,
)
from app.web.device_pass import vouch, vouched_by
from app.web.drafts import forget_draft
from app.web.forms import CatkinForm, line, pressed
from app.web.headers import with_nothing_kept
from app.web.pages import page
from app.web.viewer import sign_out as end_here
from app.web.viewer import the_pupil, viewer_here

AGAIN = "Let's try again."
SLOWLY = "Wait a little, then try again. Ask your teacher."
PAGE = "code_page"
"""Where the session keeps since when this browser has had the page of class codes."""


class ClassCode(CatkinForm):
    """The word and the number on the slip, or on the board."""

    word = line("Word", "Type your word.", longest=40)
    number = line("Number", "Type your number.", longest=40)


@door.opens("/sign-in", may=May.SIGN_IN, methods=("GET", "POST"))
def class_code() -> str | Response | tuple[str, int]:
    """Which class? Pupils who are signed in are past this."""
    form = ClassCode()
    whole = form.validate_on_submit()
    if isinstance(viewer_here(), PupilHere):
        return redirect(url_for("pupil.map"), code=303)
    if not whole:
        return _code_page(form)
    typed = Code(form.word.data, form.number.data)
    tried = try_class_code(typed, _this_page(), clock.now())
    if tried.facts is None:
        return (_code_page(form, SLOWLY), 429) if tried.guessing else _code_page(form, AGAIN)
    remember_class(tried.facts)
    return vouch(redirect(url_for("pupil.names"), code=303), tried.facts)


def _this_page() -> CodePage:
    """The page as this browser has had it open, since its first look at it."""
    held = _held()
    return CodePage(held["id"], datetime.fromtimestamp(held["at"], UTC), vouched_by())


def _held() -> dict[str, Any]:
    if PAGE not in session:
        session[PAGE] = {"id": ids.new_id(), "at": clock.now().timestamp()}
    held: dict[str, Any] = session[PAGE]
    return held


def _code_page(form: ClassCode, says: str = "") -> str:
    _held()
    left = request.args.get("left") if request.method == "GET" else None
    away, out = left == "time", left == "out"
    return page("pupil/sign-in/code", form=form, says=says, away=away, out=out, last=class_here())


@door.opens("/sign-in/closed", may=May.SIGN_IN)
def closed() -> str | Response:
    """The code was right; only the names have to wait."""
    facts = class_here()
    if facts is None:
        return redirect(url_for("pupil.class_code"), code=303)
    if open_now(facts):
        return redirect(url_for("pupil.names"), code=303)
    return page("pupil/sign-in/closed", name=facts.name)


@door.opens("/sign-in/names", may=May.SIGN_IN)
def names() -> str | Response:
    """Who are you? Only while the class is open, and only on a device with its pass."""
    facts = open_class_here()
    if facts is None:
        return redirect(url_for("pupil.closed"), code=303)
    shown = pupils.pupils_of(facts.school_id, facts.id)
    return page("pupil/sign-in/names", name=facts.name, pupils=shown)


@door.opens("/sign-in/other-class", may=May.SIGN_IN, methods=("POST",))
def other_class() -> Response:
    """Not this class? Then this device has no pass."""
    if pressed():
        forget_class()
    return redirect(url_for("pupil.class_code"), code=303)


@door.opens("/sign-out", may=May.SIGN_IN, methods=("POST",))
def sign_out() -> Response:
    """Out: the sign-in ends, the draft of a Tell goes, and the browser drops its pages."""
    if pressed() and not _is_staff():
        forget_draft()
        end_here()
    answer = redirect(url_for("pupil.names" if open_class_here() else "pupil.class_code"), code=303)
    return with_nothing_kept(answer)


def _is_staff() -> bool:
    here = viewer_here()
    return here is not None and not isinstance(here, PupilHere)


@door.opens("/still-here", may=May.LEARN)
def still_here() -> str:
    """The warning before an idle sign-in ends; looking at it is not yet being there."""
    return page("pupil/sign-in/still-here", name=the_pupil().shown_name)

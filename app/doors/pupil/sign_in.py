"""To the pupils' door and out again: the class code, the names, and signing out."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.pupil.door import door
from app.people.actions import sign_ins
from app.people.queries import classes, pupils
from app.people.viewers import PupilHere
from app.web.class_pass import (
    class_here,
    forget_class,
    open_class_here,
    open_now,
    remember_class,
)
from app.web.drafts import forget_draft
from app.web.forms import CatkinForm, line, pressed
from app.web.guards import EVERYBODY, PUPIL
from app.web.pages import page
from app.web.viewer import sign_out as end_here
from app.web.viewer import the_pupil, viewer_here

AGAIN = "Let's try again."


class ClassCode(CatkinForm):
    """The word and the number on the class card."""

    word = line("Word", "Type your word.", longest=40)
    number = line("Number", "Type your number.", longest=40)


@door.opens("/sign-in", admits=EVERYBODY, methods=("GET", "POST"))
def class_code() -> str | Response | tuple[str, int]:
    """Which class? Pupils who are signed in are past this."""
    if isinstance(viewer_here(), PupilHere):
        return redirect(url_for("pupil.map"), code=303)
    form = ClassCode()
    if not form.validate_on_submit():
        return _code_page(form)
    facts = classes.class_by_code(form.word.data, form.number.data)
    if facts is None:
        spent = sign_ins.miss_class_code(clock.now())
        says = f"{AGAIN} Ask your teacher." if spent else AGAIN
        return _code_page(form, says), 429 if spent else 200
    remember_class(facts)
    return redirect(url_for("pupil.names"), code=303)


def _code_page(form: ClassCode, says: str = "") -> str:
    away = request.args.get("left") == "time" and request.method == "GET"
    return page("pupil/sign-in/code", form=form, says=says, away=away, last=class_here())


@door.opens("/sign-in/closed", admits=EVERYBODY)
def closed() -> str | Response:
    """The code was right; only the names have to wait."""
    facts = class_here()
    if facts is None:
        return redirect(url_for("pupil.class_code"), code=303)
    if open_now(facts):
        return redirect(url_for("pupil.names"), code=303)
    return page("pupil/sign-in/closed", name=facts.name)


@door.opens("/sign-in/names", admits=EVERYBODY)
def names() -> str | Response:
    """Who are you? Only while the class is open, and only on a device with its pass."""
    facts = open_class_here()
    if facts is None:
        return redirect(url_for("pupil.closed"), code=303)
    shown = pupils.pupils_of(facts.school_id, facts.id)
    return page("pupil/sign-in/names", name=facts.name, pupils=shown)


@door.opens("/sign-in/other-class", admits=EVERYBODY, methods=("POST",))
def other_class() -> Response:
    """Not this class? Then this device has no pass."""
    if pressed():
        forget_class()
    return redirect(url_for("pupil.class_code"), code=303)


@door.opens("/sign-out", admits=EVERYBODY, methods=("POST",))
def sign_out() -> Response:
    """Out: the sign-in ends, the draft of a Tell goes, and the browser drops its pages."""
    if pressed() and not _is_staff():
        forget_draft()
        end_here()
    answer = redirect(url_for("pupil.names" if open_class_here() else "pupil.class_code"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _is_staff() -> bool:
    here = viewer_here()
    return here is not None and not isinstance(here, PupilHere)


@door.opens("/still-here", admits=PUPIL)
def still_here() -> str:
    """The warning before an idle sign-in ends; looking at it is not yet being there."""
    return page("pupil/sign-in/still-here", name=the_pupil().shown_name)

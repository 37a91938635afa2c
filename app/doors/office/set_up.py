"""Setting up the school: once, from the machine itself or with the code in its terminal."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import abort, redirect, session, url_for
from werkzeug.wrappers import Response

from app.base import clock, ids
from app.base.errors import Refused
from app.doors.office.door import door
from app.doors.office.set_up_forms import CodeForm, SetUpForm
from app.people.actions.schools import found_school, miss_set_up_code
from app.people.actions.sign_ins import begin_for_staff
from app.people.queries.schools import any_school, set_up_rests
from app.people.rights import May
from app.safeguarding.actions.keep_keys import forget_unused_key, make_school_key
from app.web.network import asked_from_here
from app.web.pages import page
from app.web.parts import setup_code
from app.web.second_step import way_on
from app.web.viewer import sign_in

ALLOWED = "set_up"
"""In the browser session: the fingerprint of the code that was typed."""
NOT_IT = "That is not the code. Look at the newest line in the terminal."


def _may_set_up() -> bool:
    code = setup_code()
    shown = str(session.get(ALLOWED, ""))
    return asked_from_here() or (code is not None and ids.same(shown, ids.fingerprint(code)))


@door.opens("/set-up", may=May.SET_UP, methods=("GET", "POST"))
def set_up() -> str | Response | tuple[str, int]:
    """The school and its first account; gone for good once a school exists."""
    if any_school():
        abort(404)
    form = SetUpForm()
    if not _may_set_up():
        return _ask_code(CodeForm(formdata=None))
    if not form.is_good():
        return page("office/set-up", form=form)
    return _found(form)


def _found(form: SetUpForm) -> Response:
    school_id = ids.new_id()
    # The key first: a school without one could not take a child's words.
    make_school_key(school_id)
    try:
        staff_id = found_school(school_id, form.school, form.first)
    except Refused:
        forget_unused_key(school_id)
        abort(404)  # Another browser was quicker, and set-up is gone.
    sign_in(begin_for_staff(school_id, staff_id, clock.now()))
    session.pop(ALLOWED, None)
    return redirect(way_on(url_for("office.people")), code=303)


@door.opens("/set-up/code", may=May.SET_UP, methods=("POST",))
def set_up_code() -> str | Response | tuple[str, int]:
    """The code from the terminal opens set-up in this browser."""
    if any_school():
        abort(404)
    form, moment = CodeForm(), clock.now()
    if not form.validate_on_submit() or set_up_rests(moment):
        return _ask_code(form)
    code = setup_code()
    if code is None or not ids.same(form.digits, code):
        miss_set_up_code(moment)
        form.code.errors = [NOT_IT]
        return _ask_code(form)
    session[ALLOWED] = ids.fingerprint(code)
    return redirect(url_for("office.set_up"), code=303)


def _ask_code(form: CodeForm) -> tuple[str, int]:
    rest = set_up_rests(clock.now())
    until = _next_minute(rest.until) if rest else None
    return page("office/set-up-code", form=form, until=until), 403


def _next_minute(moment: datetime | None) -> datetime | None:
    """Clocks show whole minutes, and a promise to look again must not be too early."""
    return moment + timedelta(seconds=59) if moment else None

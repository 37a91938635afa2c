"""My account: the second step as its adult sees it, new recovery codes, another phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.teacher.door import door
from app.doors.teacher.second_step import codes_page
from app.people.actions import second_step as act
from app.people.queries import second_step, staff
from app.people.queries.passkeys import passkeys
from app.people.rights import May
from app.web.concern_rows import near
from app.web.forms import CatkinForm, line, password, pressed
from app.web.guards import safe_path
from app.web.log_sign_ins import note_adult
from app.web.pages import page
from app.web.passkeys import place_here
from app.web.second_step import app_code_fits, asks_here, key_is_away, paper_code_fits, rests_until
from app.web.step_up import code_is_fresh, try_password
from app.web.viewer import the_adult

NOT_IT = "That did not work. Type your password again."
NOT_THAT = "That did not work. Type the code that your app shows now, or one from your paper."


class ItIsMe(CatkinForm):
    """The password, and a code where the last one was given too long ago."""

    password = password("Your password", "Type your password.")
    code = line("Code from your app, or from your paper", "Type a code.", longest=60)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        here = the_adult()
        if code_is_fresh(here) or second_step.step(here.school_id, here.id) is None:
            del self.code


@door.opens("/staff/account", may=May.WORK_HERE)
def account() -> str:
    """Who I am here, and how my sign-in is kept safe."""
    here = the_adult()
    return page(
        "teacher/account",
        me=staff.adult(here.school_id, here.id),
        step=second_step.step(here.school_id, here.id),
        left=second_step.codes_left(here.school_id, here.id),
        key_away=key_is_away(here.school_id, here.id),
        asks=asks_here(),
        passkeys=passkeys(here.school_id, here.id),
        place=place_here(),
        near=near,
    )


@door.opens("/staff/account/codes", may=May.WORK_HERE, methods=("GET", "POST"))
def new_codes() -> str | Response:
    """Ten new recovery codes, shown once; the ones before end."""
    here = the_adult()
    if second_step.step(here.school_id, here.id) is None:
        return _back()
    form = ItIsMe()
    if not is_me(form):
        return ask(form, "codes")
    mine = the_adult().sign_in  # Another than before the password.
    drawn = act.new_codes(here.school_id, here.id, clock.now(), but_for=mine)
    note_adult("codes made", here.school_id, here.id)
    known = staff.adult(here.school_id, here.id)
    return codes_page(drawn, name=known.email if known else "")


@door.opens("/staff/account/phone", may=May.WORK_HERE, methods=("GET", "POST"))
def another_phone() -> str | Response:
    """Before an app is set up, or another in its place: is it really this adult?"""
    if not asks_here():
        return _back()
    form, after = ItIsMe(), safe_path(request.args.get("after"))
    if not is_me(form):
        return ask(form, "phone", after)
    return redirect(url_for("teacher.second_step", after=after), code=303)


@door.opens("/staff/account/passkeys", may=May.WORK_HERE, methods=("GET", "POST"))
def before_passkeys() -> str | Response:
    """Before a passkey is added or removed: is it really this adult?"""
    here = the_adult()
    if second_step.step(here.school_id, here.id) is None:
        return _back()
    form = ItIsMe()
    if not is_me(form):
        return ask(form, "passkeys")
    return redirect(url_for("teacher.passkeys"), code=303)


def _back() -> Response:
    pressed()
    return redirect(url_for("teacher.account"), code=303)


def is_me(form: ItIsMe) -> bool:
    """Whether it is. Password first: a code is used up by looking at it."""
    if not form.validate_on_submit():
        return False
    tried = try_password(str(form.password.data))
    if not tried.fits:
        form.password.errors = [_with_rest(NOT_IT, tried.rests_until)]
        return False
    here = the_adult()
    if form.code and not _any_code_fits(str(form.code.data)):
        form.code.errors = [_with_rest(NOT_THAT, rests_until(here.id))]
        return False
    if form.code:
        act.code_given(here.school_id, here.sign_in, clock.now())
    return True


def _any_code_fits(typed: str) -> bool:
    here = the_adult()
    if len("".join(typed.split())) > 8:
        return paper_code_fits(here.school_id, here.id, typed)
    return app_code_fits(here.school_id, here.id, typed)


def _with_rest(says: str, until: datetime | None) -> str:
    if until is None:
        return says
    moment = clock.local(until)
    return f"{says} Try again at {moment.hour}:{moment:%M}."


def ask(form: ItIsMe, what: str, after: str | None = None) -> str:
    """The page that asks, before `what`."""
    return page("teacher/it-is-me", form=form, what=what, after=after)

"""Adults sign in with e-mail and password, and out again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField
from wtforms.validators import DataRequired, Length

from app.base import clock
from app.base.throttle import Resting
from app.doors.teacher.door import door
from app.people.actions import sign_ins
from app.people.actions.password_tries import claim_password_try, password_fitted
from app.people.passwords import proves
from app.people.queries.password_tries import password_rest, staff_key
from app.people.queries.sign_ins import Account, account
from app.people.rights import May
from app.people.rules import IDLE, LONGEST, tidy
from app.people.second_step import LASTS, WAITS
from app.web.door_pass import known_as
from app.web.forms import CatkinForm, password, pressed
from app.web.guards import safe_path
from app.web.headers import with_nothing_kept
from app.web.log_sign_ins import note_adult
from app.web.pages import page
from app.web.parts import catalogue
from app.web.second_step import asks_here, way_on
from app.web.viewer import gave_no_code, half_here, the_adult
from app.web.viewer import sign_in as begin_here
from app.web.viewer import sign_out as end_here


class StaffSignIn(CatkinForm):
    """E-mail and password."""

    email = EmailField(
        "Email",
        [
            DataRequired("Type your email."),
            Length(max=254, message="This is too long for an email address."),
        ],
        filters=[lambda text: tidy(text or "")],
    )
    password = password("Password", "Type your password.")


@door.opens("/staff/sign-in", may=May.SIGN_IN, methods=("GET", "POST"))
def sign_in() -> str | Response:
    """Staff sign in: one message for every failure, and nothing that tells which accounts exist."""
    after = safe_path(request.args.get("after"))
    form = StaffSignIn()
    if request.method == "GET" and half_here() is not None:
        return redirect(way_on(onward(after)), code=303)
    if not form.validate_on_submit():
        return _sign_in_page(form, after=after, away=_was_away(after), late=gave_no_code())
    email, moment = form.email.data.lower(), clock.now()
    known = account(email)
    key = staff_key(email, known_as(known))
    rest = claim_password_try(key, moment, known)
    fits = rest is None and proves(form.password.data, known.password if known else None)
    if known is None or not fits:
        whom = (known.school_id, known.staff_id) if known else ()
        note_adult("sign-in refused", *whom, why="resting" if rest else "wrong password")
        return _did_not_work(form, after, rest or password_rest(key, moment))
    password_fitted(key)
    begin_here(_token_for(known))
    return redirect(way_on(onward(after)), code=303)


def _token_for(known: Account) -> str:
    note_adult("password right", known.school_id, known.staff_id)
    given = not asks_here()
    return sign_ins.begin_for_staff(known.school_id, known.staff_id, clock.now(), second_step=given)


def _did_not_work(form: StaffSignIn, after: str | None, rest: Resting | None) -> str:
    # Clocks show whole minutes: the next one, so that the try it promises is not too early.
    until = rest.until + timedelta(seconds=59) if rest and rest.until else None
    return _sign_in_page(form, after=after, away=False, did_not_work=True, until=until)


def _sign_in_page(form: StaffSignIn, **facts: Any) -> str:
    return page("teacher/sign-in", form=form, **what_to_expect(), **facts)


def what_to_expect() -> dict[str, Any]:
    """What stands beside the forms of adults who are not signed in yet."""
    return {
        "minutes": IDLE["staff"] // timedelta(minutes=1),
        "hours": LONGEST // timedelta(hours=1),
        "waits": WAITS // timedelta(minutes=1),
        "set_up_within": LASTS // timedelta(minutes=1),
        "emergency": catalogue().helplines["emergency"].number,
    }


def _was_away(after: str | None) -> bool:
    left = g.get("left_idle") == "staff" or after == url_for("teacher.still_here")
    return left and request.method == "GET"


def onward(after: str | None) -> str:
    """The page to go on to once somebody is signed in."""
    if after is None or after == url_for("teacher.still_here"):
        return url_for("teacher.today")
    return after


@door.opens("/staff/sign-out", may=May.SIGN_IN, methods=("POST",))
def sign_out() -> Response:
    """Out: the sign-in ends everywhere, and the browser drops its pages."""
    if pressed():
        end_here()
    answer = redirect(url_for("teacher.sign_in"), code=303)
    return with_nothing_kept(answer)


@door.opens("/staff/still-here", may=May.WORK_HERE)
def still_here() -> str:
    """The warning before an idle sign-in ends; looking at it is not yet being there."""
    return page("teacher/still-here", name=the_adult().name)

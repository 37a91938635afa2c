"""The second step of signing in: a code of the app, one from paper, or setting the app up."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import KeyMissing
from app.doors.teacher.door import door
from app.doors.teacher.sign_in import onward, what_to_expect
from app.people import second_step as codes
from app.people.actions import second_step as act
from app.people.actions.second_step import NewApp
from app.people.queries import schools, staff
from app.people.queries import second_step as found
from app.people.queries.second_step import HalfHere
from app.people.rights import May
from app.people.viewers import StaffHere
from app.web.forms import CatkinForm, line, pressed
from app.web.guards import safe_path
from app.web.log_sign_ins import note_adult
from app.web.pages import page
from app.web.parts import keys
from app.web.passkeys import to_use_here
from app.web.second_step import (
    app_code_fits,
    asks_here,
    key_is_away,
    paper_code_fits,
    remember_paper,
    rests_until,
    way_on,
)
from app.web.squares import square_of
from app.web.step_up import code_is_fresh, password_is_fresh
from app.web.viewer import half_here, viewer_here
from app.web.viewer import sign_in as begin_here

NOT_THAT = "That did not work. Type the code that your app shows now. Each works once."
NOT_ON_PAPER = "That did not work. Type a code from your paper that you have not used yet."


class AppCode(CatkinForm):
    """Six digits."""

    code = line("Code from your app", "Type the six digits that your app shows.", longest=30)


class PaperCode(CatkinForm):
    """A code that was printed when the app was set up."""

    code = line("Recovery code", "Type a recovery code.", longest=60)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whoever sets up an app: between password and first page, or signed in already."""

    sign_in: str
    school_id: str
    school: str
    id: str
    email: str


@door.opens("/staff/code", may=May.SIGN_IN, methods=("GET", "POST"))
def code() -> str | Response:
    """The code from the app, after the right password alone."""
    half, form = half_here(), AppCode()
    if half is None or not half.is_set_up:
        return elsewhere()
    if not form.validate_on_submit():
        return code_page("teacher/code", form, half)
    if not app_code_fits(half.school_id, half.id, str(form.code.data)):
        form.code.errors = [NOT_THAT]
        return code_page("teacher/code", form, half)
    return _whole(half)


@door.opens("/staff/recovery-code", may=May.SIGN_IN, methods=("GET", "POST"))
def recovery_code() -> str | Response:
    """A code from paper instead: for a phone that is lost, empty or at home."""
    half, form = half_here(), PaperCode()
    if half is None or not half.is_set_up:
        return elsewhere()
    if not form.validate_on_submit():
        return code_page("teacher/recovery-code", form, half)
    if not paper_code_fits(half.school_id, half.id, str(form.code.data)):
        form.code.errors = [NOT_ON_PAPER]
        return code_page("teacher/recovery-code", form, half)
    answer = _whole(half)
    remember_paper()
    return answer


def _whole(half: HalfHere) -> Response:
    token = act.make_whole(half.school_id, half.id, half.sign_in, clock.now())
    if token is not None:
        begin_here(token)
    return redirect(onward(after_here()), code=303)


def code_page(template: str, form: CatkinForm, half: HalfHere, *, refused: str = "") -> str:
    """A page that asks for one; `refused` says what became of a passkey."""
    return page(
        template,
        form=form,
        refused=refused,
        passkey=to_use_here(half),
        name=half.name,
        after=after_here(),
        until=rests_until(half.id),
        key_away=key_is_away(half.school_id, half.id),
        here_now=clock.now(),
        **what_to_expect(),
    )


def after_here() -> str | None:
    """The page that was asked for before signing in."""
    return safe_path(request.args.get("after"))


def elsewhere() -> Response:
    """Whoever is not between password and code is led to where they are."""
    pressed()
    if isinstance(viewer_here(), StaffHere):
        return redirect(onward(after_here()), code=303)
    if half_here() is not None:
        return redirect(way_on(onward(after_here())), code=303)
    return redirect(url_for("teacher.sign_in", after=after_here()), code=303)


@door.opens("/staff/second-step", may=May.SIGN_IN, methods=("GET", "POST"))
def second_step() -> str | Response:
    """A square for the app, and the first code back; then the recovery codes, shown once."""
    new, form = _newcomer(), AppCode()
    if isinstance(new, Response):
        pressed()
        return new
    try:
        secret = _offer(new)
    except KeyMissing:
        pressed()
        return page("teacher/second-step-away", **what_to_expect())
    if not form.validate_on_submit():
        return _set_up_page(form, new, secret)
    step = codes.step_of(secret, str(form.code.data), clock.now(), after=None)
    if step is None:
        form.code.errors = [NOT_THAT]
        return _set_up_page(form, new, secret)
    sealed = codes.seal(keys().read(codes.KEY), secret, new.school_id, new.id)
    kept = act.set_up(NewApp(new.school_id, new.id, new.sign_in, sealed, step), clock.now())
    if kept is None:
        return elsewhere()
    note_adult("app set up", new.school_id, new.id)
    token, drawn = kept
    begin_here(token)
    return codes_page(drawn, name=new.email)


def codes_page(drawn: list[str], *, name: str) -> str:
    """The ten recovery codes, in this one answer."""
    return page(
        "teacher/recovery-codes",
        drawn=drawn,
        name=name,
        made=clock.now(),
        onward=onward(after_here()),
    )


def _newcomer() -> Newcomer | Response:
    half, here = half_here(), viewer_here()
    if half is not None and not half.is_set_up:
        return Newcomer(half.sign_in, half.school_id, half.school, half.id, half.email)
    if not isinstance(here, StaffHere):
        return elsewhere()
    if not asks_here():
        return redirect(url_for("teacher.account"), code=303)
    is_set_up = found.step(here.school_id, here.id) is not None
    if not password_is_fresh(here) or (is_set_up and not code_is_fresh(here)):
        return redirect(url_for("teacher.another_phone", after=after_here()), code=303)
    known, school = staff.adult(here.school_id, here.id), schools.the_school(here.school_id)
    return Newcomer(
        here.sign_in, here.school_id, school.name, here.id, known.email if known else ""
    )


def _offer(new: Newcomer) -> bytes:
    had = found.step(new.school_id, new.id)
    made = had.made_at.isoformat() if had else ""
    return codes.offer(keys().read(codes.KEY), new.school_id, new.id, new.sign_in, made)


def _set_up_page(form: AppCode, new: Newcomer, secret: bytes) -> str:
    text = codes.as_text(secret)
    return page(
        "teacher/second-step",
        form=form,
        square=square_of(codes.link(secret, school=new.school, email=new.email), "For your app"),
        groups=[text[start : start + 4] for start in range(0, len(text), 4)],
        email=new.email,
        after=after_here(),
        here_now=clock.now(),
        is_half=half_here() is not None,
        **what_to_expect(),
    )

"""Passkeys: the list of one's own, one more, one fewer, and one in place of a code."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.doors.teacher.door import door
from app.doors.teacher.second_step import AppCode, after_here, code_page, elsewhere
from app.doors.teacher.sign_in import onward
from app.people.actions import passkeys as act
from app.people.passkeys import MOST
from app.people.queries import second_step
from app.people.queries.passkeys import passkeys as passkeys_of
from app.people.rights import May
from app.web.concern_rows import near
from app.web.forms import CatkinForm, line, pressed
from app.web.log_sign_ins import Why, note_adult
from app.web.network import public_address
from app.web.pages import page
from app.web.passkeys import add_here, place_here, to_add_here, try_here
from app.web.second_step import rests_until
from app.web.step_up import code_is_fresh, password_is_fresh
from app.web.viewer import half_here, renew, the_adult
from app.web.viewer import sign_in as begin_here

LONGEST = 20_000
"""Letters of an answer; a device says far less."""
NOT_ADDED = "That did not work, and no passkey was added. Press the button again."
NOT_THAT = "That passkey did not work. Press the button again, or type the code from your app."
COPIED = (
    "That passkey was used somewhere else, so it is refused and removed: somebody may hold a copy."
    " Sign in with the code from your app and change your password. The safeguarding team is told."
)
SAYS = {"added": "Your passkey is added.", "removed": "That passkey opens nothing any more."}
"""What was done, by the word in the address."""


class NewPasskey(CatkinForm):
    """What its adult calls it; the device's answer stands beside it."""

    name = line("What do you call this device?", "Give it a name, such as iPad.", longest=40)


@door.opens("/staff/code/passkey", may=May.SIGN_IN, methods=("POST",))
def use_passkey() -> str | Response:
    """A passkey instead of the code, after the right password."""
    half = half_here()
    if half is None or not half.is_set_up or not pressed():
        return elsewhere()
    rests = rests_until(half.id) is not None
    tried, whose = try_here(half, _answer()), (half.school_id, half.id)
    if tried.token is None:
        why: Why = "copied passkey" if tried.copied else "resting" if rests else "wrong passkey"
        note_adult("sign-in refused", *whose, why=why)
        refused = COPIED if tried.copied else NOT_THAT
        return code_page("teacher/code", AppCode(formdata=None), half, refused=refused)
    note_adult("passkey right", *whose)
    begin_here(tried.token)
    return redirect(onward(after_here()), code=303)


@door.opens("/staff/passkeys", may=May.WORK_HERE, methods=("GET", "POST"))
def passkeys() -> str | Response:
    """My passkeys; a POST adds one."""
    if not _is_surely_me():
        return _to_be_asked()
    form, here = NewPasskey(), the_adult()
    if not form.validate_on_submit():
        return _my_page(form)
    if not add_here(here, _answer(), str(form.name.data)):
        return _my_page(form, refused=NOT_ADDED)
    note_adult("passkey added", here.school_id, here.id)
    renew()  # What this sign-in was asked is answered, and good for nothing more.
    return redirect(url_for("teacher.passkeys", done="added"), code=303)


@door.opens("/staff/passkeys/remove", may=May.WORK_HERE, methods=("POST",))
def remove_passkey() -> Response:
    """Remove one of mine."""
    if not _is_surely_me():
        return _to_be_asked()
    here, done = the_adult(), None
    if pressed():
        for one in passkeys_of(here.school_id, here.id):
            if one.mark == request.form.get("which"):
                act.remove(here.school_id, here.id, one.id)
                note_adult("passkey removed", here.school_id, here.id)
                done = "removed"
    return redirect(url_for("teacher.passkeys", done=done), code=303)


def _answer() -> str:
    return request.form.get("answer", "")[:LONGEST]


def _is_surely_me() -> bool:
    """Whether password and code were given on this sign-in just now, where codes are asked for."""
    here = the_adult()
    is_set_up = second_step.step(here.school_id, here.id) is not None
    return is_set_up and password_is_fresh(here) and code_is_fresh(here)


def _to_be_asked() -> Response:
    pressed()
    return redirect(url_for("teacher.before_passkeys"), code=303)


def _my_page(form: NewPasskey, *, refused: str = "") -> str:
    here = the_adult()
    mine = passkeys_of(here.school_id, here.id)
    return page(
        "teacher/passkeys",
        mine=mine,
        form=form,
        refused=refused,
        says=SAYS.get(request.args.get("done", ""), "") if not form.errors else "",
        asks_for=to_add_here(here),
        address=public_address(),
        is_full=len(mine) >= MOST,
        place=place_here(),
        near=near,
    )

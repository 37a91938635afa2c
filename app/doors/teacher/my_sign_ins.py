"""Where I am signed in, ending a sign-in from elsewhere, and my password."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.teacher.door import door
from app.people import passwords
from app.people.actions import own_sign_ins as actions
from app.people.queries import schools, staff
from app.people.queries.own_sign_ins import OwnSignIn, own_sign_ins
from app.people.rights import May
from app.web.concern_rows import near
from app.web.forms import CatkinForm, password, pressed
from app.web.log_sign_ins import note_adult
from app.web.pages import page
from app.web.step_up import is_own_password
from app.web.viewer import renew, the_adult

NOT_IT = "That is not your password. Type the one you signed in with."
SO_LONG = 1000
"""Letters of a password; whoever pastes more has pasted something else."""
TOO_LONG = f"Use up to {SO_LONG} characters."
SAYS = {
    "ended": "That sign-in has ended.",
    "others": "Every other sign-in of yours has ended.",
    "password": "Your password is changed, and every other sign-in of yours has ended.",
}
"""What was done, by the word in the address."""


class PasswordForm(CatkinForm):
    """The password that counts now, and another."""

    password_now = password("Your password now", "Type your password.")
    password_new = password("A new password", "Type a new password.")

    def fits(self) -> bool:
        """Whether the new one could be this adult's."""
        if not self.validate_on_submit():
            return False
        here, new = the_adult(), str(self.password_new.data)
        known = staff.adult(here.school_id, here.id)
        near_me = (schools.the_school(here.school_id).name, here.name, known.email if known else "")
        fault = TOO_LONG if len(new) > SO_LONG else passwords.fault_of(new, near=near_me)
        if fault is not None:
            self.password_new.errors = [fault]
        return fault is None


@door.opens("/my-sign-ins", may=May.WORK_HERE)
def my_sign_ins() -> str:
    """Each sign-in of mine that stands open, this one among them."""
    return _my_page(PasswordForm(formdata=None), says=SAYS.get(request.args.get("done", ""), ""))


def _my_page(form: PasswordForm, *, says: str = "", rests_until: datetime | None = None) -> str:
    here = the_adult()
    return page(
        "teacher/my-sign-ins",
        mine=_mine(),
        this=here.sign_in,
        form=form,
        says=says,
        rests_until=rests_until,
        shortest=passwords.SHORTEST,
        near=near,
        may_change=not _is_demo(),
    )


def _mine() -> list[OwnSignIn]:
    here = the_adult()
    return own_sign_ins(here.school_id, here.id, clock.now())


def _is_demo() -> bool:
    """In the pretend school each password stands on a page for everybody."""
    return bool(current_app.extensions["catkin"].settings.demo)


@door.opens("/my-sign-ins/end", may=May.WORK_HERE, methods=("POST",))
def end_sign_in() -> Response:
    """End one of mine; this one ends by signing out."""
    here, done = the_adult(), None
    if pressed():
        found = [one for one in _mine() if one.mark == request.form.get("which")]
        for one in found:
            actions.end_own(here.school_id, here.id, one.fingerprint)
            note_adult("sign-in ended", here.school_id, here.id, why="by hand")
        done = "ended"
    return redirect(url_for("teacher.my_sign_ins", done=done), code=303)


@door.opens("/my-sign-ins/end-others", may=May.WORK_HERE, methods=("POST",))
def end_other_sign_ins() -> Response:
    """End all of mine but this one."""
    here, done = the_adult(), None
    if pressed():
        actions.end_others(here.school_id, here.id, here.sign_in)
        note_adult("sign-in ended", here.school_id, here.id, why="by hand")
        done = "others"
    return redirect(url_for("teacher.my_sign_ins", done=done), code=303)


@door.opens("/my-sign-ins/password", may=May.WORK_HERE, methods=("POST",))
def change_password() -> str | Response:
    """Another password for whoever knows the one that counts now; tries rest as at signing in."""
    form, here = PasswordForm(), the_adult()
    if _is_demo() or not form.fits():
        return _my_page(form)
    tried = is_own_password(str(form.password_now.data))
    if not tried.fits:
        form.password_now.errors = [NOT_IT]
        return _my_page(form, rests_until=tried.rests_until)
    kept = passwords.keep(str(form.password_new.data))
    actions.change_password(here.school_id, here.id, kept, but_for=here.sign_in)
    note_adult("password changed", here.school_id, here.id)
    renew()
    return redirect(url_for("teacher.my_sign_ins", done="password"), code=303)

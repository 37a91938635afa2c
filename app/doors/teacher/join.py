"""The one-time link by which an adult sets a password and signs in for the first time."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock, ids
from app.doors.teacher.door import door
from app.doors.teacher.sign_in import what_to_expect
from app.people import passwords
from app.people.actions import sign_ins
from app.people.queries.sign_ins import Invited, has_been_in, invitation
from app.people.queries.staff import adult
from app.people.rights import May
from app.web.forms import CatkinForm, password, pressed
from app.web.log_sign_ins import note_adult
from app.web.pages import page
from app.web.second_step import asks_here, way_on
from app.web.viewer import sign_in as begin_here


class NewPassword(CatkinForm):
    """A password of one's own choosing."""

    password = password("Choose a password", "Type a password.")

    def fits(self, invited: Invited) -> bool:
        """Whether the password is good enough for this adult."""
        if not self.validate_on_submit():
            return False
        near = (invited.school_name, invited.email, invited.name)
        fault = passwords.fault_of(self.password.data, near=near)
        if fault is not None:
            self.password.errors = [fault]
        return fault is None


@door.opens("/staff/join/<token>", may=May.SIGN_IN, methods=("GET", "POST"))
def join(token: str) -> str | Response | tuple[str, int]:
    """Set a password by an invitation; a used, old or unknown link opens nothing."""
    mark = ids.fingerprint(token)
    invited = invitation(mark, clock.now())
    if invited is None:
        return _ended()
    form = NewPassword()
    if not form.fits(invited):
        return _join_page(form, invited)
    kept = passwords.keep(form.password.data)
    given = not asks_here()
    signed_in = sign_ins.join(invited.school_id, mark, kept, clock.now(), second_step=given)
    if signed_in is None:
        return _ended()
    note_adult("link used", invited.school_id, invited.staff_id)
    begin_here(signed_in)
    return redirect(way_on(url_for("teacher.today")), code=303)


def _join_page(form: NewPassword, invited: Invited) -> str:
    known = adult(invited.school_id, invited.staff_id)
    return page(
        "teacher/join",
        form=form,
        invited=invited,
        sees_concerns=known is not None and known.sees_concerns,
        joined_before=has_been_in(invited.school_id, invited.staff_id),
        link=request.path,
        shortest=passwords.SHORTEST,
        **what_to_expect(),
    )


def _ended() -> tuple[str, int]:
    pressed()
    note_adult("sign-in refused", why="link ended")
    return page("teacher/join-ended", **what_to_expect()), 404

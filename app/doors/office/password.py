"""The password once more, on the page that is open, before anything that could open concerns."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from app.base import clock
from app.people.rules import Adult, Role, sees_concerns
from app.web.step_up import StepUpForm, password_is_new, try_password
from app.web.viewer import the_adult

NOT_IT = "That did not work. Type your password again."


def password_for(person: Adult | None = None, roles: Iterable[Role] = ()) -> StepUpForm | None:
    """What the page still has to ask before this account is changed, or one with these roles made.

    None where the password was given not long ago; and where no concern lies behind the account,
    or the viewer sees none themselves, and so can open none to others.
    """
    behind = person is not None and (person.sees_concerns or person.signed_in_once)
    if not the_adult().sees_concerns or not (behind or sees_concerns(roles)):
        return None
    if password_is_new(the_adult()):
        return None
    if "password" not in request.form:
        return StepUpForm(formdata=None)
    form = StepUpForm()
    return None if fits(form) else form


def fits(form: StepUpForm) -> bool:
    """Whether it is the viewer's password; the form says what was wrong."""
    if not form.validate_on_submit():
        return False
    tried = try_password(str(form.password.data))
    if not tried.fits:
        rests = tried.rests_until and clock.local(tried.rests_until)
        again = f" Try again at {rests.hour}:{rests:%M}." if rests else ""
        form.password.errors = [NOT_IT + again]
    return tried.fits

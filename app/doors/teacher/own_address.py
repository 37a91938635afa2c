"""Another e-mail address of one's own: with the password, and told to the team."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.base.errors import Refused
from app.doors.teacher.account import ItIsMe, ask, is_me
from app.doors.teacher.door import door
from app.people.actions.details import change_own_address
from app.people.queries import staff
from app.people.rights import May
from app.web.forms import email_line
from app.web.viewer import the_adult


class OwnAddressForm(ItIsMe):
    """The address, and who asks."""

    email = email_line("Your e-mail address")


@door.opens("/staff/account/address", may=May.WORK_HERE, methods=("GET", "POST"))
def own_address() -> str | Response:
    """Put one's own address right."""
    here = the_adult()
    me = staff.adult(here.school_id, here.id)
    form = OwnAddressForm(data={"email": me.email if me else ""})
    if not is_me(form):
        return ask(form, "address")
    try:
        change_own_address(here.school_id, here.id, str(form.email.data))
    except Refused as problem:
        form.email.errors = [str(problem)]
        del form.code  # It was right, and is used up.
        return ask(form, "address")
    return redirect(url_for("teacher.account"), code=303)

"""Before a concern opens, its reader confirms the password; until then nothing of it shows."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.doors.desk.door import door
from app.doors.desk.gate import ask_for_password, find_concern
from app.people.rights import May
from app.web.kept import the_unsent
from app.web.step_up import StepUpForm, try_password
from app.web.viewer import the_adult

NOT_IT = "That did not work. Type your password again."


@door.opens("/concerns/<reference>/open", may=May.READ_CONCERNS, methods=("POST",))
def step_up(reference: str) -> str | Response:
    """Confirm the password; then the concern, or what was being written when time ran out."""
    facts, form = find_concern(reference), StepUpForm()
    if not form.validate_on_submit():
        return ask_for_password(facts, form)
    tried = try_password(str(form.password.data))
    if not tried.fits:
        form.password.errors = [NOT_IT]
        return ask_for_password(facts, form, rests_until=tried.rests_until)
    unsent = the_unsent(the_adult())
    if unsent and unsent.path.startswith(f"/concerns/{reference}/"):
        return redirect(url_for("teacher.kept"), code=303)
    return redirect(url_for("desk.concern", reference=reference), code=303)

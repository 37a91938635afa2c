"""Whom a concern must not reach: the team marks it, and clears what the words alone held back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.base.errors import KeyMissing, Refused
from app.doors.desk.concern import draw_concern
from app.doors.desk.door import door
from app.doors.desk.forms import KeepFromForm, LetSeeForm
from app.doors.desk.gate import Answer, after_the_password
from app.doors.desk.handling import AWAY, back, by
from app.people.queries import staff
from app.people.rights import May
from app.safeguarding.actions import keep_from as actions
from app.safeguarding.queries.desk import ConcernFacts
from app.web.viewer import the_adult


@door.opens("/concerns/<reference>/about", may=May.DECIDE_CONCERNS, methods=("POST",))
@after_the_password
def keep_from(facts: ConcernFacts) -> Answer:
    """This is about an adult: for them it does not exist from here on."""
    form = KeepFromForm()
    form.offer(staff.adults(facts.school_id), facts, the_adult().id)
    return _decide(facts, "keep_from", form, actions.mark)


@door.opens("/concerns/<reference>/let-see", may=May.DECIDE_CONCERNS, methods=("POST",))
@after_the_password
def let_see(facts: ConcernFacts) -> Answer:
    """Clear what holds it from an adult."""
    form = LetSeeForm()
    form.offer(staff.adults(facts.school_id), facts, the_adult().id)
    return _decide(facts, "let_see", form, actions.let_see)


def _decide(facts: ConcernFacts, name: str, form: Any, do: Callable[..., None]) -> Answer:
    if form.validate_on_submit():
        try:
            chosen, reason = str(form.with_id.data), str(form.reason.data)
            do(facts.school_id, facts, chosen, reason, by=by(form))
            return back(facts)
        except Refused as refused:
            form.with_id.errors = [str(refused)]
        except KeyMissing:
            form.reason.errors = [AWAY]
    return draw_concern(facts, **{name: form})

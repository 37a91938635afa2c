"""What stands before every page and form of a concern: the password, confirmed not long ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.people.queries import schools, staff
from app.safeguarding import queries
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import ERASED
from app.web.concern_rows import near, read_by_in_words
from app.web.cover import names_covered
from app.web.forms import pressed
from app.web.kept import keep_unsent, typed_fields
from app.web.pages import page
from app.web.parts import catalogue
from app.web.step_up import StepUpForm, is_stepped_up, password_is_fresh
from app.web.viewer import the_adult

Answer = str | Response
View = Callable[[str], Answer]


def find_concern(reference: str) -> ConcernFacts:
    """The concern, or the same 404 for one that is not there and one not for this viewer."""
    viewer = the_adult()
    return queries.desk.concern(viewer.school_id, viewer, reference) or abort(404)


def after_the_password(view: Callable[[ConcernFacts], Answer]) -> View:
    """A view of a concern that opens only to a password confirmed in the last minutes.

    What was typed too late is kept sealed for its writer, and shown again after the password.
    """

    @wraps(view)
    def guarded(reference: str) -> Answer:
        facts = find_concern(reference)
        if facts.state == ERASED:
            return _to_the_certificate(reference)
        if is_stepped_up(the_adult()):
            return view(facts)
        if request.method == "GET" and password_is_fresh(the_adult()):
            return redirect(url_for("teacher.second_step", after=request.path), code=303)
        if request.method == "GET":
            return ask_for_password(facts, StepUpForm(formdata=None))
        if not pressed():
            return _once_more()
        keep_unsent()
        return redirect(url_for("desk.concern", reference=reference), code=303)

    return guarded


def _to_the_certificate(reference: str) -> Response:
    """All that is left of an erased concern; what somebody was writing about it is kept."""
    if pressed():
        keep_unsent()
    return redirect(url_for("desk.certificate", reference=reference), code=303)


def _once_more() -> str:
    """A press from an old page changes nothing, not even what is kept: the words stay on screen."""
    return page(
        "errors/unsent",
        path=request.path,
        fields=typed_fields(),
        for_staff=True,
        emergency=catalogue().helplines["emergency"].number,
    )


def ask_for_password(
    facts: ConcernFacts, form: StepUpForm, *, rests_until: datetime | None = None
) -> str:
    """The page before a concern: its number and, after Show, how soon it must be read."""
    school, here = schools.the_school(facts.school_id), staff.adult(facts.school_id, the_adult().id)
    return page(
        "desk/step-up",
        reference=facts.reference,
        shown=not names_covered(),
        urgency=facts.urgency,
        since=near(facts.told_at),
        read_by=read_by_in_words(facts, school),
        email=here.email if here else "",
        form=form,
        rests_until=rests_until,
        sets_up=the_adult().second_step_at is None,
        emergency=catalogue().helplines["emergency"],
    )

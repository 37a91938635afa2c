"""Erasing a concern: one asks, another agrees, each with the password; and the certificate."""

from __future__ import annotations

from flask import abort, redirect, url_for
from wtforms import PasswordField

from app.base import clock
from app.base.errors import KeyMissing, Refused
from app.doors.desk.door import door
from app.doors.desk.forms import AgreeForm, AskForm
from app.doors.desk.gate import Answer, after_the_password, find_concern
from app.doors.desk.review import AWAY, back, by, draw_keeping
from app.doors.desk.step_up import NOT_IT
from app.people.queries import schools, staff
from app.people.rights import May
from app.safeguarding import queries
from app.safeguarding.actions import retention
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import ERASED, GROUNDS, Ground
from app.web.pages import page
from app.web.step_up import try_password
from app.web.viewer import the_adult


@door.opens("/concerns/<reference>/erase/ask", may=May.ERASE_CONCERNS, methods=("POST",))
@after_the_password
def ask_to_erase(facts: ConcernFacts) -> Answer:
    """Ask for it to be erased, with a reason and the password."""
    form = AskForm()
    if form.validate_on_submit() and _proved(form.password):
        try:
            ground, reason = Ground(form.ground.data), str(form.reason.data)
            retention.ask_to_erase(facts.school_id, facts, ground, reason, by=by(form))
            return back(facts)
        except Refused as refused:
            form.reason.errors = [str(refused)]
        except KeyMissing:
            form.reason.errors = [AWAY]
    return draw_keeping(facts, ask_to_erase=form)


@door.opens("/concerns/<reference>/erase/agree", may=May.ERASE_CONCERNS, methods=("POST",))
@after_the_password
def agree_to_erase(facts: ConcernFacts) -> Answer:
    """Agree; then nobody can open its words any more."""
    form = AgreeForm()
    if form.validate_on_submit() and _proved(form.password):
        try:
            ground = Ground(form.ground.data)
            retention.agree_to_erase(facts.school_id, facts, ground, by=by(form))
            return redirect(url_for("desk.certificate", reference=facts.reference), code=303)
        except Refused as refused:
            return draw_keeping(facts, refused=str(refused))
        except KeyMissing:
            return draw_keeping(facts, refused=AWAY)
    return draw_keeping(facts, agree_to_erase=form)


def _proved(field: PasswordField) -> bool:
    """Whether the password was typed anew; if not, the field says so, and how long to rest."""
    tried = try_password(str(field.data))
    if tried.fits:
        return True
    rests = tried.rests_until and clock.local(tried.rests_until)
    field.errors = [NOT_IT + (f" Try again at {rests.hour}:{rests:%M}." if rests else "")]
    return False


@door.opens("/concerns/<reference>/certificate", may=May.READ_CONCERNS)
def certificate(reference: str) -> Answer:
    """What is left of an erased concern: who, when, why, and what became of its backups."""
    facts = find_concern(reference)
    if facts.state != ERASED:
        abort(404)
    names = staff.names(facts.school_id)
    found = queries.retention.certificate(facts.school_id, facts)
    return page(
        "desk/certificate",
        reference=reference,
        told_at=facts.told_at,
        certificate=found,
        grounds=GROUNDS,
        names=names,
        renamed=found.renamed(facts.school_id, names) if found else set(),
        school=schools.the_school(facts.school_id),
        viewer_is_team=the_adult().may(May.ERASE_CONCERNS),
    )

"""What an adult does with a concern: each a form of its own, each an added entry."""

from __future__ import annotations

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from app.base.errors import KeyMissing, Refused
from app.doors.desk.concern import draw_concern
from app.doors.desk.door import door
from app.doors.desk.forms import AnswerForm, CloseForm, NoteForm, ReopenForm, ShareForm, SpokenForm
from app.doors.desk.gate import after_the_password
from app.people.queries import staff
from app.people.rights import May
from app.safeguarding.actions import handle
from app.safeguarding.actions.handle import By
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Closing, Kind
from app.web.forms import CatkinForm
from app.web.viewer import the_adult

AWAY = "The key to read and write concerns is not in its folder. Nothing was saved."


def by(form: CatkinForm) -> By:
    """Who presses, and on which page."""
    return By(the_adult().id, str(form.data.get("once") or "")[:64])


def back(facts: ConcernFacts) -> Response:
    """To the concern."""
    return redirect(url_for("desk.concern", reference=facts.reference), code=303)


def _kept(form: CatkinForm, field: str, says: str) -> None:
    getattr(form, field).errors = [says]


@door.opens("/concerns/<reference>/spoken", may=May.WORK_CONCERNS, methods=("POST",))
@after_the_password
def spoken(facts: ConcernFacts) -> str | Response:
    """I have spoken with…"""
    form = SpokenForm()
    if form.validate_on_submit():
        text = f"Spoke with {form.with_whom.data}.\n{form.said.data}"
        return _record(facts, form, Kind.SPOKEN, text, "spoken")
    return draw_concern(facts, spoken=form)


@door.opens("/concerns/<reference>/note", may=May.WORK_CONCERNS, methods=("POST",))
@after_the_password
def note(facts: ConcernFacts) -> str | Response:
    """Add a note."""
    form = NoteForm()
    if form.validate_on_submit():
        return _record(facts, form, Kind.NOTE, str(form.note.data), "note")
    return draw_concern(facts, note=form)


@door.opens("/concerns/<reference>/answer", may=May.WORK_CONCERNS, methods=("POST",))
@after_the_password
def answer(facts: ConcernFacts) -> str | Response:
    """Answer the child, who reads it in My notes."""
    form = AnswerForm()
    if facts.pupil_id is None:
        abort(404)
    if form.validate_on_submit():
        try:
            handle.answer(facts.school_id, facts, str(form.answer.data), by=by(form))
            return back(facts)
        except Refused as refused:
            _kept(form, "answer", str(refused))
        except KeyMissing:
            _kept(form, "answer", AWAY)
    return draw_concern(facts, answer=form)


def _record(
    facts: ConcernFacts, form: CatkinForm, kind: Kind, text: str, name: str
) -> str | Response:
    try:
        handle.record(facts.school_id, facts, kind, text, by=by(form))
    except KeyMissing:
        _kept(form, {"spoken": "said"}.get(name, name), AWAY)
        return draw_concern(facts, **{name: form})
    return back(facts)


@door.opens("/concerns/<reference>/share", may=May.DECIDE_CONCERNS, methods=("POST",))
@after_the_password
def share(facts: ConcernFacts) -> str | Response:
    """Let a named adult see it."""
    form = ShareForm()
    form.offer(staff.adults(facts.school_id), facts)
    if form.validate_on_submit():
        try:
            chosen, reason = str(form.with_id.data), str(form.reason.data)
            handle.share(facts.school_id, facts, chosen, reason, by=by(form))
            return back(facts)
        except Refused as refused:
            _kept(form, "with_id", str(refused))
        except KeyMissing:
            _kept(form, "reason", AWAY)
    return draw_concern(facts, share=form)


@door.opens("/concerns/<reference>/close", may=May.DECIDE_CONCERNS, methods=("POST",))
@after_the_password
def close(facts: ConcernFacts) -> str | Response:
    """Close it, with what the record needs."""
    form = CloseForm()
    if form.validate_on_submit():
        closing = Closing(
            done=str(form.done.data),
            decision=str(form.decision.data),
            reason=str(form.reason.data),
            outcome=str(form.outcome.data),
            child_told=form.child_told.data == "yes",
        )
        try:
            handle.close(facts.school_id, facts, closing, by=by(form))
            return back(facts)
        except Refused as refused:
            _kept(form, "done", str(refused))
        except KeyMissing:
            _kept(form, "done", AWAY)
    return draw_concern(facts, close=form)


@door.opens("/concerns/<reference>/reopen", may=May.DECIDE_CONCERNS, methods=("POST",))
@after_the_password
def reopen(facts: ConcernFacts) -> str | Response:
    """Open a closed concern again."""
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            handle.reopen(facts.school_id, facts, str(form.reason.data), by=by(form))
            return back(facts)
        except Refused as refused:
            _kept(form, "reason", str(refused))
        except KeyMissing:
            _kept(form, "reason", AWAY)
    return draw_concern(facts, reopen=form)

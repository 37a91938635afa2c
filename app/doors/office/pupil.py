"""One pupil: the name, another class, leaving."""

from __future__ import annotations

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from app.base.errors import Refused
from app.doors.office.classes import classes_for_me
from app.doors.office.door import door
from app.doors.office.forms import MoveForm, RenameForm
from app.people.actions import pupils as actions
from app.people.queries import pupils
from app.people.queries.classes import ClassFacts
from app.people.queries.pupils import PupilFacts
from app.people.rights import May
from app.web.forms import pressed
from app.web.pages import page
from app.web.viewer import the_adult


def _asked_for(pupil_id: str) -> tuple[PupilFacts, ClassFacts]:
    """A pupil of a class whose list I keep; for anybody else's there is no page."""
    found = pupils.pupil(the_adult().school_id, pupil_id)
    mine = {facts.id: facts for facts in classes_for_me()}
    if found is None or found.class_id not in mine:
        abort(404)
    return found, mine[found.class_id]


def _pupil_page(
    child: PupilFacts,
    facts: ClassFacts,
    *,
    rename: RenameForm | None = None,
    move: MoveForm | None = None,
) -> str:
    known = {"given": child.given_name, "family": child.family_name}
    move = move or MoveForm(formdata=None)
    move.offer(other for other in classes_for_me() if other.id != facts.id)
    return page(
        "office/pupil",
        child=child,
        facts=facts,
        rename=rename or RenameForm(formdata=None, data=known),
        move=move,
    )


def _to_list(class_id: str) -> Response:
    return redirect(url_for("office.class_list", class_id=class_id), code=303)


@door.opens("/pupils/<pupil_id>", may=May.KEEP_PUPILS)
def pupil(pupil_id: str) -> str:
    """One pupil's page."""
    return _pupil_page(*_asked_for(pupil_id))


@door.opens("/pupils/<pupil_id>/name", may=May.KEEP_PUPILS, methods=("POST",))
def rename_pupil(pupil_id: str) -> str | Response:
    """Correct a name; what pupils see follows."""
    child, facts = _asked_for(pupil_id)
    form = RenameForm()
    name = form.full_name()
    if name is None:
        return _pupil_page(child, facts, rename=form)
    try:
        actions.rename_pupil(the_adult().school_id, child.id, name)
    except Refused:
        abort(404)  # Removed by somebody else just now.
    return _to_list(facts.id)


@door.opens("/pupils/<pupil_id>/move", may=May.KEEP_PUPILS, methods=("POST",))
def move_pupil(pupil_id: str) -> str | Response:
    """Move to another class whose list I keep."""
    child, facts = _asked_for(pupil_id)
    form = MoveForm()
    if not form.validate_on_submit():
        return _pupil_page(child, facts, move=form)
    if form.to.data not in {other.id for other in classes_for_me()}:
        abort(404)
    try:
        actions.move_pupil(the_adult().school_id, child.id, form.to.data)
    except Refused:
        abort(404)  # Removed by somebody else just now.
    return _to_list(form.to.data)


@door.opens("/pupils/<pupil_id>/remove", may=May.KEEP_PUPILS, methods=("GET", "POST"))
def remove_pupil(pupil_id: str) -> str | Response:
    """Ask first, then remove a pupil from the school."""
    child, facts = _asked_for(pupil_id)
    if not pressed():
        return page("office/remove-pupil", child=child, facts=facts)
    try:
        actions.remove_pupil(the_adult().school_id, child.id, by=the_adult().id)
    except Refused:
        abort(404)  # Removed by somebody else just now.
    return _to_list(facts.id)

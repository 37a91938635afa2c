"""What is due for a look, the years that the school has set, and holds: nothing goes by itself."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import KeyMissing, Refused
from app.base.ids import new_token
from app.doors.desk.door import door
from app.doors.desk.forms import AgreeForm, AskForm, HoldForm, KeepForm, ReleaseForm, YearsForm
from app.doors.desk.gate import Answer, after_the_password
from app.people.queries import classes, pupils, staff
from app.people.rights import May
from app.safeguarding import queries
from app.safeguarding.actions import retention
from app.safeguarding.actions.handle import By, open_concern
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import due_on
from app.safeguarding.rules import Kind
from app.web.concern_rows import near
from app.web.cover import names_covered, seconds_shown
from app.web.forms import CatkinForm
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_adult

AWAY = "The key to read and write concerns is not in its folder. Nothing was saved."
FORMS: dict[str, type[CatkinForm]] = {
    "keep": KeepForm,
    "hold": HoldForm,
    "release": ReleaseForm,
    "ask_to_erase": AskForm,
    "agree_to_erase": AgreeForm,
}
REASONS = (Kind.HELD, Kind.RELEASED, Kind.ERASE_ASKED)


@door.opens("/concerns/review", may=May.ERASE_CONCERNS)
def review() -> str:
    """The closed concerns that are due for a look; covered until somebody asks."""
    viewer, covered = the_adult(), names_covered()
    school_id = viewer.school_id
    due = [] if covered else queries.retention.due(school_id, viewer, _today())
    return page(
        "desk/review",
        covered=covered,
        shown_for=seconds_shown(),
        due=due,
        erased=[] if covered else queries.retention.erased(school_id, viewer),
        years=queries.retention.years_set(school_id),
        names=staff.names(school_id),
        pupil_names=pupils.names(school_id, [one.pupil_id for one in due if one.pupil_id]),
        class_names={one.id: one.name for one in classes.classes(school_id)} if due else {},
        most=queries.retention.MOST,
        near=near,
    )


@door.opens("/concerns/review/years", may=May.ERASE_CONCERNS, methods=("GET", "POST"))
def set_years() -> Answer:
    """After how many years a closed concern is due for a look; empty for never."""
    viewer = the_adult()
    kept = queries.retention.years_set(viewer.school_id)
    form = YearsForm(data={"years": str(kept.years) if kept else ""})
    if form.validate_on_submit():
        try:
            years = int(form.years.data) if form.years.data else None
            retention.set_years(viewer.school_id, years, by=viewer.id)
            return redirect(url_for("desk.review"), code=303)
        except Refused as refused:
            form.years.errors = [str(refused)]
    return page("desk/years", form=form, facts=catalogue().retention.values(), years=kept)


def draw_keeping(facts: ConcernFacts, refused: str = "", **typed: CatkinForm) -> str:
    """The page on which one concern is held, kept or erased; that it was opened is recorded."""
    viewer, school_id = the_adult(), facts.school_id
    open_concern(school_id, facts, viewer.id)
    stands = queries.retention.standing(school_id, facts.id)
    asked = stands.asked if stands.asked and stands.asked.is_open(clock.now()) else None
    years = queries.retention.years_set(school_id)
    forms = {name: typed.get(name) or made(formdata=None) for name, made in FORMS.items()}
    chronology = queries.desk.chronology(school_id, facts)
    return page(
        "desk/keeping",
        concern=facts,
        forms=forms,
        refused=refused,
        once=new_token(),
        stands=stands,
        asked=asked,
        is_due=retention.is_due(facts, stands),
        due=due_on(stands.last, years.years) if years and stands.last else None,
        years=years,
        others=retention.others_who_may_agree(school_id, facts, viewer.id),
        reasons=[entry for entry in chronology if entry.kind in REASONS],
        **_whose(facts),
    )


def _whose(facts: ConcernFacts) -> dict[str, Any]:
    school_id, pupil_id, class_id = facts.school_id, facts.pupil_id, facts.class_id
    named = pupils.names(school_id, [pupil_id]) if pupil_id else {}
    room = classes.class_(school_id, class_id) if class_id else None
    return {
        "name": named.get(pupil_id or "", "No name given"),
        "class_name": room.name if room else None,
        "names": staff.names(school_id),
        "near": near,
    }


def _today() -> Any:
    return clock.local(clock.now()).date()


def by(form: CatkinForm) -> By:
    """Who presses, and on which page."""
    return By(the_adult().id, str(form.data.get("once") or "")[:64])


def back(facts: ConcernFacts) -> Response:
    """To the page of the concern's keeping."""
    return redirect(url_for("desk.keeping", reference=facts.reference), code=303)


@door.opens("/concerns/<reference>/keeping", may=May.ERASE_CONCERNS)
@after_the_password
def keeping(facts: ConcernFacts) -> Answer:
    """One concern: how it stands, and what can be decided about keeping it."""
    return draw_keeping(facts)


@door.opens("/concerns/<reference>/keep", may=May.ERASE_CONCERNS, methods=("POST",))
@after_the_password
def keep(facts: ConcernFacts) -> Answer:
    """Looked at, and kept."""
    return _decide(facts, "keep", KeepForm(), retention.keep)


@door.opens("/concerns/<reference>/hold", may=May.ERASE_CONCERNS, methods=("POST",))
@after_the_password
def hold(facts: ConcernFacts) -> Answer:
    """Put a hold on it."""
    return _decide(facts, "hold", HoldForm(), retention.hold)


@door.opens("/concerns/<reference>/release", may=May.ERASE_CONCERNS, methods=("POST",))
@after_the_password
def release(facts: ConcernFacts) -> Answer:
    """Release the hold."""
    return _decide(facts, "release", ReleaseForm(), retention.release)


def _decide(facts: ConcernFacts, name: str, form: Any, do: Any) -> Answer:
    if form.validate_on_submit():
        try:
            do(facts.school_id, facts, str(form.reason.data), by=by(form))
            return back(facts)
        except Refused as refused:
            form.reason.errors = [str(refused)]
        except KeyMissing:
            form.reason.errors = [AWAY]
    return draw_keeping(facts, **{name: form})

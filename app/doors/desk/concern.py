"""One concern: recorded as seen before it is shown."""

from __future__ import annotations

from typing import Any

from app.base.ids import new_token
from app.doors.desk.door import door
from app.doors.desk.forms import (
    AnswerForm,
    CloseForm,
    KeepFromForm,
    LetSeeForm,
    NoteForm,
    ReopenForm,
    ShareForm,
    SpokenForm,
)
from app.doors.desk.gate import Answer, after_the_password
from app.people.queries import classes, pupils, schools, staff
from app.people.rights import May
from app.people.rules import Adult
from app.safeguarding import queries
from app.safeguarding.actions.handle import open_concern
from app.safeguarding.conflicts import needs_outside, too_few_read
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import FEELINGS, HAPPENED
from app.web.concern_rows import near
from app.web.forms import CatkinForm
from app.web.outside import outside_of
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_adult

FORMS: dict[str, type[CatkinForm]] = {
    "spoken": SpokenForm,
    "note": NoteForm,
    "answer": AnswerForm,
    "share": ShareForm,
    "keep_from": KeepFromForm,
    "let_see": LetSeeForm,
    "close": CloseForm,
    "reopen": ReopenForm,
}


def draw_concern(facts: ConcernFacts, **typed: CatkinForm) -> str:
    """The page, with forms as they were typed; the view is recorded before anything is read."""
    viewer = the_adult()
    open_concern(facts.school_id, facts, viewer.id)
    people = staff.adults(facts.school_id)
    forms = {name: typed.get(name) or made(formdata=None) for name, made in FORMS.items()}
    forms["share"].offer(people, facts)
    for name in ("keep_from", "let_see"):
        forms[name].offer(people, facts, viewer.id)
    return page(
        "desk/concern",
        concern=facts,
        forms=forms,
        once=new_token(),
        emergency=catalogue().helplines["emergency"],
        pictures={"tell": HAPPENED, "feel": FEELINGS},
        can_read=queries.keys.reading_works(facts.school_id),
        **_told(facts, {one.id: one.behind for one in people if one.behind}),
        **_around(facts, people),
    )


def _told(facts: ConcernFacts, behind: dict[str, str]) -> dict[str, Any]:
    school_id, viewer = facts.school_id, the_adult()
    entries = queries.desk.chronology(school_id, facts)
    return {
        "said": queries.desk.said(school_id, facts),
        "chronology": entries,
        "done": {entry.kind.value for entry in entries},
        "seen": queries.desk.who_has_seen(school_id, facts),
        "openings": queries.views.openings_of(school_id, facts),
        "most": queries.views.A_PAGE,
        "told": queries.desk.who_was_told(school_id, facts, behind),
        "earlier": queries.desk.earlier(school_id, viewer, facts),
    }


def _around(facts: ConcernFacts, people: list[Adult]) -> dict[str, Any]:
    school_id = facts.school_id
    room = classes.class_(school_id, facts.class_id) if facts.class_id else None
    pupil = pupils.pupil(school_id, facts.pupil_id) if facts.pupil_id else None
    named = {} if pupil else pupils.names(school_id, [facts.pupil_id] if facts.pupil_id else [])
    name = pupil.full_name.whole if pupil else named.get(facts.pupil_id or "")
    school = schools.the_school(school_id)
    outside = needs_outside(people, facts.about, facts.kept_from)
    return {
        "name": name or "No name given",
        "named": name is not None,
        "avatar": pupil.avatar if pupil else None,
        "class_name": room.name if room else None,
        "names": staff.names(school_id),
        "pupil_names": lambda ids: pupils.names(school_id, ids),
        "promise": school.read_within,
        "outside": outside_of(school) if outside else None,
        "few": too_few_read(people, facts.kept_from),
        "near": near,
    }


@door.opens("/concerns/<reference>", may=May.READ_CONCERNS)
@after_the_password
def concern(facts: ConcernFacts) -> Answer:
    """A concern: words, who has seen it, chronology, and what can be done."""
    return draw_concern(facts)

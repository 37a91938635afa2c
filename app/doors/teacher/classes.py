"""The page of a class: open or closed, its code, who waits at the door, and all out."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.ids import new_token
from app.doors.teacher.door import door
from app.people.actions import classes as class_actions
from app.people.actions import let_in as let_ins
from app.people.actions import sign_ins, slips_and_cards
from app.people.queries import classes, pupils, schools
from app.people.queries.classes import ClassFacts
from app.people.queries.let_in import Waiting, waiting
from app.people.queries.sign_ins import pupils_with_cards, resting_pupils
from app.people.rights import May
from app.web.forms import STALE, pressed
from app.web.guards import safe_path
from app.web.pages import page
from app.web.viewer import the_adult


def class_for_me(class_id: str, right: May = May.SEE_CLASS) -> ClassFacts:
    """A class that this adult may see, or whatever is asked for; for others it is not there."""
    here = the_adult()
    facts = classes.class_(here.school_id, class_id)
    if facts is None or not classes.is_within(facts, here.id, here.reach(right)):
        abort(404)
    return facts


def makes_slips_and_cards(facts: ClassFacts) -> bool:
    """Whether this adult, who may see the class, may also make what lets its pupils in.

    Who makes them could come in as the pupil: so the adults of the class and the team, who are
    told of its pupils' concerns anyway, and not everybody who keeps lists. Nobody of the team
    who waits for word: what they make would count as made by the adult whom they may not be.
    """
    here = the_adult()
    far = here.reach(May.PRINT_SLIPS)
    if here.behind is not None and here.sees_concerns:
        return False
    return far >= here.reach(May.SEE_CLASS) or classes.is_within(facts, here.id, far)


def asks_of(facts: ClassFacts) -> list[Waiting]:
    """The asks that this adult may say yes to: to My notes, those who may make pictures alone.

    Whoever says yes could read along, and is told of the pupils' concerns anyway.
    """
    asks = waiting(facts.school_id, facts.id)
    return asks if makes_slips_and_cards(facts) else [a for a in asks if a.opens != "notes"]


def class_page_of(facts: ClassFacts, says: str = "") -> str:
    """The page of a class, with a sentence on top if there is something to say."""
    listed = pupils.pupils_of(facts.school_id, facts.id)
    ids = [pupil.id for pupil in listed]
    day, out = schools.the_school(facts.school_id).day, facts.all_out_at
    return page(
        "teacher/class",
        facts=facts,
        once=new_token(),
        says=says,
        is_open=facts.is_open(day),
        day_starts=f"{day.starts.hour}:{day.starts:%M}",
        out_today=out is not None and clock.local(out).date() == clock.local(clock.now()).date(),
        pupils=listed,
        waiting=asks_of(facts),
        resting=resting_pupils(facts.school_id, ids, clock.now()),
        makes_slips_and_cards=makes_slips_and_cards(facts),
        with_cards=pupils_with_cards(facts.school_id, facts.id),
    )


@door.opens("/my-class", may=May.TEACH)
def my_classes() -> str | Response:
    """My one class at once; several, or none, as a list."""
    here = the_adult()
    mine = classes.classes_within(here.school_id, here.id, here.reach(May.TEACH))
    if len(mine) == 1:
        return redirect(url_for("teacher.class_page", class_id=mine[0].id), code=303)
    counts, day = classes.pupil_counts(here.school_id), schools.the_school(here.school_id).day
    is_open = {one.id for one in mine if one.is_open(day)}
    return page("teacher/my-classes", classes=mine, counts=counts, is_open=is_open)


@door.opens("/class/<class_id>", may=May.SEE_CLASS)
def class_page(class_id: str) -> str:
    """My class at the door."""
    facts = class_for_me(class_id)
    return class_page_of(facts, STALE if "stale" in request.args else "")


def _back(facts: ClassFacts, done: bool) -> Response:
    after = safe_path(request.args.get("after")) if done else None
    stale = None if done else "yes"
    there = after or url_for("teacher.class_page", class_id=facts.id, stale=stale)
    return redirect(there, code=303)


@door.opens("/class/<class_id>/open", may=May.OPEN_CLASS, methods=("POST",))
def open_class(class_id: str) -> Response:
    """Open the class until "All out" or the end of the day."""
    facts, done = class_for_me(class_id, May.OPEN_CLASS), pressed()
    if done:
        sign_ins.open_class(facts.school_id, facts.id)
    return _back(facts, done)


@door.opens("/class/<class_id>/all-out", may=May.OPEN_CLASS, methods=("POST",))
def all_out(class_id: str) -> Response:
    """All out: every pupil of the class is signed out, and the class is closed."""
    facts, done = class_for_me(class_id, May.OPEN_CLASS), pressed()
    if done:
        sign_ins.all_out(facts.school_id, facts.id)
    return _back(facts, done)


@door.opens("/class/<class_id>/new-code", may=May.OPEN_CLASS, methods=("POST",))
def new_code(class_id: str) -> Response:
    """A new code: every device that knew the class needs it."""
    facts, done = class_for_me(class_id, May.OPEN_CLASS), pressed()
    if done:
        class_actions.new_code(facts.school_id, facts.id)
    return _back(facts, done)


@door.opens("/class/<class_id>/let-in/<ask_id>", may=May.OPEN_CLASS, methods=("POST",))
def let_in(class_id: str, ask_id: str) -> Response:
    """Yes to a pupil of this class who asked."""
    facts, done = class_for_me(class_id, May.OPEN_CLASS), pressed()
    if done and any(ask.id == ask_id for ask in asks_of(facts)):
        let_ins.let_in(facts.school_id, ask_id, the_adult().id, clock.now())
    return _back(facts, done)


@door.opens("/class/<class_id>/end-card/<pupil_id>", may=May.OPEN_CLASS, methods=("POST",))
def end_card(class_id: str, pupil_id: str) -> Response:
    """A card was lost: it opens nothing any more."""
    facts = class_for_me(class_id, May.OPEN_CLASS)
    pupil = pupils.pupil(facts.school_id, pupil_id)
    if pupil is None or pupil.class_id != facts.id:
        abort(404)
    done = pressed()
    if done:
        slips_and_cards.end_cards(facts.school_id, pupil.id, clock.now(), by=the_adult().id)
    return _back(facts, done)

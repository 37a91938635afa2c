"""Workshops as their hosts have them: begin one, show it on the board, move it on, end it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, jsonify, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.base import clock
from app.base.network import netloc_of
from app.content.workshop import QUESTIONS, Asked, asked_on
from app.doors.teacher.door import door
from app.learning.rules import LETTERS
from app.people.queries.families import code_of
from app.people.rights import May
from app.web.forms import pressed
from app.web.network import home_address
from app.web.pages import page
from app.web.parts import catalogue
from app.web.squares import only_here, square_of, whole_link
from app.web.viewer import the_adult
from app.workshops import actions, queries
from app.workshops.queries import Now, WorkshopFacts
from app.workshops.rules import FEWEST, Tally

FRIENDS = {"S": "sloe", "M": "moss", "A": "aster", "R": "rowan", "T": "tansy"}


@dataclass(frozen=True, slots=True)
class Way:
    """How a phone comes in: the address to type, and a square that brings the code along."""

    host: str
    path: str
    square: Markup
    only_here: bool
    """Whether the address means this computer to every phone."""


def _way(facts: WorkshopFacts) -> Way:
    link = whole_link(url_for("workshop.join", code=f"{facts.word}-{facts.number}"))
    square = square_of(link, "Square code: it opens the workshop")
    return Way(netloc_of(home_address()), url_for("workshop.join"), square, only_here())


def _mine(workshop_id: str) -> WorkshopFacts:
    return queries.workshop(the_adult().school_id, workshop_id) or abort(404)


def _now(facts: WorkshopFacts) -> Now:
    """Where it stands; a workshop whose time is up is ended by whoever looks first."""
    here = queries.now(facts.school_id, facts.id) or abort(404)
    if here.over_since is not None and not here.settled:
        actions.end(facts.school_id, facts.id, clock.now())
    return here


@door.opens("/workshops", may=May.HOST_WORKSHOPS)
def workshops() -> str:
    """Begin one, go on with one, and what stayed of the earlier ones."""
    known = queries.workshops(the_adult().school_id)
    overdue = [one for one in known if one.ended_at is None and one.ends_at <= clock.now()]
    for one in overdue:
        actions.end(one.school_id, one.id, clock.now())
    if overdue:
        known = queries.workshops(the_adult().school_id)
    return page(
        "teacher/workshop/all",
        running=[one for one in known if one.ended_at is None],
        past=[one for one in known if one.ended_at is not None],
        questions=_questions(),
    )


def _questions() -> tuple[Asked, ...]:
    """The questions as they are asked today."""
    today = clock.local(clock.now()).date()
    return asked_on(catalogue().workshop, catalogue().age_facts, today)


@door.opens("/workshops/begin", may=May.HOST_WORKSHOPS, methods=("POST",))
def begin_workshop() -> Response:
    """A new one, with the questions of today."""
    asked = _questions()
    if not pressed() or not asked:
        return redirect(url_for("teacher.workshops"), code=303)
    made = actions.begin(the_adult().school_id, asked, clock.now())
    return redirect(url_for("teacher.workshop", workshop_id=made), code=303)


@door.opens("/workshops/<workshop_id>", may=May.HOST_WORKSHOPS)
def workshop(workshop_id: str) -> str:
    """For the host alone, on a laptop or a phone: what to say, and the same keys as the board."""
    facts = _mine(workshop_id)
    here = _now(facts)
    if here.over_since is not None:
        return page("teacher/workshop/ended", facts=_mine(workshop_id), FEWEST=FEWEST)
    return page("teacher/workshop/one", **_shown(facts, here))


@door.opens("/workshops/<workshop_id>/board", may=May.HOST_WORKSHOPS)
def workshop_board(workshop_id: str) -> str | Response:
    """What the hall sees: a question, how the answers fall, and the way in."""
    facts = _mine(workshop_id)
    here = _now(facts)
    if here.over_since is not None:
        return redirect(url_for("teacher.workshop", workshop_id=workshop_id), code=303)
    if "blank" in request.args:
        return page("teacher/workshop/blank", facts=facts)
    return page("teacher/workshop/board", **_shown(facts, here))


def _shown(facts: WorkshopFacts, here: Now) -> dict[str, object]:
    """What both pages of a workshop are drawn from."""
    tally: Tally | None = None
    if here.state == "shown":
        tally = queries.tally_of(facts.school_id, facts.id, here.place.question)
    asked = facts.question
    return {
        "facts": facts,
        "here": here,
        "asked": asked,
        "tally": tally,
        "way": _way(facts),
        "families": code_of(facts.school_id) if here.state == "over" else None,
        "friend": FRIENDS[asked.letter] if asked else "tansy",
        "stop": LETTERS[asked.letter] if asked else "",
        "QUESTIONS": QUESTIONS,
        "FEWEST": FEWEST,
    }


@door.opens("/workshops/<workshop_id>/now", may=May.HOST_WORKSHOPS)
def workshop_now(workshop_id: str) -> Response:
    """Where it stands, for the script of a host's page; looking is not being there."""
    here = queries.now(the_adult().school_id, workshop_id) or abort(404)
    counts = {"answered": here.answered, "phones": here.phones}
    return jsonify({"question": here.place.question, "state": here.state, **counts})


@door.opens("/workshops/<workshop_id>/move", may=May.HOST_WORKSHOPS, methods=("POST",))
def move_workshop(workshop_id: str) -> Response:
    """Next, back or show; of two hosts who press at once, the first moves it."""
    facts = _mine(workshop_id)
    step = request.form.get("step", type=int)
    if pressed() and step is not None:
        verb = request.form.get("to", "")
        actions.move(facts.school_id, facts.id, verb=verb, step=step, moment=clock.now())
    on_board = request.form.get("on") == "board"
    back = "teacher.workshop_board" if on_board else "teacher.workshop"
    return redirect(url_for(back, workshop_id=workshop_id), code=303)


@door.opens("/workshops/<workshop_id>/end", may=May.HOST_WORKSHOPS, methods=("POST",))
def end_workshop(workshop_id: str) -> Response:
    """End it: the phones are forgotten, the counts stay."""
    facts = _mine(workshop_id)
    if pressed():
        actions.end(facts.school_id, facts.id, clock.now())
    return redirect(url_for("teacher.workshop", workshop_id=workshop_id), code=303)

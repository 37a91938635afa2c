"""Pages to print once: slips with new pictures, and sign-in cards; neither is kept readable."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, session, url_for
from markupsafe import Markup

from app.base import clock
from app.doors.teacher.classes import class_for_me, class_page_of, makes_slips_and_cards
from app.doors.teacher.door import door
from app.people.actions import slips_and_cards
from app.people.pictures import draw, kept_form
from app.people.queries import pupils
from app.people.queries.classes import ClassFacts
from app.people.queries.pupils import PupilFacts
from app.people.rights import May
from app.web.forms import STALE, pressed
from app.web.pages import page
from app.web.parts import keys
from app.web.squares import only_here, square_of, whole_link
from app.web.viewer import the_adult

KEY_MISSING = (
    "The key of the pupils' pictures is missing from the keys folder, so none were drawn. "
    "Ask the technician to put that folder back: the old pictures then work again at once. "
    "When Catkin starts, it says what to do if there is no copy of it."
)
NOT_YOURS = "Only the adults of the class and the safeguarding team draw pictures and make cards."
NOBODY = "No pupil was chosen, so nothing was drawn."
PRINTED = "This was printed before, and nothing was drawn anew. Press again here if you need it."
DOUBLE_CLICK = 10
"""Seconds within which the same press once more is a double click."""


@dataclass(frozen=True, slots=True)
class Card:
    """A sign-in card as it is printed."""

    shown_name: str
    link: str
    square: Markup


def _chosen(facts: ClassFacts) -> list[PupilFacts]:
    """The pupils of this class whom the form names.

    The form names them, so that a second press prints slips that work, never an empty page.
    """
    named = set(request.form.getlist("pupil"))
    return [p for p in pupils.pupils_of(facts.school_id, facts.id) if p.id in named]


def _is_a_reload() -> bool:
    """Whether this very press printed before: a reload must not draw new pictures unasked.

    The second of two quick clicks is no reload: the browser shows only what it brings.
    """
    once, moment = request.form.get("once", "")[:64], clock.now().timestamp()
    seen = {key: at for key, at in session.get("printed", {}).items() if moment - at < 86400}
    first = seen.setdefault(once, moment)
    session["printed"] = dict(list(seen.items())[-20:])
    return bool(once) and moment - first > DOUBLE_CLICK


@door.opens("/class/<class_id>/pictures", may=May.PRINT_SLIPS, methods=("POST",))
def draw_pictures(class_id: str) -> str:
    """Draw new pictures and show the slips, this once."""
    facts = class_for_me(class_id)
    if not pressed():
        return class_page_of(facts, STALE)
    if not makes_slips_and_cards(facts):
        return class_page_of(facts, NOT_YOURS)
    if _is_a_reload():
        return class_page_of(facts, PRINTED)
    chosen = _chosen(facts)
    if not chosen or not keys().has("pictures"):
        return class_page_of(facts, KEY_MISSING if chosen else NOBODY)
    drawn = {pupil.id: draw() for pupil in chosen}
    key = keys().read("pictures")
    kept = {one: kept_form(key, facts.school_id, one, three) for one, three in drawn.items()}
    slips_and_cards.keep_pictures(facts.school_id, kept, by=the_adult().id)
    return page("teacher/slips", facts=facts, pupils=chosen, drawn=drawn, only_here=only_here())


@door.opens("/class/<class_id>/cards", may=May.PRINT_SLIPS, methods=("POST",))
def print_cards(class_id: str) -> str:
    """New cards for the pupils named; their earlier cards end."""
    facts = class_for_me(class_id)
    if not pressed():
        return class_page_of(facts, STALE)
    if not makes_slips_and_cards(facts):
        return class_page_of(facts, NOT_YOURS)
    if _is_a_reload():
        return class_page_of(facts, PRINTED)
    chosen = _chosen(facts)
    if not chosen:
        return class_page_of(facts, NOBODY)
    ids, by = [pupil.id for pupil in chosen], the_adult().id
    tokens = slips_and_cards.make_cards(facts.school_id, ids, clock.now(), by=by)
    cards = [_card(pupil.shown_name, tokens[pupil.id]) for pupil in chosen]
    return page("teacher/cards", facts=facts, cards=cards, only_here=only_here())


def _card(shown_name: str, token: str) -> Card:
    link = whole_link(url_for("pupil.card", token=token))
    return Card(shown_name, link, square_of(link, f"Square code of {shown_name}"))

"""What the demo has for families: the school's code, and a workshop that a hall can join."""

from __future__ import annotations

from dataclasses import dataclass

from app.base import clock
from app.content.workshop import asked_on
from app.people.actions.family_codes import new_family_code
from app.people.codes import Code
from app.people.queries.families import code_of
from app.web.parts import catalogue
from app.workshops.actions import begin
from app.workshops.queries import workshops
from app.workshops.rules import LASTS


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes as they are now; None where a visitor has ended it, or its time is up."""

    family: Code | None
    workshop: Code | None


def codes_of(school_id: str) -> Codes:
    """What a family and a phone in the hall would type."""
    moment = clock.now()
    going = [w for w in workshops(school_id) if w.ended_at is None and w.ends_at > moment]
    hall = Code(going[0].word, going[0].number) if going else None
    return Codes(code_of(school_id), hall)


def keep_ready(school_id: str) -> None:
    """Have a code for families, and a workshop with at least half of its time before it."""
    moment, known = clock.now(), catalogue()
    if code_of(school_id) is None:
        new_family_code(school_id)
    fresh = [
        one
        for one in workshops(school_id)
        if one.ended_at is None and one.ends_at - moment > LASTS / 2
    ]
    if known.workshop and not fresh:
        day = clock.local(moment).date()
        begin(school_id, asked_on(known.workshop, known.age_facts, day), moment)

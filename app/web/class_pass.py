"""The class that a device holds a pass for: it dies with the class code it was given for."""

from __future__ import annotations

from flask import current_app, session

from app.base import ids
from app.people.queries import classes, schools
from app.people.queries.classes import ClassFacts

HELD = "class_pass"


def remember_class(facts: ClassFacts) -> None:
    """Give this device the pass of a class, for as long as its code stands."""
    session[HELD] = {"school": facts.school_id, "class": facts.id, "proof": _proof(facts)}


def class_here() -> ClassFacts | None:
    """The class whose pass this device holds; None when it has none or the code has changed."""
    held = session.get(HELD)
    if held is None:
        return None
    facts = classes.class_(held["school"], held["class"])
    if facts is None or not ids.same(held["proof"], _proof(facts)):
        return None
    return facts


def forget_class() -> None:
    """Take the pass from this device."""
    session.pop(HELD, None)


def open_now(facts: ClassFacts) -> bool:
    """Whether a class is open at this moment, by its school's wall clock."""
    return facts.is_open(schools.the_school(facts.school_id).day)


def open_class_here() -> ClassFacts | None:
    """The class of this device's pass, if it is open: only then does anybody see its names."""
    facts = class_here()
    return facts if facts is not None and open_now(facts) else None


def _proof(facts: ClassFacts) -> str:
    # From memory: a pass must hold, and a child must be able to tell, while the keys are away.
    key = bytes(current_app.config["SECRET_KEY"])
    return ids.keyed_fingerprint(key, "class pass", facts.id, facts.code_word, facts.code_number)

"""Slots: the places in a text that the school or a register fills in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from app.content.age_rules import AgeRule, in_words, sure_age

if TYPE_CHECKING:
    from app.content.catalogue import Catalogue
    from app.content.values import Helpline

SLOTS: Final = ("trusted_adults", "meeting_rule", "childline")
_BRACES: Final = re.compile(r"\{[^{}\n]*\}|[{}]")
_AGE_RULE: Final = re.compile(r"\{age_rule:([a-z0-9]+(?:-[a-z0-9]+)*)\}")
UNSURE: Final = "check with a grown-up"
NO_NUMBER: Final = "ask a grown-up for the number"


def fill(text: str, slots: Mapping[str, str]) -> str:
    """The text with each slot's words in it; KeyError for a slot that nobody filled.

    In a card's HTML the words are escaped first, since schools type them.
    """
    if isinstance(text, Markup):
        return Markup(_BRACES.sub(lambda m: str(escape(slots[m[0][1:-1]])), str(text)))  # noqa: S704
    return _BRACES.sub(lambda match: slots[match[0][1:-1]], text)


def without_slots(text: str) -> str:
    """The running words of a text: what fills the slots is not the writer's."""
    return _BRACES.sub("", text)


def blanked(text: str) -> str:
    """The text with spaces for its slots, so that each word stays where it is."""
    return _BRACES.sub(lambda match: " " * len(match[0]), text)


def faulty_slots(text: str, ages: Iterable[str] | None) -> Iterator[str]:
    """Every brace that is no slot; age rules are let through while their register is unread."""
    known = None if ages is None else set(ages)
    for match in _BRACES.finditer(text):
        rule = _AGE_RULE.fullmatch(match[0])
        if match[0][1:-1] in SLOTS or (rule and (known is None or rule[1] in known)):
            continue
        yield match[0]


def unsure_lines(text: str, helplines: Mapping[str, Helpline] | None) -> Iterator[str]:
    """Each slot for a line whose number nobody has confirmed."""
    childline = (helplines or {}).get("childline")
    if childline is not None and not childline.verified and "{childline}" in text:
        yield "{childline}"


def register_slots(catalogue: Catalogue, today: date) -> Mapping[str, str]:
    """The slots that the dated registers fill; the school fills the other two."""
    slots = {f"age_rule:{rule.id}": _age_words(rule, today) for rule in catalogue.ages.values()}
    childline = catalogue.helplines.get("childline")
    if childline is not None:
        slots["childline"] = childline.number or NO_NUMBER
    return slots


def _age_words(rule: AgeRule, today: date) -> str:
    """The age, unless nobody has confirmed it or it is due to be checked again."""
    age = sure_age(rule, today)
    return UNSURE if age is None else in_words(age)

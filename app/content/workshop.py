"""The six questions of a workshop for families, and how they are asked on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.content.age_rules import AgeFacts, planned_ages, rule_of_day
from app.content.values import Letter

QUESTIONS: Final = 6
CHOICES: Final = 4
_STEPS: Final = (3, -3, 5, -5, 2, -2, 7, 9)
"""How far the other ages lie from the one in force: the first that may be said are taken."""
_YOUNGEST: Final = 6
CHECK_FIRST: Final = (
    "Nobody has confirmed this age lately. Look it up together before anyone relies on it."
)


@dataclass(frozen=True, slots=True)
class WorkshopQuestion:
    """A question as it is written; one about a service has no choices of its own."""

    id: str
    letter: Letter
    ask: str
    choices: tuple[str, ...]
    service: str | None
    answer: int | None
    """From 1; None where every answer is worth talking about."""
    reveal: str
    say: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a hall is asked it; a workshop keeps these words whatever the file becomes."""

    id: str
    letter: Letter
    ask: str
    choices: tuple[str, ...]
    answer: int | None
    reveal: str
    say: str


def asked_on(
    questions: Iterable[WorkshopQuestion], facts: AgeFacts, day: date
) -> tuple[Asked, ...]:
    """The questions of a day; what a service asks of its users comes from the register."""
    return tuple(_asked(one, facts, day) for one in questions)


def _asked(one: WorkshopQuestion, facts: AgeFacts, day: date) -> Asked:
    if one.service is None:
        return Asked(one.id, one.letter, one.ask, one.choices, one.answer, one.reveal, one.say)
    rule = facts.rules[one.service]
    found = rule_of_day(rule, day)
    sure = None if found is None else found.sure_age(day)
    # Where no row holds on the day, the last age that was known is still worth a talk.
    known = [row.min_age for row in rule.rows if row.min_age is not None]
    age = known[-1] if found is None or found.age is None else found.age
    ages = _ages(rule.id, age, planned_ages(rule, day))
    fills = {"service": rule.service}
    if sure is not None and found is not None:
        fills |= {"age": _in_words(sure), "checked": f"{found.checked:%B %Y}"}
    return Asked(
        one.id,
        one.letter,
        _fill(one.ask, fills),
        tuple(map(_in_words, ages)),
        None if sure is None else ages.index(sure) + 1,
        CHECK_FIRST if sure is None else _dated(one.reveal, fills),
        _fill(one.say, fills),
    )


def _dated(reveal: str, fills: dict[str, str]) -> str:
    """With the month in which the age was checked, wherever that is said."""
    said = reveal if "{checked}" in reveal else f"{reveal} Checked in {{checked}}."
    return _fill(said, fills)


def _ages(service: str, right: int, planned: frozenset[int]) -> list[int]:
    """The age in force among three others, and now here, now there among them."""
    turned = _STEPS if sum(map(ord, service)) % 2 else tuple(-step for step in _STEPS)
    others = [right + step for step in turned]
    fit = [one for one in others if one >= _YOUNGEST and one not in planned]
    return sorted([right, *fit[: CHOICES - 1]])


def _in_words(age: int) -> str:
    return f"{age} years"


def _fill(text: str, fills: dict[str, str]) -> str:
    for name, words in fills.items():
        text = text.replace(f"{{{name}}}", words)
    return text

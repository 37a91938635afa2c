"""Which ages wait to be looked at again, for the office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.content.age_rules import AgeFacts, AgeLaw, AgeRule, Looked, in_words, rule_of_day

SOON: Final = timedelta(days=60)
"""So long before its date a fact is said to be due."""


class Due(StrEnum):
    """How a fact stands; in the order in which they are listed."""

    PAST = "Past its date"
    SOON = "Soon"
    UNCONFIRMED = "Not confirmed"
    FINE = "Checked"


@dataclass(frozen=True, slots=True)
class FactToCheck:
    """A service, a law or the labels of games: what is said now, and when to look again."""

    id: str
    name: str
    rule: str
    due: Due
    by_law: bool
    checked: date
    recheck: date
    source: str


def age_facts(facts: AgeFacts, day: date) -> list[FactToCheck]:
    """All that the register says on a day, what is past its date first."""
    found = [*_services(facts, day), *_laws(facts, day), *_labels(facts, day)]
    order = list(Due)
    return sorted(found, key=lambda one: (order.index(one.due), one.recheck, one.name.lower()))


def due_of(looked: Looked, day: date) -> Due:
    """How a fact that was looked at then stands on a day."""
    if not looked.verified:
        return Due.UNCONFIRMED
    if day >= looked.recheck:
        return Due.PAST
    return Due.SOON if day >= looked.recheck - SOON else Due.FINE


def _services(facts: AgeFacts, day: date) -> Iterator[FactToCheck]:
    for rule in facts.rules.values():
        found = rule_of_day(rule, day)
        row = found.row if found is not None else rule.rows[-1]
        says = _says(rule, day) if found is not None else "No rule for today"
        yield _fact((rule.id, rule.service, says), row.looked, day, by_law=False)


def _says(rule: AgeRule, day: date) -> str:
    found = rule_of_day(rule, day)
    age = None if found is None else found.age
    said = "No single age" if age is None else in_words(age)
    return f"{said}, by law" if found is not None and found.by_law else said


def _laws(facts: AgeFacts, day: date) -> Iterator[FactToCheck]:
    """The laws that set an age, in force or announced."""
    for law in facts.laws:
        if law.min_age is not None:
            says = f"{in_words(law.min_age)}. {_state(law, day)}"
            yield _fact((law.id, law.title, says), law.looked, day, by_law=True)


def _state(law: AgeLaw, day: date) -> str:
    begins = law.span.begins
    if begins is None:
        return "Announced, not in force"
    if law.in_force(day):
        return f"In force since {_said(begins)}"
    return f"In force from {_said(begins)}" if day < begins else "No longer in force"


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _labels(facts: AgeFacts, day: date) -> Iterator[FactToCheck]:
    if facts.pegi is not None:
        says = ", ".join(map(str, facts.pegi.ages))
        yield _fact(("pegi", "PEGI labels of games", says), facts.pegi.looked, day, by_law=False)


def _fact(what: tuple[str, str, str], looked: Looked, day: date, *, by_law: bool) -> FactToCheck:
    one, name, rule = what
    due = due_of(looked, day)
    return FactToCheck(one, name, rule, due, by_law, looked.checked, looked.recheck, looked.source)

"""What the register says to the grown-ups of one child: not yet, with you, yes, or ask.

Nothing is said as true that is unconfirmed or past its date. A law is stricter than a parent, and
the label of a game is not moved by who makes the account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.content.age_rules import AgeLaw, AgeRule, RuleOfDay, in_words, rule_of_day

LABELLED: Final = frozenset({"game", "rating"})
"""The kinds whose age is that of a label."""
BY_A_GROWN_UP: Final = frozenset({"under_13_account", "required_for_child"})
"""The register's words for accounts that a grown-up makes, or agrees to, for a younger child."""
UNDER_AGREEMENT: Final = BY_A_GROWN_UP | {"under_18"}
"""And for those that a child who is old enough needs a grown-up for."""
_OWN_TERMS: Final = re.compile(r"[\w-]+-versions (?P<service>[^/]+)/(?P<what>.+?)\.md\b")
_BRACKETS: Final = re.compile(r"\s*\([^()]*\)")
_REMARK: Final = re.compile(r"\brecalled\b|-versions\b|\bsays\b|^follows\b")


class Verdict(StrEnum):
    """The four answers, each with a word and a shape."""

    NOT_YET = "Not yet"
    WITH_YOU = "With you"
    YES = "Yes"
    ASK = "Ask"


@dataclass(frozen=True, slots=True)
class Said:
    """A service as a family reads it, for a child of one age on one day."""

    rule: AgeRule
    verdict: Verdict
    rule_says: str
    reason: str
    note: str
    checked: date
    sources: tuple[str, ...]


def verdict_on(rule: AgeRule, child: int, day: date) -> Said:
    """What is said about a service."""
    found = rule_of_day(rule, day)
    if found is None or not found.verified or day >= found.recheck:
        last = rule.rows[-1].looked.checked if found is None else found.checked
        return Said(rule, Verdict.ASK, "Not confirmed", _unsure(found, day), "", last, ())
    verdict, reason = _judged(found, child)
    return Said(
        rule=rule,
        verdict=verdict,
        rule_says="No single age" if found.age is None else in_words(found.age),
        reason=reason,
        note=found.row.note,
        checked=found.checked,
        sources=source_names(found.source),
    )


def _unsure(found: RuleOfDay | None, day: date) -> str:
    if found is not None and found.verified and day >= found.recheck:
        return "This may have changed since we looked. Check the age in the app itself."
    return (
        "We could not confirm an age for the UK. Check in the app itself, before your child joins."
    )


def _judged(found: RuleOfDay, child: int) -> tuple[Verdict, str]:
    age, consent, labelled = found.age, found.row.consent, found.rule.kind in LABELLED
    if age is None:
        return Verdict.WITH_YOU, "There is no one age for all of it. Look at it together first."
    if child < age:
        if found.by_law:
            return Verdict.NOT_YET, "The law says so. No grown-up’s yes changes it."
        if labelled:
            return Verdict.NOT_YET, "The label on the game gives a higher age than your child’s."
        if consent in BY_A_GROWN_UP:
            return Verdict.WITH_YOU, "Not alone. A grown-up has to set it up, or agree to it."
        return Verdict.NOT_YET, "Its own rules ask for an older child."
    if consent in UNDER_AGREEMENT:
        return Verdict.WITH_YOU, "Old enough, and a grown-up has to agree to the account."
    if labelled:
        return Verdict.YES, "The label fits. It does not speak for chat with other players."
    return Verdict.YES, "Old enough by its own rules. Set it up together."


def source_names(source: str) -> tuple[str, ...]:
    """Where a row was read, in words; remarks are for whoever looks at it again."""
    found = []
    for part in source.split(";"):
        terms, name = _OWN_TERMS.search(part), _BRACKETS.sub("", part).partition(". ")[0].strip()
        if terms is not None:
            found.append(f"{terms['service']}: {terms['what'].lower()}")
        elif name and not _REMARK.search(name):
            found.append(name)
    return tuple(dict.fromkeys(found))


class Standing(StrEnum):
    """Where a law stands on a day."""

    PLANNED = "planned"
    DATED = "dated"
    IN_FORCE = "in force"


@dataclass(frozen=True, slots=True)
class LawNotice:
    """A law that sets an age, as families are told of it."""

    law: AgeLaw
    standing: Standing
    expected: str
    services: tuple[str, ...]
    sure: bool


def law_notices(laws: tuple[AgeLaw, ...], names: dict[str, str], day: date) -> list[LawNotice]:
    """The laws that set an age for services, in force or to come; one that has ended is none."""
    return [
        LawNotice(
            law,
            _standing(law, day),
            _expected(law.expected),
            tuple(names[one] for one in law.services if one in names),
            law.looked.sure_on(day),
        )
        for law in laws
        if law.min_age is not None and (law.span.ends is None or day < law.span.ends)
    ]


def _standing(law: AgeLaw, day: date) -> Standing:
    if law.in_force(day):
        return Standing.IN_FORCE
    return Standing.PLANNED if law.span.begins is None else Standing.DATED


def _expected(code: str) -> str:
    """As people say it: spring 2027."""
    year, _, season = code.partition("-")
    return f"{season} {year}".strip()

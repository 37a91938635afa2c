"""Am I old enough? A quiz made for one day, from the register of ages and the words of its file.

What is not confirmed, or past its date, is never asked: its card says to ask a grown-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import zip_longest
from typing import Final

from markupsafe import Markup

from app.content.age_rules import (
    AgeFacts,
    AgeRule,
    RuleOfDay,
    in_words,
    planned_ages,
    rule_of_day,
)
from app.content.values import Band, Card, Kind, Lesson, Letter, Option, Question

SERVICES: Final = 4
"""So many services have a card each day."""
FEWEST: Final = 3
"""With fewer of them to ask about, labels of games take their place."""
APART: Final = 3
"""So many years lie between the right age and another, where that can be."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """The card of a service; the words by law stand where a law has raised the age."""

    card: Card
    question: str
    right: tuple[str, str]
    other: tuple[str, str]
    asked: tuple[str, str]
    """Each as a service's own rule, and as a law's."""


@dataclass(frozen=True, slots=True)
class LabelWords:
    card: Card
    question: str
    right: str
    other: str
    asked: str
    slip: Option


@dataclass(frozen=True, slots=True)
class AgeQuiz:
    """The words of the quiz, without a number in them."""

    id: str
    title: str
    band: Band
    letter: Letter
    friend: str
    minutes: int
    objective: str
    misconceptions: tuple[str, ...]
    services: tuple[str, ...]
    """Whom to ask about, the first ones first."""
    ask: str
    """The answer that is always good."""
    first: Card
    skills: tuple[Card, ...]
    rule: RuleWords
    resting: Card
    label: LabelWords
    last: Card
    notes_html: Markup
    path: str


def quiz_on(words: AgeQuiz, facts: AgeFacts, day: date) -> Lesson:
    """The quiz as it is asked on a day."""
    today = _Today(words, facts, day)
    cards = tuple(replace(card, number=n) for n, card in enumerate(today.cards(), 1))
    return Lesson(
        id=words.id,
        version=_version(cards),
        title=words.title,
        band=words.band,
        letter=words.letter,
        friend=words.friend,
        minutes=words.minutes,
        objectives=(words.objective,),
        reviews=(),
        story="",
        misconceptions=words.misconceptions,
        words=(),
        cards=cards,
        teacher_notes_html=words.notes_html,
        path=words.path,
        edition=sha256(repr(cards).encode()).hexdigest()[:16],
        quiz=True,
    )


def services_of_day(words: AgeQuiz, facts: AgeFacts, day: date) -> tuple[RuleOfDay, ...]:
    """The services that have a card: the first of the file's that have an age on that day."""
    known = (facts.rules[one] for one in words.services if one in facts.rules)
    found = (rule_of_day(rule, day) for rule in known)
    return tuple(one for one in found if one is not None and one.age is not None)[:SERVICES]


def _version(cards: Iterable[Card]) -> int:
    """Another number whenever a question or answer is another, the same in every process."""
    asked = [
        (card.number, card.label, q.text, [(one.text, one.good) for one in q.options])
        for card in cards
        for q in card.questions
    ]
    return int(sha256(repr(asked).encode()).hexdigest()[:7], 16) + 1


@dataclass(frozen=True, slots=True)
class _Today:
    """The cards of one day."""

    words: AgeQuiz
    facts: AgeFacts
    day: date

    def cards(self) -> Iterator[Card]:
        """What a number is for, then what to do and what the rules are by turns."""
        rules = [self._service(one) for one in services_of_day(self.words, self.facts, self.day)]
        labels = self._labels()
        yield self.words.first
        for pair in zip_longest(self._skills(labels), rules):
            yield from (card for card in pair if card is not None)
        asked = sum(bool(card.questions) for card in rules)
        yield from labels[1 : 1 + max(0, FEWEST - asked)]
        yield self.words.last

    def _skills(self, labels: list[Card]) -> list[Card]:
        """One label is always among them, if there is one to be sure of."""
        first, *others = self.words.skills
        return [first, *labels[:1], *others]

    def _service(self, found: RuleOfDay) -> Card:
        age, rule = found.sure_age(self.day), found.rule
        others = () if age is None else self._others(age, rule)
        if age is None or not others:
            return _filled(self.words.resting, {"service": rule.service})
        checked = f"{found.checked:%B %Y}"
        fills = {"service": rule.service, "age": in_words(age), "checked": checked}
        words, law = self.words.rule, int(found.by_law)
        ages = {one: _fill(words.other[law], fills) for one in others}
        options = (
            *_by_age(ages | {age: _fill(words.right[law], fills)}, good=age),
            Option(0, self.words.ask, True, None, _fill(words.asked[law], fills)),
        )
        question = self._question(_fill(words.question, fills), options)
        return replace(_filled(words.card, fills), questions=(question,))

    def _others(self, age: int, rule: AgeRule) -> tuple[int, ...]:
        """Two other ages of the register; never one that is planned for this very service."""
        planned = planned_ages(rule, self.day)
        known = self._ages() - {age} - planned
        far = {one for one in known if abs(one - age) >= APART}
        lower = sorted((one for one in far or known if one < age), reverse=True)
        higher = sorted(one for one in far or known if one > age)
        # Now one, now two of them are lower, so that the right one has no place of its own.
        least = sum(map(ord, rule.id)) % 3
        return tuple((lower[:least] + higher + lower[least:])[:2])

    def _ages(self) -> set[int]:
        """Every age that stands in the register, for whatever service."""
        rows = (row for rule in self.facts.rules.values() for row in rule.rows)
        labels = () if self.facts.pegi is None else self.facts.pegi.ages
        return {*labels, *(row.min_age for row in rows if row.min_age is not None)}

    def _labels(self) -> list[Card]:
        """A card for each number on a label, those in the middle first; none if not sure."""
        pegi = self.facts.pegi
        if pegi is None or not pegi.looked.sure_on(self.day) or len(pegi.ages) < 2:
            return []
        middle = len(pegi.ages) // 2
        order = sorted(range(len(pegi.ages)), key=lambda n: (abs(n - middle), n))
        return [self._label(pegi.ages, n) for n in order]

    def _label(self, ages: tuple[int, ...], n: int) -> Card:
        words, age, other = self.words.label, ages[n], ages[n - 1 if n else 1]
        fills = {"age": in_words(age)}
        options = (
            *_by_age({age: _fill(words.right, fills), other: _fill(words.other, fills)}, good=age),
            words.slip,
            Option(0, self.words.ask, True, None, _fill(words.asked, fills)),
        )
        question = self._question(words.question, options)
        return replace(words.card, label=age, questions=(question,))

    def _question(self, text: str, options: Iterable[Option]) -> Question:
        numbered = tuple(replace(one, number=n) for n, one in enumerate(options, 1))
        return Question(1, text, self.words.objective, numbered)


def _by_age(feedback: Mapping[int, str], *, good: int) -> Iterator[Option]:
    for age in sorted(feedback):
        yield Option(0, in_words(age), age == good, None, feedback[age])


def _filled(card: Card, fills: Mapping[str, str]) -> Card:
    html = Markup(_fill(str(card.html), {k: str(Markup.escape(v)) for k, v in fills.items()}))  # noqa: S704
    return replace(card, heading=_fill(card.heading, fills), html=html)


def _fill(text: str, fills: Mapping[str, str]) -> str:
    for name, words in fills.items():
        text = text.replace(f"{{{name}}}", words)
    return text


def blank_card(kind: Kind, heading: str, html: Markup, *questions: Question) -> Card:
    """A card of the quiz before it has its place."""
    return Card(0, kind, heading, "", html, questions, None, ())

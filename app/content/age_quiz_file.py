"""The words of the age quiz: read from lessons/facts/age-quiz.yaml, checked, and built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from app.content.age_quiz import AgeQuiz, LabelWords, RuleWords, blank_card
from app.content.age_shapes import AgeQuizShape, AnswerShape, SkillShape
from app.content.gates import Piece, check_piece, check_screen
from app.content.ids import Ids
from app.content.passages import Passage, Role, passage
from app.content.problems import Findings
from app.content.registers import FACTS, Registers
from app.content.rendering import plain, render
from app.content.shapes import fit
from app.content.source import read_text
from app.content.values import Card, Kind, Option, Question
from app.content.wording import Lint
from app.content.yaml_lines import Path as At
from app.content.yaml_lines import Tree, read_yaml

FILE: Final = f"{FACTS}/age-quiz.yaml"
ACCOUNTS: Final = frozenset({"video", "social", "messaging", "streaming", "account", "ai"})
"""The kinds that have accounts; a game has a label instead."""
_STANDS_FOR: Final = {
    "{service}": "Pipsqueak",
    "{age}": "that age now",
    "{checked}": "that month",
}
"""What is read in the place of each word that the day fills in."""
_FILLED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "rule": {
        "heading": ("{service}",),
        "question": ("{service}",),
        "says": ("{service}",),
        **dict.fromkeys(
            ("right", "right_by_law", "other", "other_by_law", "asked", "asked_by_law"),
            ("{age}", "{checked}", "{service}"),
        ),
    },
    "resting": {"heading": ("{service}",), "says": ("{service}",)},
    "label": dict.fromkeys(("right", "other", "asked"), ("{age}",)),
}
_MUST_HOLD: Final = {
    ("rule", "question"): ("{service}",),
    ("resting", "heading"): ("{service}",),
    **{
        ("rule", f"{key}{law}"): ("{age}", "{checked}")
        for key in ("right", "other", "asked")
        for law in ("", "_by_law")
    },
}


def read_age_quiz(root: Path, registers: Registers, findings: Findings) -> AgeQuiz | None:
    """The words; None where there is no such file, or a problem in it."""
    path = root / FILE
    text = read_text(path, findings) if path.exists() else None
    tree = None if text is None else read_yaml(text, findings)
    shape = None if tree is None else fit(AgeQuizShape, tree, (), findings)
    if tree is None or shape is None:
        return None
    _Check(shape, tree, Ids(registers, shape.band), findings).run()
    return None if findings.problems else _built(shape)


@dataclass(frozen=True, slots=True)
class _Check:
    """The file under check."""

    shape: AgeQuizShape
    tree: Tree
    ids: Ids
    findings: Findings

    def run(self) -> None:
        shape, tree, add = self.shape, self.tree, self.findings.add
        self.ids.objective(shape.objective, tree.line("objective"), self.findings)
        for i, one in enumerate(shape.misconceptions):
            self.ids.misconception(one, tree.line("misconceptions", i), self.findings)
        self.ids.friend(shape.friend, shape.letter, tree.line("friend"), self.findings)
        self._check_services()
        for i, skill in enumerate(shape.skills):
            self._check_answers(skill, i)
        self._check_slip(shape.label.slip, tree.line("label", "slip"))
        if not any("{trusted_adults}" in words for words in shape.last.says):
            what = "the last card names no trusted adults"
            add(tree.line("last"), what, "put {trusted_adults} in its text")
        for (card, key), needed in _MUST_HOLD.items():
            words = getattr(getattr(shape, card), key)
            for name in needed:
                if name not in words:
                    add(tree.line(card, key), f"`{key}` does not say {name}", f"put {name} in it")
        self._check_reading()

    def _check_services(self) -> None:
        known, seen = self.ids.registers.ages, set[str]()
        for i, one in enumerate(self.shape.services):
            line = self.tree.line("services", i)
            if one in seen:
                self.findings.add(line, f"{one} stands here twice", "take one of them out")
            seen.add(one)
            if known is not None and one not in known:
                near = get_close_matches(one, known, 1)
                mend = f"did you mean {near[0]}?" if near else "look it up in age-limits.yaml"
                self.findings.add(line, f"there is no service {one}", mend)
            elif known is not None and known[one].kind not in ACCOUNTS:
                what = f"{one} is of the kind {known[one].kind}, which has a label and no account"
                self.findings.add(line, what, "choose another service")

    def _check_answers(self, skill: SkillShape, i: int) -> None:
        line = self.tree.line("skills", i, "answers")
        if not any(answer.good for answer in skill.answers):
            self.findings.add(line, "no good answer", "write `good: true` under one")
        if all(answer.good for answer in skill.answers):
            self.findings.add(line, "no slip to learn from", "name a misconception under one")
        for n, answer in enumerate(skill.answers):
            self._check_slip(answer, self.tree.line("skills", i, "answers", n))

    def _check_slip(self, answer: AnswerShape, line: int) -> None:
        named = answer.misconception
        if answer.good and named is not None:
            self.findings.add(line, "a good answer names a misconception", f"take out {named}")
        elif not answer.good and named is None:
            self.findings.add(line, "the slip names no misconception", "add `misconception`")
        elif named is not None and named not in self.shape.misconceptions:
            what = f"{named} is not among the quiz's misconceptions"
            self.findings.add(line, what, "add it to the head, or name another")

    def _check_reading(self) -> None:
        known = self.ids.registers
        lint = Lint(self.shape.band, known.ages, helplines=known.helplines)
        screens = dict(self._screens())
        told = [one for card in screens.values() for one in card]
        notes = self._listed(("notes",), self.shape.notes, "notes")
        answers = (*self._labels(), *self._feedback())
        check_piece(Piece(self.shape.band, (), (), (*told, *answers, *notes)), lint, self.findings)
        for line, card in screens.items():
            check_screen(card, band=self.shape.band, line=line, findings=self.findings)

    def _screens(self) -> Iterator[tuple[int, list[Passage]]]:
        """The running words of each card by its line."""
        shape = self.shape
        for key in ("first", "rule", "resting", "label", "last"):
            card, at = getattr(shape, key), (key,)
            yield self.tree.line(key), [*self._asked(card, at)]
        for i, skill in enumerate(shape.skills):
            yield self.tree.line("skills", i), [*self._asked(skill, ("skills", i))]

    def _asked(self, card: object, at: At) -> Iterator[Passage]:
        yield from self._listed((*at, "says"), getattr(card, "says", ()), "told")
        question = getattr(card, "question", None)
        if question is not None:
            yield self._passage("told", question, (*at, "question"))

    def _listed(self, at: At, lines: Sequence[str], role: Role) -> Iterator[Passage]:
        for n, words in enumerate(lines):
            yield self._passage(role, plain(words), (*at, n))

    def _labels(self) -> Iterator[Passage]:
        """Headings and answers."""
        shape = self.shape
        yield self._passage("label", shape.title, ("title",))
        yield self._passage("label", shape.ask, ("ask",))
        for key in ("first", "rule", "resting", "label", "last"):
            yield self._passage("label", getattr(shape, key).heading, (key, "heading"))
        yield self._passage("label", shape.label.slip.says, ("label", "slip", "says"))
        for i, skill in enumerate(shape.skills):
            yield self._passage("label", skill.heading, ("skills", i, "heading"))
            for n, answer in enumerate(skill.answers):
                yield self._passage("label", answer.says, ("skills", i, "answers", n, "says"))

    def _feedback(self) -> Iterator[Passage]:
        shape = self.shape
        for card, keys in _FILLED.items():
            for key in keys:
                if key not in ("heading", "says", "question"):
                    words = getattr(getattr(shape, card), key)
                    yield self._passage("feedback", words, (card, key))
        slip = shape.label.slip.feedback
        yield self._passage("feedback", slip, ("label", "slip", "feedback"))
        for i, skill in enumerate(shape.skills):
            for n, answer in enumerate(skill.answers):
                at = ("skills", i, "answers", n, "feedback")
                yield self._passage("feedback", answer.feedback, at)

    def _passage(self, role: Role, words: str, at: At) -> Passage:
        """The words as they are read, with something in each place that the day fills in."""
        keys = [step for step in at if isinstance(step, str)]
        for name in _FILLED.get(keys[0], {}).get(keys[-1], ()):
            words = words.replace(name, _STANDS_FOR[name])
        return passage(role, words, self.tree.line(*at))


def _built(shape: AgeQuizShape) -> AgeQuiz:
    rule, label = shape.rule, shape.label
    return AgeQuiz(
        id=shape.id,
        title=shape.title,
        band=shape.band,
        letter=shape.letter,
        friend=shape.friend,
        minutes=shape.minutes,
        objective=shape.objective,
        misconceptions=tuple(shape.misconceptions),
        services=tuple(shape.services),
        ask=shape.ask,
        first=_card("idea", shape.first.heading, shape.first.says),
        skills=tuple(_skill(skill, shape.objective) for skill in shape.skills),
        rule=RuleWords(
            card=_card("check", rule.heading, rule.says),
            question=rule.question,
            right=(rule.right, rule.right_by_law),
            other=(rule.other, rule.other_by_law),
            asked=(rule.asked, rule.asked_by_law),
        ),
        resting=_card("idea", shape.resting.heading, shape.resting.says),
        label=LabelWords(
            card=_card("check", label.heading, label.says),
            question=label.question,
            right=label.right,
            other=label.other,
            asked=label.asked,
            slip=_option(0, label.slip),
        ),
        last=_card("carry", shape.last.heading, shape.last.says),
        notes_html=render(shape.notes),
        path=FILE,
    )


def _card(kind: Kind, heading: str, says: Sequence[str], *questions: Question) -> Card:
    return blank_card(kind, heading, render(says), *questions)


def _skill(skill: SkillShape, objective: str) -> Card:
    options = tuple(_option(n, answer) for n, answer in enumerate(skill.answers, 1))
    question = Question(1, skill.question, objective, options)
    return _card("check", skill.heading, skill.says, question)


def _option(number: int, answer: AnswerShape) -> Option:
    return Option(number, answer.says, answer.good, answer.misconception, answer.feedback)

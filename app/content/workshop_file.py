"""The questions of a workshop: read from lessons/families/workshop.yaml and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from app.content.passages import Passage, passage
from app.content.problems import Findings
from app.content.reading import ENOUGH_WORDS, Sentence, measure_sentences, sentences_in
from app.content.registers import Registers
from app.content.shapes import Shape, Slug, Text, Title, fit
from app.content.source import read_text
from app.content.values import Letter
from app.content.wording import Lint
from app.content.workshop import CHOICES, QUESTIONS, WorkshopQuestion
from app.content.yaml_lines import Tree, read_yaml

FILE: Final = "lessons/families/workshop.yaml"
LONGEST, HARDEST = 22, 7.5
"""The most words in a sentence, and the highest reading grade, that parents are given."""
MOST: Final = {"ask": 16, "choices": 6, "reveal": 30, "say": 30}
"""The most words of each text: the board must hold them for the back row."""
_SLOT: Final = re.compile(r"\{[^}]*\}?")
_ASKED: Final = {"{service}": "Pipsqueak"}
_SHOWN: Final = _ASKED | {"{age}": "that age", "{checked}": "that month"}
"""What is read in the place of each word that the day fills in, where it may stand."""


class _QuestionShape(Shape):
    id: Slug
    letter: Letter
    ask: Text
    choices: Annotated[list[Title], Field(min_length=CHOICES, max_length=CHOICES)] | None = None
    service: Slug | None = None
    answer: Annotated[int, Field(ge=1, le=CHOICES)] | None = None
    reveal: Text
    say: Text


class _FileShape(Shape):
    questions: list[_QuestionShape]


def read_workshop(
    root: Path, registers: Registers, findings: Findings
) -> tuple[WorkshopQuestion, ...]:
    """The six questions; none where there is no such file, or a problem in it."""
    path = root / FILE
    text = read_text(path, findings) if path.exists() else None
    tree = None if text is None else read_yaml(text, findings)
    shape = None if tree is None else fit(_FileShape, tree, (), findings)
    if tree is None or shape is None:
        return ()
    _Check(shape.questions, tree, registers, findings).run()
    return () if findings.problems else tuple(map(_built, shape.questions))


def _built(one: _QuestionShape) -> WorkshopQuestion:
    choices = tuple(one.choices or ())
    return WorkshopQuestion(
        one.id, one.letter, one.ask, choices, one.service, one.answer, one.reveal, one.say
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """The file under check."""

    questions: list[_QuestionShape]
    tree: Tree
    registers: Registers
    findings: Findings

    def run(self) -> None:
        count, seen = len(self.questions), set[str]()
        if count != QUESTIONS:
            line = self.tree.line("questions")
            self.findings.add(line, f"{count} questions", f"a workshop has {QUESTIONS}")
        for i, one in enumerate(self.questions):
            if one.id in seen:
                what = f"the id {one.id} is used twice"
                self.findings.add(self._line(i, "id"), what, "give one of them another id")
            seen.add(one.id)
            self._check_choices(one, i)
            self._check_words(one, i)
        self._check_grade()

    def _line(self, i: int, *at: str | int) -> int:
        return self.tree.line("questions", i, *at)

    def _check_choices(self, one: _QuestionShape, i: int) -> None:
        """Either four choices, all different, or a service of the register."""
        if (one.choices is None) == (one.service is None):
            what = "both `choices` and `service`" if one.choices else "no `choices`"
            self.findings.add(self._line(i), what, "give four choices, or name a service")
        if one.choices and len({choice.casefold() for choice in one.choices}) < CHOICES:
            line = self._line(i, "choices")
            self.findings.add(line, "two choices are the same", "let each say something else")
        if one.service is None:
            return
        known = self.registers.ages
        if known is not None and one.service not in known:
            near = get_close_matches(one.service, known, 1)
            mend = f"did you mean {near[0]}?" if near else "look it up in age-limits.yaml"
            self.findings.add(self._line(i, "service"), f"there is no service {one.service}", mend)
        elif known is not None and all(row.min_age is None for row in known[one.service].rows):
            what = f"{one.service} has no single age"
            self.findings.add(self._line(i, "service"), what, "name another service")
        if one.answer is not None:
            what = "an `answer` beside a service"
            self.findings.add(self._line(i, "answer"), what, "leave it out: the register knows it")

    def _check_words(self, one: _QuestionShape, i: int) -> None:
        lint = Lint("9-11", self.registers.ages, helplines=self.registers.helplines)
        for key, words, fills in _words(one):
            line = self._line(i, *key)
            fits = fills if one.service else {}
            for slot in _SLOT.findall(words):
                if slot not in fits:
                    mend = f"write {' or '.join(fits)}" if fits else "take out the braces"
                    self.findings.add(line, f"“{slot}” is nothing that is filled in here", mend)
            spoken = _spoken(words, line)
            lint.check(spoken, self.findings)
            self._check_length(str(key[0]), spoken)

    def _check_length(self, key: str, spoken: Passage) -> None:
        said = sentences_in(spoken.text)
        count = sum(len(sentence.words) for sentence in said)
        if count > MOST[key]:
            what = f"{count} words in `{key}`"
            self.findings.add(spoken.line, what, f"the board holds {MOST[key]}")
        for sentence in said:
            count = len(sentence.words)
            if count > LONGEST:
                start = " ".join(sentence.text.split()[:6])
                what = f"a sentence of {count} words (“{start}…”)"
                self.findings.add(spoken.line, what, f"families read {LONGEST} at most")

    def _check_grade(self) -> None:
        said: list[Sentence] = []
        for one in self.questions:
            for key, words, _ in _words(one):
                if key[0] != "choices":
                    said += sentences_in(_spoken(words, 1).text)
        reading = measure_sentences(said)
        if reading.words >= ENOUGH_WORDS and reading.fk > HARDEST:
            what = f"the questions read at grade {reading.fk:.1f}"
            mend = f"bring them to {HARDEST:g}: shorter sentences, shorter words"
            self.findings.add(self.tree.line("questions"), what, mend)


def _words(one: _QuestionShape) -> Iterator[tuple[tuple[str | int, ...], str, dict[str, str]]]:
    """Each text of a question, where it stands, and what the day may fill into it."""
    yield ("ask",), one.ask, _ASKED
    for n, choice in enumerate(one.choices or ()):
        yield ("choices", n), choice, {}
    yield ("reveal",), one.reveal, _SHOWN
    yield ("say",), one.say, _ASKED


def _spoken(words: str, line: int) -> Passage:
    """A text as it may sound on a day, for the gate of adults."""
    for slot, instead in _SHOWN.items():
        words = words.replace(slot, instead)
    return passage("notes", words, line)

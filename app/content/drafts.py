"""A lesson file taken apart: its head, its cards and its teacher notes, each with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from app.content.problems import Findings

_CARD: Final = re.compile(r"^##\s+([A-Za-z]+)\s*:\s*(\S.*)$")
_FIELD: Final = re.compile(r"^(art|story):\s*(.*)$")
_QUESTION: Final = re.compile(r"^\?\s+(.*)$")
_OBJECTIVE: Final = re.compile(r"\(([a-z]+\.[a-z0-9-]+)\)$")
_OPTION: Final = re.compile(r"^\(\s*(\*?)\s*\)\s*(.*)$")
_SLIP: Final = re.compile(r"(?:^|\s)!([a-z0-9-]+)$")
_NOTES: Final = re.compile(r"^#\s+teacher notes\s*$", re.IGNORECASE)

Numbered = tuple[str, int]
"""Words and the line they stand on."""


@dataclass(slots=True)
class OptionDraft:
    line: int
    text: str
    good: bool
    misconception: str | None
    feedback: list[Numbered] = field(default_factory=list)


@dataclass(slots=True)
class QuestionDraft:
    line: int
    text: str
    objective: str | None
    options: list[OptionDraft] = field(default_factory=list)


@dataclass(slots=True)
class CardDraft:
    line: int
    kind: str
    heading: str
    fields: dict[str, Numbered] = field(default_factory=dict)
    body: list[Numbered] = field(default_factory=list)
    questions: list[QuestionDraft] = field(default_factory=list)


@dataclass(slots=True)
class LessonDraft:
    """The head is still YAML, and begins on line `head_line`."""

    head: str
    head_line: int
    cards: list[CardDraft] = field(default_factory=list)
    notes: list[Numbered] = field(default_factory=list)
    notes_line: int | None = None


def take_apart(text: str, findings: Findings) -> LessonDraft | None:
    """The parts of a lesson; None, with one problem, if it has no head."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines, 1) if line.rstrip() == "---"]
    opened = next((n for n, line in enumerate(lines, 1) if line.strip()), 1)
    if len(fences) < 2 or fences[0] != opened:
        findings.add(opened, "the head is missing", "start with it, between two lines of ---")
        return None
    start, end = fences[0], fences[1]
    draft = LessonDraft("\n".join(lines[start : end - 1]), start + 1)
    reader = _CardReader(draft, findings)
    for number, line in enumerate(lines[end:], end + 1):
        reader.read(line.strip(), number)
    return draft


@dataclass(slots=True)
class _CardReader:
    """Reads line by line; it knows which card, question and answer it is in."""

    draft: LessonDraft
    findings: Findings
    question: QuestionDraft | None = None
    option: OptionDraft | None = None

    def read(self, line: str, number: int) -> None:
        if self.draft.notes_line is not None:
            self._note(line, number)
        elif _NOTES.match(line):
            self.draft.notes_line = number
        elif line.startswith(("## ", "# ")) or line in ("#", "##"):
            self._begin_card(line, number)
        elif not line:
            self.question = self.option = None
        elif not self.draft.cards:
            what = "words before the first card"
            self.findings.add(number, what, "start it with “## kind: Heading”")
        else:
            self._card_line(self.draft.cards[-1], line, number)

    def _note(self, line: str, number: int) -> None:
        if line.startswith("## "):
            self.findings.add(number, "a card after the teacher notes", "move it above them")
        elif line:
            self.draft.notes.append((line, number))

    def _begin_card(self, line: str, number: int) -> None:
        self.question = self.option = None
        match = _CARD.match(line)
        if match is None:
            self.findings.add(number, f"“{line[:40]}” starts no card", "write “## kind: Heading”")
        kind, heading = (match[1].lower(), match[2].strip()) if match else ("", line.strip("# "))
        self.draft.cards.append(CardDraft(number, kind, heading))

    def _card_line(self, card: CardDraft, line: str, number: int) -> None:
        if match := _QUESTION.match(line):
            self._begin_question(card, match[1].strip(), number)
        elif match := _OPTION.match(line):
            self._begin_option(match[1] == "*", match[2].strip(), number)
        elif line.startswith(">"):
            self._feedback(line[1:].strip(), number)
        elif self.option is not None and self.option.feedback:
            self.option.feedback.append((line, number))
        elif self.question is not None:
            what = "words between a question and its feedback"
            self.findings.add(number, what, "start the line with ( ), (*) or >")
        elif (match := _FIELD.match(line)) and not card.body:
            self._field(card, match[1], (match[2].strip(), number))
        else:
            card.body.append((line, number))

    def _field(self, card: CardDraft, key: str, value: Numbered) -> None:
        if key in card.fields:
            self.findings.add(value[1], f"`{key}` is written twice", "keep one of them")
        elif not value[0]:
            self.findings.add(value[1], f"`{key}` is empty", "write it or take it out")
        else:
            card.fields[key] = value

    def _begin_question(self, card: CardDraft, text: str, number: int) -> None:
        match = _OBJECTIVE.search(text)
        if match is None:
            what = "the question names no objective"
            self.findings.add(number, what, "end it with one in brackets, as (tell.helpers)")
        words = text[: match.start()].rstrip() if match else text
        if not words:
            self.findings.add(number, "the question is empty", "write it")
        self.question = QuestionDraft(number, words, match[1] if match else None)
        self.option = None
        card.questions.append(self.question)

    def _begin_option(self, good: bool, text: str, number: int) -> None:
        if self.question is None:
            self.findings.add(number, "an answer without a question", "write “? …” above it")
            return
        match = _SLIP.search(text)
        words = text[: match.start()].rstrip() if match else text
        if not words:
            self.findings.add(number, "the answer is empty", "write it")
        self.option = OptionDraft(number, words, good, match[1] if match else None)
        self.question.options.append(self.option)

    def _feedback(self, text: str, number: int) -> None:
        if self.option is None:
            self.findings.add(number, "feedback without an answer", "put it under ( ) or (*)")
        elif text:
            self.option.feedback.append((text, number))

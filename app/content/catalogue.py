"""All lessons, quizzes and registers, read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from app.content.age_quiz import AgeQuiz, quiz_on
from app.content.age_quiz_file import FILE as AGE_QUIZ
from app.content.age_quiz_file import read_age_quiz
from app.content.age_rules import AgeFacts, AgeRule
from app.content.blocking import Blocking
from app.content.curriculum import Curriculum
from app.content.families import ForFamilies
from app.content.families_files import read_families
from app.content.lessons import read_lesson
from app.content.problems import ContentProblems, Findings, Problem
from app.content.registers import FACTS, Registers, read_registers
from app.content.retention_facts import RetentionFact
from app.content.source import read_text
from app.content.stories import read_story
from app.content.story_values import Story
from app.content.values import BANDS, Band, Helpline, Lesson, Misconception, Objective, WordGroup
from app.content.workshop import WorkshopQuestion
from app.content.workshop_file import FILE as WORKSHOP
from app.content.workshop_file import read_workshop

_BESIDE: Final = {("lessons", "facts"), ("lessons", "families"), ("lessons", "README.md")}
"""What lies beside the bands: the registers, what families read, and how to write."""


class _Piece(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def band(self) -> Band: ...

    @property
    def path(self) -> str: ...


P = TypeVar("P", bound=_Piece)
Read = Callable[[str, str, Registers, Findings], P | None]

FILES: Final[Mapping[str, tuple[str, Read[Any]]]] = {
    "quizzes": (".yaml", read_story),
    "lessons": (".md", read_lesson),
}
"""How the files of a folder end, and what reads them."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content, checked; everything by id."""

    lessons: Mapping[str, Lesson]
    quizzes: Mapping[str, Story]
    objectives: Mapping[str, Objective]
    misconceptions: Mapping[str, Misconception]
    age_facts: AgeFacts
    helplines: Mapping[str, Helpline]
    tell_words: Mapping[str, WordGroup]
    curriculum: Curriculum
    blocking: Blocking | None
    """None only while it cannot be read."""
    age_quiz: AgeQuiz | None = None
    """The words of the quiz that each day makes from the register of ages."""
    workshop: tuple[WorkshopQuestion, ...] = ()
    """The six questions of a workshop for families; none where they are not written."""
    for_families: ForFamilies = field(default_factory=ForFamilies)
    retention: Mapping[str, RetentionFact] = field(default_factory=dict)
    """What guidance says about how long records of concerns are kept."""

    @property
    def ages(self) -> Mapping[str, AgeRule]:
        """The services whose ages are known."""
        return self.age_facts.rules

    def lessons_for(self, band: Band) -> tuple[Lesson, ...]:
        """Those of a band: the lesson of a letter (s-79) before those that came to it since."""
        here = (lesson for lesson in self.lessons.values() if lesson.band == band)
        return tuple(sorted(here, key=lambda lesson: len(lesson.id)))

    def quizzes_for(self, band: Band) -> tuple[Story, ...]:
        return tuple(quiz for quiz in self.quizzes.values() if quiz.band == band)


def on_day(catalogue: Catalogue, day: date) -> Catalogue:
    """The catalogue with the pieces that are made from the registers for a day."""
    words = catalogue.age_quiz
    if words is None:
        return catalogue
    made = quiz_on(words, catalogue.age_facts, day)
    return replace(catalogue, lessons=MappingProxyType({**catalogue.lessons, made.id: made}))


def read_catalogue(root: Path) -> Catalogue:
    """The content under `root`, with its lessons/ and quizzes/; ContentProblems if any is wrong."""
    catalogue, problems = read_and_check(root)
    if problems:
        raise ContentProblems(problems)
    return catalogue


def published(catalogue: Catalogue) -> Catalogue:
    """What pupils and teachers are served: all but the drafts."""
    return replace(
        catalogue,
        lessons=MappingProxyType({k: v for k, v in catalogue.lessons.items() if not v.draft}),
        quizzes=MappingProxyType({k: v for k, v in catalogue.quizzes.items() if not v.draft}),
    )


def registers_of(catalogue: Catalogue) -> Registers:
    """The registers that a catalogue was read with."""
    return Registers(
        objectives=catalogue.objectives,
        misconceptions=catalogue.misconceptions,
        age_facts=catalogue.age_facts,
        helplines=catalogue.helplines,
        tell_words=catalogue.tell_words,
        curriculum=catalogue.curriculum,
        blocking=catalogue.blocking,
        retention=catalogue.retention,
        quizzes={quiz.id: quiz.band for quiz in catalogue.quizzes.values()},
    )


@dataclass(slots=True)
class Memo:
    """What was read before, for whoever reads again and again while a file or two changes."""

    registers: tuple[dict[str, bytes], Registers] | None = None
    pieces: dict[str, tuple[str, Registers, Any, dict[Problem, None]]] = field(default_factory=dict)
    """By file: its text and the registers it was read with; the piece, and its problems."""

    def registers_of(self, root: Path) -> Registers:
        """The registers; read anew if a byte of them has changed."""
        found = {f.name: f.read_bytes() for f in (root / FACTS).glob("*.yaml") if f.is_file()}
        if self.registers is None or self.registers[0] != found:
            self.registers = (found, read_registers(root))
        return self.registers[1]


def read_and_check(
    root: Path,
    memo: Memo | None = None,
    ahead: Callable[[str, Registers], None] | None = None,
) -> tuple[Catalogue, tuple[Problem, ...]]:
    """What could be read, and every problem of every file, in the order of files and lines.

    Before each folder `ahead` may put pieces of it into the memo.
    """
    memo = memo or Memo()
    registers = memo.registers_of(root)
    shelf = Shelf(root, registers, list(registers.problems), memo)
    if ahead:
        ahead("quizzes", shelf.registers)
    quizzes: dict[str, Story] = shelf.read("quizzes", read_story)
    if not shelf.broken:
        bands = {quiz.id: quiz.band for quiz in quizzes.values()}
        shelf.registers = replace(registers, quizzes=bands)
    if ahead:
        ahead("lessons", shelf.registers)
    lessons: dict[str, Lesson] = shelf.read("lessons", read_lesson)
    findings = Findings(AGE_QUIZ)
    age_quiz = read_age_quiz(root, shelf.registers, findings)
    if age_quiz is not None and age_quiz.id in lessons:
        what = f"the id {age_quiz.id} is that of {lessons[age_quiz.id].path} too"
        findings.add(_line_of("id", root / AGE_QUIZ), what, "give one of them another id")
    asked = Findings(WORKSHOP)
    workshop = read_workshop(root, shelf.registers, asked)
    shelf.problems.extend(asked.problems)
    for lesson in lessons.values():
        if not lesson.draft and lesson.story in quizzes and quizzes[lesson.story].draft:
            what, mend = f"the story {lesson.story} is a draft", "let the lesson be one too"
            line = _line_of("story", root / lesson.path)
            shelf.problems.append(Problem(lesson.path, line, what, mend))
    for_families, theirs = read_families(root, registers)
    catalogue = Catalogue(
        lessons=MappingProxyType(lessons),
        quizzes=MappingProxyType(quizzes),
        objectives=MappingProxyType(dict(registers.objectives or {})),
        misconceptions=MappingProxyType(dict(registers.misconceptions or {})),
        age_facts=registers.age_facts or AgeFacts(MappingProxyType({})),
        helplines=MappingProxyType(dict(registers.helplines or {})),
        tell_words=MappingProxyType(dict(registers.tell_words or {})),
        curriculum=registers.curriculum or Curriculum((), MappingProxyType({})),
        blocking=registers.blocking,
        age_quiz=age_quiz,
        workshop=workshop,
        for_families=for_families,
        retention=MappingProxyType(dict(registers.retention or {})),
    )
    return catalogue, tuple(sorted({*shelf.problems, *findings.problems, *theirs}))


@dataclass(slots=True)
class Shelf:
    """Reads one folder after another and keeps the problems."""

    root: Path
    registers: Registers
    problems: list[Problem]
    memo: Memo
    broken: bool = False
    """Whether a piece could not be built: an id that seems missing may be in there."""

    def read(self, folder: str, reader: Read[P]) -> dict[str, P]:
        pieces: dict[str, P] = {}
        for path, label in self._files(folder):
            piece, findings = self.piece(path, label, reader)
            if piece is not None and piece.id in pieces:
                what = f"the id {piece.id} is that of {pieces[piece.id].path} too"
                findings.add(_line_of("id", path), what, "give one of them another id")
            elif piece is not None and not findings.problems:
                pieces[piece.id] = piece
            if findings.problems:
                self.broken = True
            self.problems.extend(findings.problems)
        return pieces

    def piece(self, path: Path, label: str, reader: Read[P]) -> tuple[P | None, Findings]:
        """One file's piece, if it can be built, and what was found in it."""
        findings = Findings(label)
        text = read_text(path, findings)
        if text is None:
            return None, findings
        known = self.memo.pieces.get(label)
        if known is not None and known[:2] == (text, self.registers):
            findings.found.update(known[3])
            return known[2], findings
        opened = dict(findings.found)
        piece = reader(text, label, self.registers, findings)
        if piece is not None and piece.band != path.parent.name:
            what = f"the band {piece.band} in the folder {path.parent.name}"
            findings.add(_line_of("band", path), what, "move the file or mend `band`")
        # What was wrong with the file's letters is mended in the text: it is looked for each time.
        found = {one: None for one in findings.found if one not in opened}
        self.memo.pieces[label] = (text, self.registers, piece, found)
        return piece, findings

    def _files(self, folder: str) -> Iterator[tuple[Path, str]]:
        """The files of the bands in order of name; anything else in there is a problem."""
        home = self.root / folder
        if not home.is_dir():
            self._refuse(folder, "the folder is missing", "put it back")
            return
        for band in sorted(home.iterdir()):
            if _ignored(band) or (folder, band.name) in _BESIDE:
                continue
            if band.name not in BANDS or not band.is_dir():
                mend = f"use the folders {', '.join(BANDS)}"
                self._refuse(f"{folder}/{band.name}", "this is not a band", mend)
                continue
            yield from self._files_of(band, f"{folder}/{band.name}", FILES[folder][0])

    def _files_of(self, band: Path, label: str, ending: str) -> Iterator[tuple[Path, str]]:
        for path in sorted(band.iterdir(), key=lambda path: (path.stem, path.name)):
            name = f"{label}/{path.name}"
            if path.suffix == ending and not path.name.startswith("."):
                yield path, name
            elif not _ignored(path):
                self._refuse(name, "the file is not read", f"call it …{ending} or take it away")

    def _refuse(self, name: str, what: str, mend: str) -> None:
        self.problems.append(Problem(name, 1, what, mend))


def _line_of(key: str, path: Path) -> int:
    """The line of a head's key, for what shows only when files are laid side by side."""
    lines = (read_text(path, Findings("")) or "").split("\n")
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)


def _ignored(path: Path) -> bool:
    """What editors and desktops leave behind."""
    return path.name.startswith((".", "~")) or path.name.endswith(("~", ".bak", ".swp"))

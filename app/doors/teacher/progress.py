"""A class by objective, whole, and what each mark of it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request

from app.base import clock
from app.content.catalogue import Catalogue
from app.content.values import Lesson
from app.doors.teacher.classes import class_for_me
from app.doors.teacher.door import door
from app.learning import queries as learning
from app.learning.queries import FirstAnswer
from app.learning.rules import (
    HOW_A_STATE_IS_MADE,
    LETTERS,
    GridRow,
    Piece,
    Shown,
    State,
    class_grid,
    objectives_taught,
    place_of,
)
from app.people.queries import pupils
from app.people.queries.classes import ClassFacts
from app.people.rules import STAFF
from app.web.cover import Head, heads_of, names_covered, seconds_shown
from app.web.pages import page
from app.web.parts import catalogue


@dataclass(frozen=True, slots=True)
class ClassGrid:
    """A class by objective: the heads of the columns, and the rows in their order."""

    heads: list[Head]
    rows: list[GridRow]


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A first answer as a line: when, from where, what was chosen, and whether it was good."""

    given_at: datetime
    piece: str
    place: str
    answer: str
    good: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mark that was chosen, and what it rests on."""

    row: GridRow
    head: Head
    state: State
    answers: list[RestsOn]

    @property
    def cell(self) -> str:
        """As an address names it."""
        return f"{self.row.objective}:{self.head.key}"


def grid_of(facts: ClassFacts, progress: Mapping[tuple[str, str], Shown]) -> ClassGrid:
    """The class by every objective that its band's lessons and quizzes ask about."""
    known = catalogue()
    heads = heads_of(pupils.pupils_of(facts.school_id, facts.id))
    pieces: list[Piece] = [*known.lessons_for(facts.band), *known.quizzes_for(facts.band)]
    objectives = [known.objectives[one] for one in objectives_taught(pieces)]
    return ClassGrid(heads, class_grid(objectives, [head.id for head in heads], progress))


@door.opens("/class/<class_id>/progress", admits=STAFF)
def class_progress(class_id: str) -> str:
    """Objectives by pupils, one letter or all; ?cell=objective:key shows what a mark rests on."""
    facts = class_for_me(class_id)
    grid = grid_of(facts, learning.class_progress(facts.school_id, facts.id))
    letter = request.args.get("letter", "")
    rows = [row for row in grid.rows if letter not in LETTERS or row.letter == letter]
    return page(
        "teacher/class-progress",
        facts=facts,
        moment=clock.now(),
        heads=grid.heads,
        rows=rows,
        letter=letter if letter in LETTERS else None,
        letters={key: name for key, name in LETTERS.items() if _has(grid, key)},
        chosen=_chosen(facts, grid),
        how=HOW_A_STATE_IS_MADE,
        covered=names_covered(),
        shown_for=seconds_shown(),
    )


def _has(grid: ClassGrid, letter: str) -> bool:
    return any(row.letter == letter for row in grid.rows)


def _chosen(facts: ClassFacts, grid: ClassGrid) -> Chosen | None:
    objective, _, key = request.args.get("cell", "").partition(":")
    row = next((row for row in grid.rows if row.objective == objective), None)
    place = next((n for n, head in enumerate(grid.heads) if head.key == key), None)
    if row is None or place is None:
        return None
    given = learning.first_answers(facts.school_id, grid.heads[place].id, objective)
    answers = [_rests_on(one, catalogue()) for one in given]
    return Chosen(row, grid.heads[place], row.cells[place], answers)


def _rests_on(given: FirstAnswer, known: Catalogue) -> RestsOn:
    """The answer in the words of its lesson or story, where that version is still there."""
    piece = known.lessons.get(given.piece) or known.quizzes.get(given.piece)
    if piece is None:
        return RestsOn(given.given_at, "A piece that is gone", "", "", given.good)
    kind = "Story" if not isinstance(piece, Lesson) else "Quiz" if piece.quiz else "Lesson"
    where, says = "An earlier version", ""
    if piece.version == given.version:
        where, says = next(_words(piece, given), (where, says))
    return RestsOn(given.given_at, f"{kind}: {piece.title}", where, says, given.good)


def _words(piece: Piece, given: FirstAnswer) -> Iterator[tuple[str, str]]:
    """Where the answer was given and what was chosen there."""
    if isinstance(piece, Lesson):
        for card in piece.cards:
            for question in card.questions:
                if place_of(card, question) == given.place:
                    texts = {option.number: option.text for option in question.options}
                    yield f"Card {card.number}", texts.get(given.choice, "")
        return
    for number, scene in enumerate(piece.scenes.values(), 1):
        if scene.id == given.place:
            labels = {move.number: move.label for move in scene.moves}
            yield f"Scene {number}", labels.get(given.choice, "")

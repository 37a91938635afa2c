"""A class by objective, whole, and what each mark of it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, request

from app.base import clock
from app.doors.teacher.classes import class_for_me
from app.doors.teacher.door import door
from app.doors.teacher.evidence import RestsOn, rests_on
from app.learning import queries as learning
from app.learning.rules import (
    HOW_A_STATE_IS_MADE,
    LETTERS,
    GridRow,
    Piece,
    Shown,
    State,
    class_grid,
    objectives_taught,
)
from app.people.queries import pupils
from app.people.queries.classes import ClassFacts
from app.people.rights import May
from app.web.cover import Head, heads_of, names_covered, seconds_shown
from app.web.pages import page
from app.web.parts import catalogue


@dataclass(frozen=True, slots=True)
class ClassGrid:
    """A class by objective: the heads of the columns, and the rows in their order."""

    heads: list[Head]
    rows: list[GridRow]


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


@door.opens("/class/<class_id>/progress", may=May.SEE_CLASS)
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
        stories=catalogue().quizzes_for(facts.band),
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
    answers = [rests_on(one) for one in given]
    return Chosen(row, grid.heads[place], row.cells[place], answers)


@dataclass(frozen=True, slots=True)
class Grown:
    """An objective of one pupil, with the first answers that its state rests on."""

    row: GridRow
    state: State
    answers: list[RestsOn]


@door.opens("/class/<class_id>/progress/<key>", may=May.SEE_CLASS)
def pupil_progress(class_id: str, key: str) -> str:
    """One pupil: every objective that was met, and what each rests on."""
    facts = class_for_me(class_id)
    grid = grid_of(facts, learning.class_progress(facts.school_id, facts.id))
    place = next((n for n, head in enumerate(grid.heads) if head.key == key), None)
    if place is None:
        abort(404)
    head = grid.heads[place]
    given = [(one, rests_on(one)) for one in learning.first_answers(facts.school_id, head.id)]
    grown = [
        Grown(
            row, row.cells[place], [line for one, line in given if row.objective in one.objectives]
        )
        for row in grid.rows
    ]
    return page(
        "teacher/pupil-progress",
        facts=facts,
        head=head,
        met=[one for one in grown if one.answers],
        waiting=[one for one in grown if not one.answers],
        again=_titles(learning.looked_again(facts.school_id, head.id)),
        how=HOW_A_STATE_IS_MADE,
        covered=names_covered(),
        shown_for=seconds_shown(),
    )


def _titles(pieces: set[str]) -> list[str]:
    known = catalogue().quizzes
    return sorted(known[piece].title for piece in pieces if piece in known)

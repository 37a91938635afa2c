"""How answers are marked, what they add up to, and where a pupil stands in a piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.content.story_values import Move, Story
from app.content.values import Lesson, Objective, Option, Question

Piece = Lesson | Story

LETTERS = {"S": "Safe", "M": "Meeting", "A": "Accepting", "R": "Reliable", "T": "Tell"}
"""The SMART letters in their order, with the stop that each has on the map."""
_LETTER_OF = {"safe": "S", "meet": "M", "accept": "A", "real": "R", "tell": "T"}


@dataclass(frozen=True, slots=True)
class Marked:
    """What a choice shows: a good answer or a slip, and towards which objectives it counts."""

    choice: int
    good: bool
    misconception: str | None
    objectives: tuple[str, ...]


def mark_option(question: Question, option: Option) -> Marked:
    """A card's question has one objective; a good answer and a slip both count there."""
    return Marked(option.number, option.good, option.misconception, (question.objective,))


def mark_move(move: Move) -> Marked:
    """A risky move is a slip; a safe one may count towards several objectives, or none."""
    objectives = tuple(dict.fromkeys(move.objectives))
    return Marked(move.number, not move.risk, move.misconception, objectives)


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a pupil's first answers on an objective were good, and how often slips."""

    good: int = 0
    slips: int = 0


class State(StrEnum):
    """How far a pupil is with an objective. For adults; a pupil is never graded."""

    NOT_STARTED = "not started"
    STARTED = "started"
    NEARLY = "nearly there"
    SECURE = "secure"
    STUCK = "stuck"


HOW_A_STATE_IS_MADE = {
    State.SECURE: "two or more good first answers, and more of them than slips",
    State.NEARLY: "at least one good first answer, and no fewer of them than slips",
    State.STARTED: "one or two slips, and more of them than good first answers",
    State.STUCK: "three or more slips, and more of them than good first answers",
    State.NOT_STARTED: "no answer yet",
}
"""The rule of `state_of` in words, for the page that shows its marks."""


def state_of(good: int, slips: int) -> State:
    """The state that first answers add up to; HOW_A_STATE_IS_MADE says the rule in words."""
    if good >= 2 and good > slips:
        return State.SECURE
    if good >= max(slips, 1):
        return State.NEARLY
    if slips >= 3:
        return State.STUCK
    return State.STARTED if slips else State.NOT_STARTED


def letter_of(objective: str) -> str:
    """The SMART letter of an objective's id: safe.private-info is S."""
    return _LETTER_OF[objective.partition(".")[0]]


def objectives_taught(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """The objectives that these lessons and quizzes ask about, in S-M-A-R-T order."""
    found: dict[str, None] = {}
    for piece in pieces:
        found.update(dict.fromkeys(piece.objectives))
        if isinstance(piece, Lesson):
            found.update(dict.fromkeys(piece.reviews))
    order = list(LETTERS)
    return tuple(sorted(found, key=lambda objective: order.index(letter_of(objective))))


@dataclass(frozen=True, slots=True)
class GridRow:
    """One objective of a class grid; `cells` stand in the order of the pupils."""

    objective: str
    letter: str
    says: str
    cells: tuple[State, ...]

    @property
    def secure(self) -> int:
        """How many pupils are secure."""
        return self.cells.count(State.SECURE)

    @property
    def others(self) -> list[tuple[State, int]]:
        """The other states that occur, with how many pupils are in each."""
        counts = [(state, self.cells.count(state)) for state in State if state != State.SECURE]
        return [(state, count) for state, count in counts if count]


def class_grid(
    objectives: Iterable[Objective],
    pupils: Sequence[str],
    progress: Mapping[tuple[str, str], Shown],
) -> list[GridRow]:
    """A class by objective; `pupils` are ids, `progress` is keyed by pupil and objective."""
    return [
        GridRow(
            objective=objective.id,
            letter=letter_of(objective.id),
            says=objective.teacher,
            cells=tuple(_cell(progress.get((pupil, objective.id))) for pupil in pupils),
        )
        for objective in objectives
    ]


def _cell(shown: Shown | None) -> State:
    return state_of(shown.good, shown.slips) if shown else State.NOT_STARTED

"""What first answers ask of a class's teacher: wrong ideas, who is stuck, what to teach next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.content.values import Lesson, Misconception
from app.learning.rules import LETTERS, GridRow, Shown, State

SHARED = 2
"""How many pupils make an idea the class's: one child alone is not shown to the class."""
FEWEST = 8
"""With fewer pupils who have answered, a count would say who it was."""
BEGUN = frozenset({State.STARTED, State.NEARLY, State.STUCK})


@dataclass(frozen=True, slots=True)
class WrongIdea:
    """A misconception in the child's words, and how many pupils showed it."""

    id: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class TeachNext:
    """A lesson to teach, and the wrong idea that it answers, if that is why."""

    lesson: Lesson
    answers: WrongIdea | None


@dataclass(frozen=True, slots=True)
class StuckPupil:
    """A pupil with the objectives on which three first answers or more were slips."""

    place: int
    """Where the pupil stands in the grid's rows."""
    objectives: tuple[GridRow, ...]


def have_answered(progress: Mapping[tuple[str, str], Shown]) -> int:
    """How many pupils of a class have answered anything: the m of "n of m"."""
    return len({pupil for pupil, _ in progress})


def wrong_ideas(
    counts: Mapping[str, int], known: Mapping[str, Misconception], *, answered: int, most: int = 3
) -> list[WrongIdea]:
    """The most common wrong ideas; none while too few have answered to say."""
    if answered < FEWEST:
        return []
    shared = [pair for pair in counts.items() if pair[1] >= SHARED]
    ordered = sorted(shared, key=lambda pair: (-pair[1], pair[0]))
    found = [WrongIdea(one, known[one].sentence, n) for one, n in ordered if one in known]
    return found[:most]


def stuck_pupils(grid: Sequence[GridRow]) -> list[StuckPupil]:
    """Who is stuck, those with the most objectives first."""
    width = len(grid[0].cells) if grid else 0
    rows = [tuple(row for row in grid if row.cells[n] is State.STUCK) for n in range(width)]
    found = [StuckPupil(place, stuck) for place, stuck in enumerate(rows) if stuck]
    return sorted(found, key=lambda one: (-len(one.objectives), one.place))


def under_way(grid: Sequence[GridRow], most: int) -> list[GridRow]:
    """As many rows as fit, those on which most pupils are at work; the order stays."""

    def at_work(row: GridRow) -> tuple[int, int]:
        return sum(cell in BEGUN for cell in row.cells), row.secure

    chosen = sorted(grid, key=at_work, reverse=True)[:most]
    return [row for row in grid if row in chosen]


def teach_next(
    lessons: Iterable[Lesson], wrong: Iterable[WrongIdea], finished: Mapping[str, int], *, of: int
) -> TeachNext | None:
    """The lesson for the most common wrong idea; else the next that half the class has not done."""
    letters = list(LETTERS)
    shelf = sorted(lessons, key=lambda lesson: (letters.index(lesson.letter), lesson.id))
    for idea in wrong:
        for lesson in shelf:
            if idea.id in lesson.misconceptions:
                return TeachNext(lesson, idea)
    waiting = (lesson for lesson in shelf if finished.get(lesson.id, 0) * 2 < max(of, 1))
    following = next(waiting, None)
    return TeachNext(following, None) if following else None

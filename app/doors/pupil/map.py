"""The map: five stops in S-M-A-R-T order, and the next thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import request

from app.content.catalogue import Catalogue
from app.content.values import Band, Lesson
from app.doors.pupil.door import door
from app.doors.pupil.pieces import FRIENDS
from app.learning.queries import pieces_state
from app.learning.rules import LETTERS, Piece
from app.learning.runs import PieceState
from app.people.rights import May
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_pupil


class Says(StrEnum):
    """What the map says of a piece."""

    START = "Start"
    GO_ON = "Keep going"
    DONE = "Done. Play again"


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson or quiz on the map."""

    piece: Piece
    says: Says
    leaf: bool
    """Whether it was finished once; a leaf stays."""
    at: str | None

    @property
    def is_lesson(self) -> bool:
        """A lesson has cards; a quiz is a story on the practice tablet."""
        return isinstance(self.piece, Lesson)

    @property
    def is_quiz(self) -> bool:
        """A quiz that is made from the register of ages: cards, but no lesson."""
        return isinstance(self.piece, Lesson) and self.piece.quiz


@dataclass(frozen=True, slots=True)
class Stop:
    """A SMART letter and its pieces; none yet means "Soon"."""

    letter: str
    name: str
    steps: tuple[Step, ...]

    @property
    def leaves(self) -> int:
        """How many of its leaves have grown."""
        return sum(step.leaf for step in self.steps)

    @property
    def done(self) -> bool:
        """Whether all of its leaves have grown."""
        return bool(self.steps) and self.leaves == len(self.steps)

    @property
    def following(self) -> Step | None:
        """Where the stop leads: to what waits there, or to its first piece again."""
        return next_step([self]) or next(iter(self.steps), None)

    @property
    def friend(self) -> str:
        """Who lives here."""
        return FRIENDS[self.letter]


@door.opens("/map", may=May.LEARN)
def map() -> str:  # noqa: A001  # the school's word, and the endpoint's name
    """Where the pupil is on the way, and what comes next."""
    pupil = the_pupil()
    states = pieces_state(pupil.school_id, pupil.id)
    stops = stops_for(pupil.band, catalogue(), states)
    following = next_step(stops)
    return page(
        "pupil/map",
        name=pupil.shown_name,
        stops=stops,
        following=following,
        here=next((stop for stop in stops if following in stop.steps), None),
        finished=has_every_leaf(stops),
        gone="gone" in request.args,
    )


def stops_for(band: Band, pieces: Catalogue, states: Mapping[str, PieceState]) -> tuple[Stop, ...]:
    """The five stops with the pieces of a band, each lesson before its quiz."""
    found: list[Piece] = []
    for lesson in pieces.lessons_for(band):
        found += [lesson, *(q for q in pieces.quizzes_for(band) if q.id == lesson.story)]
    found += [quiz for quiz in pieces.quizzes_for(band) if quiz not in found]
    return tuple(
        Stop(
            letter,
            name,
            tuple(_step(p, states.get(p.id)) for p in found if p.letter == letter),
        )
        for letter, name in LETTERS.items()
    )


def next_step(stops: Iterable[Stop]) -> Step | None:
    """What was begun comes first, then what is new; None when all of it is done."""
    steps = [step for stop in stops for step in stop.steps]
    for says in (Says.GO_ON, Says.START):
        found = next((step for step in steps if step.says is says), None)
        if found is not None:
            return found
    return None


def has_every_leaf(stops: Iterable[Stop]) -> bool:
    """Whether every piece that there is was finished once, and there is one."""
    leaves = [step.leaf for stop in stops for step in stop.steps]
    return bool(leaves) and all(leaves)


def _step(piece: Piece, state: PieceState | None) -> Step:
    if state is None:
        return Step(piece, Says.START, leaf=False, at=None)
    says = Says.GO_ON if state.open else Says.DONE
    return Step(piece, says, leaf=state.finished > 0, at=state.at)

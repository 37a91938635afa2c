"""What I can do: a stem for each letter, a leaf for each thing; no marks and no numbers."""

from __future__ import annotations

from dataclasses import dataclass

from app.doors.pupil.door import door
from app.doors.pupil.map import next_step, stops_for
from app.doors.pupil.pieces import FRIENDS
from app.learning.queries import pieces_state, pupil_progress
from app.learning.rules import LETTERS, Shown, State, letter_of, objectives_taught, state_of
from app.people.rights import May
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_pupil

GROWN = {State.SECURE: "full", State.NOT_STARTED: "outline"}
"""A slip never makes a leaf smaller: whatever was tried is growing."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Something to be able to do, and how far it has grown: full, growing or outline."""

    says: str
    grown: str


@dataclass(frozen=True, slots=True)
class Stem:
    """A SMART letter with its leaves."""

    letter: str
    name: str
    friend: str
    leaves: tuple[Leaf, ...]


@door.opens("/what-i-can-do", may=May.LEARN)
def what_i_can_do() -> str:
    """Five stems, and what to play next."""
    pupil = the_pupil()
    states = pieces_state(pupil.school_id, pupil.id)
    following = next_step(stops_for(pupil.band, catalogue(), states))
    return page("pupil/what-i-can-do", stems=_stems(), following=following)


def _stems() -> list[Stem]:
    pupil, known = the_pupil(), catalogue()
    shown = pupil_progress(pupil.school_id, pupil.id)
    taught = objectives_taught([*known.lessons_for(pupil.band), *known.quizzes_for(pupil.band)])
    leaves = {one: _leaf(known.objectives[one].pupil, shown.get(one, Shown())) for one in taught}
    return [
        Stem(
            letter,
            name,
            FRIENDS[letter],
            tuple(leaf for one, leaf in leaves.items() if letter_of(one) == letter),
        )
        for letter, name in LETTERS.items()
    ]


def _leaf(words: str, shown: Shown) -> Leaf:
    state = state_of(shown.good, shown.slips)
    return Leaf(words[0].upper() + words[1:], GROWN.get(state, "growing"))

"""A pupil's run through a lesson or story: its answers, the way that was gone, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.content.story_values import Moment, Move, Story
from app.content.values import Card, Lesson, Option, Question
from app.learning.rules import Piece


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given in a run; `after` is the id of the one before it on its way."""

    place: str
    turn: int
    choice: int
    good: bool
    id: int = 0
    after: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A pupil's newest run through a piece, as it stands on disk.

    A run belongs to the text that it began with, and is played in that as long as it is kept.
    Where it is lost, the run goes on in the newest version at the same card or scene (or at the
    beginning, where that is gone). There the same number may be another question, or another
    answer: so no answer to the one version stands in the other, and what is answered from there on
    is practice. Places of another version are kept apart, as "2/3.1" is the first question of
    the third card of version 2.

    The answers of a story are a tree: whoever looks again goes on from an earlier scene. `tip` is
    the newest answer of the way that is gone now.
    """

    id: int
    pupil_id: str
    piece: str
    version: int
    number: int
    at: str
    step: int
    finished: bool
    answers: tuple[Given, ...] = field(default=())
    """In the order in which they were given, of whatever version."""
    playing: str | None = None
    """The text that is played now, where it is another than the run began with."""
    edition: str | None = None
    tip: int | None = None

    def in_version(self, version: int, edition: str = "") -> Run:
        """The run as it is played on a version of its piece, and on which text of that version."""
        playing = None if version == self.version else str(version)
        if playing is None and self.edition and edition and edition != self.edition:
            playing = f"{version}~{edition}"
        return replace(self, playing=playing)

    def kept_at(self, place: str) -> str:
        """Under which name answers at a place of the text that is played are kept."""
        return place if self.playing is None else f"{self.playing}/{place}"

    @property
    def way(self) -> tuple[Given, ...]:
        """The answers from the first to the tip."""
        known, back = {answer.id: answer for answer in self.answers}, list[Given]()
        at = self.tip
        while at is not None and at in known:
            back.append(known.pop(at))
            at = back[-1].after
        return tuple(reversed(back))

    @property
    def first_path(self) -> tuple[Given, ...]:
        """The answers as they were given first: what stays, however often a pupil looks again."""
        path, at = list[Given](), None
        while True:
            following = [answer for answer in self.answers if answer.after == at]
            if not following:
                return tuple(path)
            path.append(min(following, key=lambda answer: answer.id))
            at = path[-1].id

    def made_before(self, place: str, choice: int) -> Given | None:
        """The same answer, given here before a Look again."""
        here = (a for a in self.answers if a.after == self.tip and a.place == self.kept_at(place))
        return next((answer for answer in here if answer.choice == choice), None)

    @property
    def first_way(self) -> bool:
        """Whether the pupil has never looked again."""
        return len(self.way) == len(self.answers)

    @property
    def standing(self) -> tuple[Given, ...]:
        """The answers that stand in the version that is played, each at its place there."""
        return self.played(self.answers)

    def played(self, answers: Iterable[Given]) -> tuple[Given, ...]:
        """Those that were given in the text that is played, each at its place there."""
        played = self.playing or ""
        split = ((answer, answer.place.rpartition("/")) for answer in answers)
        return tuple(
            replace(answer, place=place)
            for answer, (version, _, place) in split
            if version == played
        )

    @property
    def way_here(self) -> tuple[Given, ...]:
        """The way, as far as it was gone in the version that is played."""
        return self.played(self.way)

    def given(self, place: str) -> Given | None:
        """The latest answer at a place."""
        return next((a for a in reversed(self.standing) if a.place == place), None)

    def next_turn(self, place: str) -> int:
        """1 until the place is answered, then one more for each try."""
        return max((a.turn for a in self.standing if a.place == place), default=0) + 1

    def is_evidence(self, place: str) -> bool:
        """Only the first answer of the first run says what a pupil knew; the rest is practice.

        So is all that comes after a Look again, at whatever scene.
        """
        first = self.number == 1 and self.playing is None and self.first_way
        return first and self.next_turn(place) == 1


@dataclass(frozen=True, slots=True)
class PieceState:
    """How far a pupil is with a piece: whether it was ever finished, where an open run stands."""

    runs: int
    finished: int
    at: str | None

    @property
    def open(self) -> bool:
        """Whether a run waits to be gone on with."""
        return self.runs > self.finished


def first_place(piece: Piece) -> str:
    """Where a run begins: a lesson's first card, a story's first scene."""
    return piece.start if isinstance(piece, Story) else str(piece.cards[0].number)


def furthest_card(run: Run, lesson: Lesson) -> int:
    """The card a run has reached; the first one where a newer version has lost that card."""
    numbers = [card.number for card in lesson.cards]
    if run.finished:
        return numbers[-1]
    at = int(run.at) if run.at.isdecimal() else 0
    return at if at in numbers else numbers[0]


def scene_of(run: Run, story: Story) -> Moment:
    """The scene a run has reached, as this player sees it.

    It is the first one, with nothing remembered, where a newer version has lost that scene or
    has nothing to press there for what is remembered.
    """
    scene = story.scenes.get(run.at)
    way = run.way_here
    seen = scene.seen_with(story.recalls(way[-1].state if way else "")) if scene else None
    if seen is None or not (seen.moves or seen.ending):
        return story.scenes[story.start].seen_with(story.at_first)
    return seen


def place_of(card: Card, question: Question) -> str:
    """The place of a question: "3.1" is the first question of the third card."""
    return f"{card.number}.{question.number}"


def choice_made(run: Run, card: Card, question: Question) -> Option | None:
    """The pupil's latest answer to a question; None if the option is no longer there."""
    given = run.given(place_of(card, question))
    chosen = given.choice if given else 0
    return next((option for option in question.options if option.number == chosen), None)


def open_question(run: Run, card: Card) -> Question | None:
    """The first question of a card that still waits for an answer."""
    return next((q for q in card.questions if choice_made(run, card, q) is None), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a run, with its scene as it was then; `after` is what came before it."""

    scene: Moment
    move: Move
    after: int | None


def steps_of(run: Run, story: Story, *, first: bool = False) -> list[Step]:
    """The moves on a run's way, or on its first path, in order, those the story still has."""
    made, state = list[Step](), ""
    for answer in run.played(run.first_path) if first else run.way_here:
        scene = story.scenes.get(answer.place)
        if scene is not None:
            seen = scene.seen_with(story.recalls(state))
            found = (move for move in seen.moves if move.number == answer.choice)
            made += [Step(seen, move, answer.after) for move in found]
        state = answer.state
    return made


def path_of(run: Run, story: Story) -> list[tuple[Moment, Move]]:
    """The moves on a run's way in order, each with its scene as it was then."""
    return [(step.scene, step.move) for step in steps_of(run, story)]


def another_way(run: Run, steps: Sequence[Step]) -> tuple[int, Move] | None:
    """A move that this run never made: where it wobbled first, or at the last scene of choice.

    With it, the number of the step beside which it lies.
    """
    wobbly = [n for n, step in enumerate(steps) if step.move.risk]
    for n in (*wobbly, *reversed(range(len(steps)))):
        scene = steps[n].scene
        tried = {answer.choice for answer in run.standing if answer.place == scene.id}
        left = [move for move in scene.moves if move.number not in tried]
        if left:
            return n + 1, min(left, key=lambda move: move.risk)
    return None

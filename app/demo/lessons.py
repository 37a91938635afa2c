"""A term of lessons and stories: who was there, what each of them answered, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from app.base import clock
from app.content.catalogue import Catalogue
from app.content.story_values import Move, Story
from app.content.values import Lesson, Option
from app.demo.founding import Filled
from app.demo.terms import spread
from app.learning.history import PastRun
from app.learning.rules import LETTERS, Piece
from app.people.rules import band_of

C = TypeVar("C", Option, Move)

MORNING, AFTERNOON = time(9, 25), time(13, 20)
THERE, RARELY_THERE = 0.94, 0.5
LEANS = 0.5
"""How often somebody who can show a wrong idea of the class does."""
AGAIN = 0.75
"""How often somebody who slipped tries the question again."""
HALF_WAY = 0.55
"""How many of the class have begun the lesson that comes next."""


@dataclass
class Learner:
    """A pupil with a way of answering; every run is kept in `runs`."""

    school_id: str
    id: str
    chance: Random
    careful: float
    leans: frozenset[str]
    runs: list[PastRun] = field(default_factory=list)

    def play(self, piece: Piece, moment: datetime, *, until: int | None = None) -> datetime:
        """Go through a piece, or as far as so many cards or moves; when that was done."""
        number = 1 + sum(run.run.piece == piece.id for run in self.runs)
        moment += timedelta(seconds=self.chance.randrange(20, 240))
        same = {"piece": piece, "number": number, "moment": moment}
        past = PastRun.begun(self.school_id, self.id, **same)  # type: ignore[arg-type]
        self.runs.append(past)
        through = self._read if isinstance(piece, Lesson) else self._act
        return through(past, moment, until)

    def _read(self, past: PastRun, moment: datetime, until: int | None) -> datetime:
        assert isinstance(past.piece, Lesson)
        cards = past.piece.cards[:until]
        for card in cards:
            if card is not cards[0]:
                past.turn_to(card)
            moment = self._later(moment)
            for question in card.questions:
                option = self._choose(question.options, [not one.good for one in question.options])
                past.answer(card, question, option, moment)
                moment = self._later(moment)
                if not option.good and self.chance.random() < AGAIN:
                    better = next(one for one in question.options if one.good)
                    past.answer(card, question, better, moment)
        if until is None:
            past.finish(self._later(moment))
        return moment

    def _act(self, past: PastRun, moment: datetime, until: int | None) -> datetime:
        made = 0
        while not past.run.finished and made != until:
            moves = past.scene.moves
            moment = self._later(moment)
            past.move(self._choose(moves, [move.risk for move in moves]), moment)
            made += 1
        return moment

    def _choose(self, choices: Sequence[C], slips: Sequence[bool]) -> C:
        """A wrong idea of the class where it offers itself; else mostly well."""
        pairs = list(zip(choices, slips, strict=True))
        ideas = [one for one, slip in pairs if slip and one.misconception in self.leans]
        if ideas and self.chance.random() < LEANS:
            return self.chance.choice(ideas)
        wanted = self.chance.random() >= self.careful
        fitting = [one for one, slip in pairs if slip is wanted]
        return self.chance.choice(fitting or list(choices))

    def _later(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self.chance.randrange(12, 50))


def history(
    school_id: str, here: Filled, days: Sequence[date], catalogue: Catalogue, seed: int
) -> Iterator[PastRun]:
    """All runs of a class, in the order of its pupils."""
    lessons, coming = _taught(here, catalogue)
    sessions = [piece for lesson in lessons for piece in _with_story(lesson, catalogue)]
    when = spread(days, len(sessions) + 1)
    for place, pupil_id in enumerate(here.pupils, 1):
        chance = Random(f"{seed} {here.plan.name} {place}")  # noqa: S311  # no secret
        careful = min(0.97, max(0.15, chance.gauss(here.plan.careful, 0.13)))
        learner = Learner(school_id, pupil_id, chance, careful, here.plan.leans)
        mine = _Term(here, place, learner)
        for piece, day in zip(sessions, when, strict=False):
            mine.spend(piece, day)
        if place in here.plan.ahead:
            mine.go_ahead(_all_pieces(here, catalogue), when[-1])
        elif coming is not None and chance.random() < HALF_WAY:
            mine.spend(coming, when[-1], until=max(2, len(coming.cards) // 2))
        yield from learner.runs


@dataclass(frozen=True, slots=True)
class _Term:
    """A pupil's term in a class."""

    here: Filled
    place: int
    learner: Learner

    def spend(self, piece: Piece, day: date, *, until: int | None = None) -> None:
        """A lesson of the class, if the pupil has come to the school by then and is there."""
        there = RARELY_THERE if self.place in self.here.plan.away else THERE
        is_there = self.learner.chance.random() < there
        if is_there and self.here.joined[self.place - 1] <= day:
            self.learner.play(piece, clock.at(day, MORNING), until=until)

    def go_ahead(self, pieces: Sequence[Piece], day: date) -> None:
        """All there is, and the first story once more."""
        moment = clock.at(day, AFTERNOON)
        begun = {run.run.piece for run in self.learner.runs}
        again = [piece for piece in pieces if isinstance(piece, Story)][:1]
        for piece in (*(one for one in pieces if one.id not in begun), *again):
            moment = self.learner.play(piece, moment)


def _lessons(here: Filled, catalogue: Catalogue) -> list[Lesson]:
    order = list(LETTERS)
    found = [one for one in catalogue.lessons_for(band_of(here.plan.years)) if not one.quiz]
    return sorted(found, key=lambda one: (order.index(one.letter), one.id))


def _taught(here: Filled, catalogue: Catalogue) -> tuple[list[Lesson], Lesson | None]:
    """The lessons that the class has done, and the one that it has begun."""
    found = _lessons(here, catalogue)
    done, rest = found[: here.plan.lessons], found[here.plan.lessons :]
    return done, rest[0] if rest else None


def _with_story(lesson: Lesson, catalogue: Catalogue) -> list[Piece]:
    story = catalogue.quizzes.get(lesson.story)
    return [lesson, story] if story else [lesson]


def _all_pieces(here: Filled, catalogue: Catalogue) -> list[Piece]:
    found = [p for lesson in _lessons(here, catalogue) for p in _with_story(lesson, catalogue)]
    more = catalogue.quizzes_for(band_of(here.plan.years))
    return [*found, *(story for story in more if story not in found)]

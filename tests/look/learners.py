"""Pupils who learn: a class that has played, and somebody at each place of a lesson and story."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask

from app.base import clock, ids
from app.base.database import Store, writing
from app.content.story_values import Story
from app.content.values import Card, Lesson, Question
from app.learning import actions, queries
from app.learning.actions import Seen
from app.learning.rules import Piece, mark_option
from app.learning.runs import place_of, scene_of
from app.people.actions.slips_and_cards import keep_pictures
from app.people.pictures import kept_form
from app.people.tables import Pupil, SchoolClass
from app.web.parts import catalogue
from tests.at_school import THREE

NAMES = [
    *("Aarav", "Ava", "Bea", "Callum", "Daisy", "Dylan", "Ella", "Elijah", "Fatima", "Freya"),
    *("Grace", "Harri", "Imogen", "Isaac", "Jakub", "Keira", "Leo", "Lily", "Mateo", "Maya"),
    *("Noah", "Olivia", "Priya", "Rhys", "Sofia"),
]
FAMILIES = ("Begum", "Clarke", "Evans", "Hughes", "Morgan", "Nair", "Price", "Reid", "Williams")
ANIMALS = (
    *("fox", "rabbit", "badger", "frog", "mouse", "robin", "bee", "ladybird", "butterfly"),
    *("mushroom", "acorn", "daisy"),
)
LESSON, STORY, AGES = "t-79", "t-79-block-it", "s-79-age-quiz"
CHAT, DRILL, GROUP = "t-79-second-time", "t-79-block-it-chat", "r-79-seal-of-approval"


@dataclass(frozen=True)
class Seat:
    """How far a pupil is: the card reached, how its first question went, the moves of the story."""

    card: int = 0
    answers: tuple[bool, ...] = ()
    """Whether each answer on that card was good."""
    finished: bool = False
    lesson: str = LESSON
    moves: tuple[bool, ...] | None = None
    """Whether each move was a safe one; None before the story is begun."""
    story: str = STORY


LEARNERS = {
    "beginner": Seat(card=1),
    "slipper": Seat(card=1, answers=(False,)),
    "reader": Seat(card=4),
    "player of the lesson": Seat(card=5),
    "checker": Seat(card=7, answers=(True, False)),
    "last": Seat(card=8),
    "age quiz": Seat(card=3, lesson=AGES),
    "age answered": Seat(card=3, answers=(True,), lesson=AGES),
    "age slipped": Seat(card=3, answers=(False,), lesson=AGES),
    "age label": Seat(card=4, lesson=AGES),
    "finisher": Seat(card=8, finished=True, moves=(True,) * 9),
    "good mover": Seat(moves=(True,)),
    "risky mover": Seat(moves=(False,)),
    "in trouble": Seat(moves=(False, False, False)),
    "ended": Seat(moves=(True,) * 9),
    "ended in rain": Seat(moves=(False,) * 9),
    "in a chat": Seat(moves=(True,), story=CHAT),
    "blocker in a chat": Seat(moves=(True, True), story=DRILL),
    "slipper in a chat": Seat(moves=(False, False), story=CHAT),
    "in a group": Seat(moves=(True,) * 3, story=GROUP),
    "after a group": Seat(moves=(True,) * 4, story=GROUP),
}


def add_class(school_id: str, name: str, years: str) -> str:
    """A class whose code is its name and 1111."""
    class_id = ids.new_id()
    with writing(Store.LEARNING) as session:
        session.add(
            SchoolClass(
                id=class_id,
                school_id=school_id,
                name=name,
                years=years,
                code_word=name.lower(),
                code_number="1111",
                made_at=clock.now(),
            )
        )
    return class_id


def add_pupils(school_id: str, class_id: str, names: list[str]) -> dict[str, str]:
    """Pupils of a class: the id of each by name."""
    found = {name: ids.new_id() for name in names}
    with writing(Store.LEARNING) as session:
        for number, (name, pupil_id) in enumerate(found.items()):
            session.add(
                Pupil(
                    id=pupil_id,
                    school_id=school_id,
                    class_id=class_id,
                    given_name=name,
                    family_name=FAMILIES[number % len(FAMILIES)],
                    shown_name=name,
                    avatar=ANIMALS[number % len(ANIMALS)],
                    made_at=clock.now(),
                )
            )
    return found


def draw_pictures(app: Flask, school_id: str, pupils: list[str], *, by: str) -> None:
    """The same three pictures for each of them."""
    key = app.extensions["catkin"].keys.read("pictures")
    kept = {one: kept_form(key, school_id, one, THREE) for one in pupils}
    keep_pictures(school_id, kept, by=by)


def play(app: Flask, school_id: str, pupils: dict[str, str]) -> None:
    """A class learns: one begins, one does not, one slips all the way, the others do well."""
    first, _second, *others = pupils.values()
    _begin(school_id, first, _story(app))
    for number, pupil_id in enumerate(others, 1):
        chance, careful = random.Random(number), 0.0 if number == 4 else 0.7
        moves = tuple(_mostly(chance, careful, chance.choice((2, 5, 9, 9))))
        _move(app, school_id, pupil_id, Seat(moves=moves))
        if number % 5:
            _answer(school_id, pupil_id, _mostly(chance, careful, 9))


def _mostly(chance: random.Random, careful: float, times: int) -> list[bool]:
    return [chance.random() < careful for _ in range(times)]


def seat(app: Flask, school_id: str, pupil_id: str, where: Seat) -> None:
    """Bring a pupil to this place, as the pages would."""
    if where.finished:
        _finish_the_rest(school_id, pupil_id)
    if where.card:
        _read(school_id, pupil_id, where)
    if where.moves is not None:
        _move(app, school_id, pupil_id, where)


def _finish_the_rest(school_id: str, pupil_id: str) -> None:
    """Every other lesson and story of the band: done, some day."""
    known = catalogue()
    for piece in (*known.lessons_for("7-9"), *known.quizzes_for("7-9")):
        if piece.id not in (LESSON, STORY):
            _begin(school_id, pupil_id, piece)
            seen = _seen(school_id, pupil_id, piece)
            actions.finish(school_id, seen, moment=_some_day(pupil_id))


def _story(app: Flask, story_id: str = STORY) -> Story:
    story: Story = app.extensions["catkin"].catalogue.quizzes[story_id]
    return story


def _lesson(lesson_id: str) -> Lesson:
    return catalogue().lessons[lesson_id]


def _begin(school_id: str, pupil_id: str, piece: Piece) -> None:
    actions.begin(school_id, pupil_id, piece=piece, runs_seen=0, moment=clock.now())


def _seen(school_id: str, pupil_id: str, piece: Piece) -> Seen:
    """The page that the pupil has in front of them."""
    run = queries.newest_run(school_id, pupil_id, piece.id)
    assert run is not None
    return Seen(run, run.step)


def _some_day(pupil_id: str) -> datetime:
    return clock.now() - timedelta(days=random.Random(pupil_id).randrange(20))


def _move(app: Flask, school_id: str, pupil_id: str, where: Seat) -> None:
    """Through the story by safe moves and by risky ones, until an ending ends it."""
    story, chance = _story(app, where.story), random.Random(1)
    _begin(school_id, pupil_id, story)
    for wanted in where.moves or ():
        seen = _seen(school_id, pupil_id, story)
        scene = scene_of(seen.run, story)
        if scene.ending is not None:
            return
        fitting = [move for move in scene.moves if move.risk != wanted] or list(scene.moves)
        move, moment = chance.choice(fitting), _some_day(pupil_id)
        actions.make_move(school_id, seen, story=story, move=move, moment=moment)


def _answer(school_id: str, pupil_id: str, good: Iterable[bool]) -> None:
    """The questions of the lesson in their order."""
    lesson = _lesson(LESSON)
    _begin(school_id, pupil_id, lesson)
    asked = [(card, question) for card in lesson.cards for question in card.questions]
    for (card, question), wanted in zip(asked, good, strict=False):
        _choose(school_id, pupil_id, lesson, card=card, question=question, good=wanted)


def _choose(
    school_id: str, pupil_id: str, lesson: Lesson, *, card: Card, question: Question, good: bool
) -> None:
    actions.answer_question(
        school_id,
        _seen(school_id, pupil_id, lesson),
        place=place_of(card, question),
        marked=mark_option(question, next(one for one in question.options if one.good is good)),
        moment=_some_day(pupil_id),
    )


def _read(school_id: str, pupil_id: str, where: Seat) -> None:
    """Read to a card; every question on the way is answered well."""
    lesson = _lesson(where.lesson)
    _begin(school_id, pupil_id, lesson)
    for card in lesson.cards[: where.card]:
        there = card.number == where.card
        wanted = where.answers if there else (True,) * len(card.questions)
        for question, good in zip(card.questions, wanted, strict=False):
            _choose(school_id, pupil_id, lesson, card=card, question=question, good=good)
        seen, moment = _seen(school_id, pupil_id, lesson), clock.now()
        if not there:
            actions.turn_card(school_id, seen, to=card.number + 1)
        elif where.finished:
            actions.finish(school_id, seen, moment=moment)

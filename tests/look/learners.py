"""Pupils who learn: a class that has played, and somebody at each place of a lesson and its story."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from app.base import clock, ids
from app.base.database import Store, writing
from app.content.values import Lesson, Move, Scene, Story
from app.learning import actions, queries
from app.learning.rules import Piece, Run, mark_option, place_of, scene_of
from app.people.actions.slips_and_cards import keep_pictures
from app.people.pictures import kept_form
from app.people.tables import Pupil, SchoolClass
from tests.at_school import THREE

NAMES = [
    "Aarav",
    "Ava",
    "Bea",
    "Callum",
    "Daisy",
    "Dylan",
    "Ella",
    "Elijah",
    "Fatima",
    "Freya",
    "Grace",
    "Harri",
    "Imogen",
    "Isaac",
    "Jakub",
    "Keira",
    "Leo",
    "Lily",
    "Mateo",
    "Maya",
    "Noah",
    "Olivia",
    "Priya",
    "Rhys",
    "Sofia",
]
ANIMALS = [
    "fox",
    "rabbit",
    "badger",
    "frog",
    "mouse",
    "robin",
    "bee",
    "ladybird",
    "butterfly",
    "mushroom",
    "acorn",
    "daisy",
]
LESSON, STORY = "t-79", "t-79-block-it"


@dataclass(frozen=True)
class Seat:
    """How far a pupil is: the card reached, how its first question went, the moves of the story."""

    card: int = 0
    answers: tuple[bool, ...] = ()
    """Whether each answer on that card was good."""
    finished: bool = False
    moves: tuple[bool, ...] | None = None
    """Whether each move was a safe one; None before the story is begun."""


LEARNERS = {
    "beginner": Seat(card=1),
    "slipper": Seat(card=1, answers=(False,)),
    "reader": Seat(card=4),
    "player of the lesson": Seat(card=5),
    "checker": Seat(card=7, answers=(True, False)),
    "last": Seat(card=8),
    "finisher": Seat(card=8, finished=True, moves=(True,) * 9),
    "good mover": Seat(moves=(True,)),
    "risky mover": Seat(moves=(False,)),
    "in trouble": Seat(moves=(False, False, False)),
    "ended": Seat(moves=(True,) * 9),
    "ended in rain": Seat(moves=(False,) * 9),
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
                    family_name="Williams",
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
    """A class plays the story: one begins, one does not, the others mostly play well."""
    first, _second, *others = pupils.values()
    _begin(school_id, first, _story(app))
    for number, pupil_id in enumerate(others, 1):
        chance = random.Random(number)
        choices = [chance.random() < 0.7 or None for _ in range(chance.choice((2, 5, 9, 9)))]
        _move(app, school_id, pupil_id, choices, chance)


def seat(app: Flask, school_id: str, pupil_id: str, where: Seat) -> None:
    """Bring a pupil to this place, as the pages would."""
    if where.card:
        _read(app, school_id, pupil_id, where)
    if where.moves is not None:
        _move(app, school_id, pupil_id, list(where.moves), random.Random(1))


def _story(app: Flask) -> Story:
    story: Story = app.extensions["catkin"].catalogue.quizzes[STORY]
    return story


def _begin(school_id: str, pupil_id: str, piece: Piece) -> Run:
    actions.begin(school_id, pupil_id, piece=piece, runs_seen=0, moment=clock.now())
    return _run(school_id, pupil_id, piece)


def _run(school_id: str, pupil_id: str, piece: Piece) -> Run:
    run = queries.newest_run(school_id, pupil_id, piece.id)
    assert run is not None
    return run


def _move(
    app: Flask, school_id: str, pupil_id: str, choices: list[bool | None], chance: random.Random
) -> None:
    """Through the story by safe moves, risky ones, or (None) any; an ending ends it."""
    story = _story(app)
    run = _begin(school_id, pupil_id, story)
    moment = clock.now() - timedelta(days=chance.randrange(20))
    for safe in choices:
        scene = scene_of(run, story)
        if scene.ending is not None:
            return
        move = chance.choice(_moves(scene, safe))
        seen = actions.Seen(run=run, step=run.step)
        actions.make_move(school_id, seen, story=story, move=move, moment=moment)
        run = _run(school_id, pupil_id, story)


def _moves(scene: Scene, safe: bool | None) -> list[Move]:
    fitting = [move for move in scene.moves if safe is None or move.risk != safe]
    return fitting or list(scene.moves)


def _read(app: Flask, school_id: str, pupil_id: str, where: Seat) -> None:
    """Read to a card; every question on the way is answered well."""
    lesson: Lesson = app.extensions["catkin"].catalogue.lessons[LESSON]
    _begin(school_id, pupil_id, lesson)
    for card in lesson.cards[: where.card]:
        there = card.number == where.card
        wanted = where.answers if there else (True,) * len(card.questions)
        for question, good in zip(card.questions, wanted, strict=False):
            run = _run(school_id, pupil_id, lesson)
            option = next(one for one in question.options if one.good is good)
            actions.answer_question(
                school_id,
                actions.Seen(run, run.step),
                place=place_of(card, question),
                marked=mark_option(question, option),
                moment=clock.now(),
            )
        run = _run(school_id, pupil_id, lesson)
        if not there:
            seen = actions.Seen(run, run.step)
            actions.turn_card(school_id, seen, to=card.number + 1, moment=clock.now())
        elif where.finished:
            actions.finish(school_id, actions.Seen(run, run.step), moment=clock.now())

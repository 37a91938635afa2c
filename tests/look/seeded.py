"""Oak Lane in November: a class of twenty-five who have learnt, played and told."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from app import create_app
from app.base import clock, ids
from app.base.database import Store, writing
from app.config import Settings
from app.content.values import Story
from app.learning import actions, queries
from app.learning.rules import Run, mark_option, place_of, scene_of
from app.people.actions.sign_ins import begin_for_pupil, begin_for_staff
from app.people.tables import Pupil, SchoolClass
from app.prepare import prepare
from tests.at_desk import AtDesk, school_with_team, tell

NAMES = [
    "Aarav",
    "Amina",
    "Bea",
    "Callum",
    "Daisy",
    "Dylan",
    "Ella",
    "Elijah",
    "Fatima",
    "Finn",
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
FAMILIES = ("Begum", "Clarke", "Evans", "Hughes", "Morgan", "Nair", "Price", "Reid", "Williams")
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


@dataclass(frozen=True)
class Seeded:
    """What a visitor needs: the school, a cookie for each kind of person, ids for addresses."""

    desk: AtDesk
    cookies: dict[str, str]
    ids: dict[str, str]


def seeded_school(data: Path, keys: Path) -> Seeded:
    """Make the school in these folders."""
    app = create_app(prepare(Settings(data_dir=data, keys_dir=keys)), testing=True)
    desk = school_with_team(app)
    with app.app_context():
        pupils = _pupils(desk)
        _open(desk)
        for number, pupil_id in enumerate(pupils[2:], 1):
            careful = 0.0 if number == 4 else 0.7
            _plays(app, desk, pupil_id, random.Random(number), careful)
            if number % 5:
                _learns(app, desk, pupil_id, random.Random(number), careful)
    first = tell(app, desk, to=(desk.school.okafor,), happened=("stranger", "secret"))
    tell(app, desk, happened=("unkind",), feelings=("sad",), words="They call me names.")
    tell(app, desk, words="", happened=("friend",))
    with app.app_context():
        cookies = {
            "pupil": _cookie(app, begin_for_pupil(desk.id, pupils[1], clock.now())),
            "amina": _cookie(app, begin_for_pupil(desk.id, desk.school.amina, clock.now())),
            "player": _cookie(app, begin_for_pupil(desk.id, pupils[0], clock.now())),
            "teacher": _cookie(app, begin_for_staff(desk.id, desk.school.okafor, clock.now())),
            "DSL": _cookie(app, begin_for_staff(desk.id, desk.school.lane, clock.now())),
        }
        _begins(app, desk, pupils[0])
    found = {"class": desk.school.hazel, "reference": first, "pupil": pupils[1]}
    return Seeded(desk, cookies, found)


def _pupils(desk: AtDesk) -> list[str]:
    found = [ids.new_id() for _ in NAMES]
    with writing(Store.LEARNING) as session:
        for number, (pupil_id, name) in enumerate(zip(found, NAMES, strict=True)):
            session.add(
                Pupil(
                    id=pupil_id,
                    school_id=desk.id,
                    class_id=desk.school.hazel,
                    given_name=name,
                    family_name=FAMILIES[number % len(FAMILIES)],
                    shown_name=name,
                    avatar=ANIMALS[number % len(ANIMALS)],
                    made_at=clock.now(),
                )
            )
    return found


def _open(desk: AtDesk) -> None:
    with writing(Store.LEARNING) as session:
        room = session.get(SchoolClass, desk.school.hazel)
        assert room is not None
        room.opened_at = clock.now()


def _story(app: Flask) -> Story:
    story: Story = app.extensions["catkin"].catalogue.quizzes["t-79-block-it"]
    return story


def _begins(app: Flask, desk: AtDesk, pupil_id: str) -> Run:
    story = _story(app)
    actions.begin(desk.id, pupil_id, piece=story, runs_seen=0, moment=clock.now())
    run = queries.newest_run(desk.id, pupil_id, story.id)
    assert run is not None
    return run


def _learns(app: Flask, desk: AtDesk, pupil_id: str, chance: random.Random, careful: float) -> None:
    """The questions of the lesson, mostly well."""
    lesson = app.extensions["catkin"].catalogue.lessons["t-79"]
    moment = clock.now() - timedelta(days=chance.randrange(20))
    actions.begin(desk.id, pupil_id, piece=lesson, runs_seen=0, moment=moment)
    for card, question in [(at, one) for at in lesson.cards for one in at.questions]:
        run = queries.newest_run(desk.id, pupil_id, lesson.id)
        assert run is not None
        good = chance.random() < careful
        option = chance.choice([one for one in question.options if one.good == good])
        actions.answer_question(
            desk.id,
            actions.Seen(run=run, step=run.step),
            place=place_of(card, question),
            marked=mark_option(question, option),
            moment=moment,
        )


def _plays(app: Flask, desk: AtDesk, pupil_id: str, chance: random.Random, careful: float) -> None:
    """Through the story, mostly well, sometimes not, and some stop half-way."""
    story, run = _story(app), _begins(app, desk, pupil_id)
    moment: datetime = clock.now() - timedelta(days=chance.randrange(20))
    for _ in range(chance.choice((2, 5, 9, 9))):
        scene = scene_of(run, story)
        if scene.ending is not None:
            return
        safe = [move for move in scene.moves if not move.risk]
        risky = [move for move in scene.moves if move.risk] or safe
        move = chance.choice(safe if chance.random() < careful else risky)
        seen = actions.Seen(run=run, step=run.step)
        actions.make_move(desk.id, seen, story=story, move=move, moment=moment)
        again = queries.newest_run(desk.id, pupil_id, story.id)
        assert again is not None
        run = again


def _cookie(app: Flask, token: str) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"_user_id": token, "_fresh": True}))

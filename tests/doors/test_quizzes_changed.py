"""Quizzes that change under a pupil: moves in another order, a scene more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content.values import Scene
from app.learning.queries import newest_run, pupil_progress
from app.learning.rules import Run, Shown
from tests.playing import SCHOOL, add_school, content, press, sign_in

STORY = content().quizzes["t-79-block-it"]
HOME = f"/quiz/{STORY.id}"


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    """A pupil who has begun the quiz and made one good move."""
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    press(client, HOME)
    press(client, f"{HOME}/play", choice=safe_move(STORY.scenes[STORY.start]))
    return client


def safe_move(scene: Scene) -> int:
    return next(move.number for move in scene.moves if not move.risk)


def turned(scene: Scene) -> Scene:
    """The scene with its moves the other way round."""
    moves = enumerate(reversed(scene.moves), 1)
    return replace(scene, moves=tuple(replace(move, number=number) for number, move in moves))


def put_newer(app: Flask) -> dict[str, Scene]:
    """Puts a newer version, all of whose moves are turned round, in the quiz's place."""
    scenes = {name: turned(scene) for name, scene in STORY.scenes.items()}
    newer = replace(STORY, version=STORY.version + 1, scenes=scenes)
    known = replace(content(), quizzes={STORY.id: newer})
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)
    return scenes


def run_of(app: Flask) -> Run:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", STORY.id)
    assert run is not None
    return run


def shown_by(app: Flask) -> dict[str, Shown]:
    with app.app_context():
        return pupil_progress(SCHOOL, "amina")


def test_moves_in_a_new_version_are_practice(app: Flask, amina: FlaskClient) -> None:
    before = shown_by(app)
    assert before
    scenes = put_newer(app)
    while not run_of(app).finished:
        press(amina, f"{HOME}/play", choice=safe_move(scenes[run_of(app).at]))
    assert shown_by(app) == before


def test_a_move_of_the_old_version_is_not_taken_for_one_of_the_new(
    app: Flask, amina: FlaskClient
) -> None:
    (made,) = run_of(app).answers
    scenes = put_newer(app)
    old = next(m for m in STORY.scenes[STORY.start].moves if m.number == made.choice)
    new = next(m for m in scenes[STORY.start].moves if m.number == made.choice)
    assert old.label != new.label
    while not run_of(app).finished:
        press(amina, f"{HOME}/play", choice=safe_move(scenes[run_of(app).at]))
    page = amina.get(f"{HOME}/play").text
    assert f"<li>{new.label}</li>" not in page
    assert "Your good moves" in page

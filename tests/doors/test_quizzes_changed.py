"""Quizzes that change under a pupil: moves in another order, a scene more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import db
from app.content.story_values import Scene
from app.learning.proof import progress_proof
from app.learning.queries import newest_run, pupil_progress
from app.learning.rules import Shown
from app.learning.runs import Run
from app.prepare import Prepared
from tests.playing import SCHOOL, add_school, press, sign_in
from tests.quick import content

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
    newer = replace(STORY, version=STORY.version + 1, scenes=scenes, edition="newer")
    known = replace(content(), quizzes={STORY.id: newer})
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)
    return scenes


def lose_what_was_kept(app: Flask) -> None:
    """Takes the texts away that runs began with."""
    for kept in app.extensions["catkin"].editions.folder.iterdir():
        kept.unlink()


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
    lose_what_was_kept(app)
    while not run_of(app).finished:
        press(amina, f"{HOME}/play", choice=safe_move(scenes[run_of(app).at]))
    assert shown_by(app) == before


def test_a_move_of_the_old_version_is_not_taken_for_one_of_the_new(
    app: Flask, amina: FlaskClient
) -> None:
    (made,) = run_of(app).answers
    scenes = put_newer(app)
    lose_what_was_kept(app)
    old = next(m for m in STORY.scenes[STORY.start].moves if m.number == made.choice)
    new = next(m for m in scenes[STORY.start].moves if m.number == made.choice)
    assert old.label != new.label
    while not run_of(app).finished:
        press(amina, f"{HOME}/play", choice=safe_move(scenes[run_of(app).at]))
    page = amina.get(f"{HOME}/path").text
    assert f"<span>{new.label}</span>" not in page
    assert "Your path" in page


def test_a_run_is_played_to_its_end_in_the_text_it_began_with(
    app: Flask, amina: FlaskClient
) -> None:
    put_newer(app)
    while not run_of(app).finished:
        made = press(amina, f"{HOME}/play", choice=safe_move(STORY.scenes[run_of(app).at]))
        assert made.headers["Location"] == f"{HOME}/after"
    run = run_of(app)
    assert (run.version, run.edition) == (STORY.version, STORY.edition)
    assert not any("/" in answer.place for answer in run.answers)
    with app.app_context():
        assert progress_proof(db.session()).agrees
    assert shown_by(app)
    press(amina, HOME)
    assert (run_of(app).version, run_of(app).edition) == (STORY.version + 1, "newer")


def test_a_text_that_was_tampered_with_is_not_played(app: Flask, amina: FlaskClient) -> None:
    put_newer(app)
    folder = app.extensions["catkin"].editions.folder
    (kept,) = folder.glob(f"{STORY.id}.*")
    kept.write_text(kept.read_text(encoding="utf-8").replace("Iona", "Ina"), encoding="utf-8")
    new = turned(STORY.scenes[run_of(app).at])
    press(amina, f"{HOME}/play", choice=safe_move(new))
    assert run_of(app).answers[-1].place.startswith(f"{STORY.version + 1}/")


def test_every_start_keeps_what_it_serves(prepared: Prepared) -> None:
    known = prepared.catalogue
    kept = {path.name for path in prepared.editions.folder.iterdir()}
    pieces = [*known.lessons.values(), *known.quizzes.values()]
    assert kept == {f"{p.id}.{p.edition}{Path(p.path).suffix}" for p in pieces}
    read = prepared.editions.read(STORY.id, STORY.edition)
    assert read == replace(STORY, path=read.path if read else "")
    assert prepared.editions.read(STORY.id, "another") is None


def test_another_text_of_the_same_version_is_practice_once_the_first_is_lost(
    app: Flask, amina: FlaskClient
) -> None:
    before = shown_by(app)
    scenes = {name: turned(scene) for name, scene in STORY.scenes.items()}
    known = replace(content(), quizzes={STORY.id: replace(STORY, scenes=scenes, edition="mended")})
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)
    lose_what_was_kept(app)
    press(amina, f"{HOME}/play", choice=safe_move(scenes[run_of(app).at]))
    assert run_of(app).answers[-1].place.startswith(f"{STORY.version}~mended/")
    assert shown_by(app) == before

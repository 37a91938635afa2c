"""A story remembers what this player did: The Golden Welly, played by its pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content.story_values import Story
from app.learning.queries import newest_run
from app.learning.runs import path_of, scene_of
from tests.at_school import wording
from tests.playing import SCHOOL, add_school, press, sign_in
from tests.quick import content

STORY: Story = content().quizzes["m-79-golden-welly"]
PLAY = f"/quiz/{STORY.id}/play"


@pytest.fixture
def tomos(app: Flask) -> FlaskClient:
    """Somebody at the first scene."""
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    press(client, f"/quiz/{STORY.id}")
    return client


def at(app: Flask) -> str:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", STORY.id)
    assert run is not None
    return run.at


def makes(app: Flask, client: FlaskClient, *labels: str) -> str:
    """Press these one after the other; the words of the page that comes then."""
    for label in labels:
        move = next(move for move in STORY.scenes[at(app)].moves if move.label == label)
        press(client, PLAY, choice=move.number)
    return wording(client.get(PLAY))


TELLS_ALL = ("I'm Tomos!", "Puddlewick library!", "I'll stay on the big pond")
TELLS_NOTHING = ("Call me Frog Boss", "No thanks, have it back", "I'll stay on the big pond")


def test_a_name_that_was_given_comes_back(app: Flask, tomos: FlaskClient) -> None:
    assert "for you Tomos! now tell me where u play" in makes(app, tomos, TELLS_ALL[0])
    words = makes(app, tomos, *TELLS_ALL[1:])
    assert "They asked if I go to your library." in words
    assert "They asked me for my real name." not in words


def test_a_name_that_was_kept_does_not(app: Flask, tomos: FlaskClient) -> None:
    words = makes(app, tomos, TELLS_NOTHING[0])
    assert "for you! now tell me where u play" in words
    assert "for you Tomos" not in words
    assert "They asked me for my real name." in makes(app, tomos, *TELLS_NOTHING[1:])


def test_a_move_that_is_not_offered_to_this_player_changes_nothing(
    app: Flask, tomos: FlaskClient
) -> None:
    words = makes(app, tomos, *TELLS_NOTHING)
    hidden = next(move for move in STORY.scenes["yusuf"].moves if move.when is not None)
    assert hidden.label not in words
    page = press(tomos, PLAY, choice=hidden.number)
    assert "Pick one first." in wording(page)
    assert at(app) == "yusuf"


def test_another_device_goes_on_in_the_same_scene_with_the_same_memory(
    app: Flask, tomos: FlaskClient
) -> None:
    before = makes(app, tomos, *TELLS_ALL)
    tablet = app.test_client()
    sign_in(tablet, "amina")
    assert wording(tablet.get(PLAY)) == before


def test_what_is_remembered_is_what_the_moves_add_up_to(app: Flask, tomos: FlaskClient) -> None:
    makes(app, tomos, *TELLS_ALL)
    with app.app_context():
        run = newest_run(SCHOOL, "amina", STORY.id)
    assert run is not None
    known = {name for name, value in scene_of(run, STORY).memory.items() if value}
    assert known == {"knows_name", "knows_town", "snail"}
    assert [move.label for _, move in path_of(run, STORY)] == list(TELLS_ALL)

"""The tiles of the youngest: each picture is true of its move, and the box's own buttons count."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import Store, writing
from app.config import ROOT
from app.content.story_values import Moment, Move, Story
from app.doors.pupil.tiles import of_the_box, picture_of
from app.people.tables import SchoolClass
from tests.playing import CLASS, add_school, hidden, press, shortest_ways, sign_in
from tests.quick import content

PUPPY = content().quizzes["a-57-puppy-box"]
SNAIL = content().quizzes["t-57-snail-mail"]
YOUNG = [story for story in content().quizzes.values() if story.band == "5-7"]
PLAY = f"/quiz/{PUPPY.id}/play"
SYMBOLS = set(re.findall(r'id="do-([a-z]+)"', (ROOT / "static/img/sprite.svg").read_text("utf-8")))


def pictures(story: Story) -> list[tuple[Moment, Move, str | None]]:
    """Every tile of a story that anybody can come to."""
    made = [way[-1] for way in shortest_ways(story)]
    return [(scene, move, picture_of(scene, move)) for scene, move in made]


def of_label(story: Story, label: str) -> set[str | None]:
    return {picture for _, move, picture in pictures(story) if move.label == label}


@pytest.mark.parametrize("story", YOUNG, ids=lambda story: story.id)
def test_every_tile_has_a_picture_that_is_drawn(story: Story) -> None:
    assert {picture for _, _, picture in pictures(story)} <= SYMBOLS


@pytest.mark.parametrize("story", YOUNG, ids=lambda story: story.id)
def test_only_a_box_is_tapped_and_only_what_is_on_the_screen_is_shut(story: Story) -> None:
    for scene, move, picture in pictures(story):
        if picture == "tap":
            assert (scene.skin, move.do) == ("popup", "accept")
        if picture == "close":
            assert scene.show
            assert move.do in {"refuse", "leave", "block"}
        if move.do in {"ask", "tell"}:
            assert picture not in {"tap", "close", "no", "hush"}


def test_what_would_mislead_has_a_picture_of_its_own() -> None:
    assert of_label(PUPPY, "Just wait") == {"wait"}
    assert of_label(PUPPY, "Turn it over") == {"over"}
    assert of_label(PUPPY, "Under the cat!") == {"hide"}
    assert of_label(SNAIL, "I won't tell!") == {"hush"}
    assert of_label(SNAIL, "It's too small") == {"hush"}


def test_a_no_without_anything_to_shut_is_a_hand() -> None:
    first = PUPPY.scenes["pops"].seen_with(PUPPY.at_first)
    no = next(move for move in first.moves if move.do == "refuse")
    assert picture_of(first, no) == "close"
    assert picture_of(replace(first, show=()), no) == "no"


def test_the_cross_and_tap_of_a_box_are_the_moves_that_shut_and_tap() -> None:
    found = {
        name: [
            [move.label for move in of_the_box(scene.seen_with(PUPPY.at_first)).get(key, ())]
            for key in ("cross", "prize")
        ]
        for name, scene in PUPPY.scenes.items()
    }
    assert found["pops"] == [["Shut the box"], ["Tap the puppy"]]
    assert found["cat"] == [["No hat"], ["Get the hat"]]
    assert found["heap"] == [[], []]
    assert found["hush"] == [[], []]
    assert of_the_box(SNAIL.scenes["flip"].seen_with(SNAIL.at_first)) == {}


@pytest.fixture
def little(app: Flask) -> FlaskClient:
    """Somebody of Year 1 before the first box."""
    with app.app_context():
        add_school()
        with writing(Store.LEARNING) as session:
            found = session.get(SchoolClass, CLASS)
            assert found
            found.years = "1"
    client = app.test_client()
    sign_in(client, "amina")
    press(client, f"/quiz/{PUPPY.id}")
    return client


@pytest.mark.parametrize(
    ("button", "comes"), [("cross twin", "Good move!"), ("twin", "Hmm, look!")]
)
def test_a_press_on_the_box_is_the_same_move(little: FlaskClient, button: str, comes: str) -> None:
    page = little.get(PLAY)
    (value,) = re.findall(rf'class="{button}" name="choice" value="(\d)"', page.text)
    assert page.text.count(f'name="choice" value="{value}"') == 2
    after = little.post(PLAY, data={**hidden(page), "choice": value}, follow_redirects=True)
    assert comes in after.text

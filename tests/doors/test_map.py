"""The map: what comes next, and which leaves have grown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.doors.pupil.map import Says, Stop, next_step, stops_for
from app.learning.runs import PieceState
from tests.at_school import wording
from tests.playing import add_school, press, sign_in, tell_alone
from tests.quick import content

LESSON, STORY = "t-79", "t-79-block-it"
OPEN = PieceState(runs=1, finished=0, at="4")
DONE = PieceState(runs=1, finished=1, at=None)
AGAIN = PieceState(runs=2, finished=1, at="2")


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    return client


def new_map() -> tuple[Stop, ...]:
    return stops_for("7-9", tell_alone(), {})


def test_the_stops_spell_smart_and_each_lesson_comes_before_its_story() -> None:
    stops = new_map()
    assert "".join(stop.letter for stop in stops) == "SMART"
    assert [step.piece.id for step in stops[-1].steps] == [LESSON, STORY]


def test_a_band_without_lessons_has_five_stops_and_nothing_to_do() -> None:
    stops = stops_for("5-7", tell_alone(), {})
    assert [stop.steps for stop in stops] == [()] * 5
    assert next_step(stops) is None


@pytest.mark.parametrize(
    ("lesson", "story", "following"),
    [
        (None, None, (LESSON, Says.START)),
        (OPEN, None, (LESSON, Says.GO_ON)),
        (DONE, None, (STORY, Says.START)),
        (DONE, OPEN, (STORY, Says.GO_ON)),
        (AGAIN, DONE, (LESSON, Says.GO_ON)),
        (DONE, DONE, None),
    ],
)
def test_what_was_begun_comes_before_what_is_new(
    lesson: PieceState | None, story: PieceState | None, following: tuple[str, Says] | None
) -> None:
    states = {LESSON: lesson, STORY: story}
    found = next_step(
        stops_for("7-9", tell_alone(), {k: v for k, v in states.items() if v is not None})
    )
    assert (found and (found.piece.id, found.says)) == following


def test_a_leaf_stays_when_a_piece_is_played_again() -> None:
    stop = stops_for("7-9", content(), {LESSON: AGAIN, STORY: OPEN})[-1]
    assert stop.leaves == 1


def test_the_map_greets_the_pupil_and_says_what_comes_next(amina: FlaskClient) -> None:
    words = wording(amina.get("/map"))
    stops = stops_for("7-9", content(), {})
    first = next_step(stops)
    assert first is not None
    assert "Hello Amina" in words
    assert f"{first.piece.title} A lesson. Start" in words
    assert words.count("Soon") == [stop.steps for stop in stops].count(())
    assert f"0 of {len(stops[-1].steps)} leaves grown" in words


def test_the_map_says_where_the_pupil_stopped(amina: FlaskClient) -> None:
    press(amina, f"/lesson/{LESSON}")
    assert "You stopped at card 1. Keep going" in wording(amina.get("/map"))


def test_a_class_without_lessons_is_told_so_kindly(app: Flask, amina: FlaskClient) -> None:
    empty = replace(content(), lessons={}, quizzes={}, age_quiz=None)
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=empty)
    words = wording(amina.get("/map"))
    assert "There is no lesson for your class yet." in words
    assert words.count("Soon") == 5


def test_a_pupil_who_did_it_all_is_told_so(app: Flask, amina: FlaskClient) -> None:
    known = content()
    only = replace(
        known,
        lessons={LESSON: replace(known.lessons[LESSON], cards=known.lessons[LESSON].cards[1:2])},
        quizzes={},
        age_quiz=None,
    )
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=only)
    press(amina, f"/lesson/{LESSON}")
    press(amina, f"/lesson/{LESSON}/2", do="next")
    words = wording(amina.get("/map"))
    assert "You did it all" in words
    assert "1 of 1 leaf grown" in words
    assert "Done. Play again" in words

"""What a class pressed first at each scene of a story: counts, never who."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.learning import actions, queries
from app.learning.actions import Seen
from tests.at_desk import AtDesk, adult_browser, school_with_team
from tests.at_school import wording
from tests.look.learners import NAMES, add_pupils
from tests.playing import MONDAY
from tests.quick import content

STORY = content().quizzes["t-79-block-it"]
FIRST = STORY.scenes[STORY.start]


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def many(app: Flask, desk: AtDesk) -> list[str]:
    """Nine pupils of Hazel."""
    with app.app_context():
        return list(add_pupils(desk.id, desk.school.hazel, NAMES[:9]).values())


@pytest.fixture
def teacher(app: Flask, desk: AtDesk) -> FlaskClient:
    return adult_browser(app, "okafor@example.sch.uk")


def page_of(desk: AtDesk) -> str:
    return f"/class/{desk.school.hazel}/stories/{STORY.id}"


def presses(app: Flask, desk: AtDesk, pupils: list[str], number: int) -> None:
    """Each of them begins the story with this move."""
    with app.app_context():
        for pupil in pupils:
            runs = queries.pieces_state(desk.id, pupil).get(STORY.id)
            actions.begin(
                desk.id, pupil, piece=STORY, runs_seen=runs.runs if runs else 0, moment=MONDAY
            )
            run = queries.newest_run(desk.id, pupil, STORY.id)
            assert run is not None
            move = next(m for m in STORY.scenes[run.at].moves if m.number == number)
            seen = Seen(run, run.step)
            assert actions.make_move(desk.id, seen, story=STORY, move=move, moment=MONDAY)


def counts(client: FlaskClient, desk: AtDesk) -> list[str]:
    words = wording(client.get(page_of(desk)))
    return re.findall(r"\d of \d", words.partition("Scene 1")[2])


def test_first_moves_are_counted_scene_by_scene(
    app: Flask, desk: AtDesk, teacher: FlaskClient, many: list[str]
) -> None:
    presses(app, desk, many[:6], 1)
    presses(app, desk, many[6:], 2)
    assert counts(teacher, desk)[:2] == ["6 of 9", "3 of 9"]
    words = wording(teacher.get(page_of(desk)))
    assert FIRST.moves[0].label in words
    assert not [name for name in NAMES[:9] if name in words]


def test_of_too_few_nothing_is_said(
    app: Flask, desk: AtDesk, teacher: FlaskClient, many: list[str]
) -> None:
    presses(app, desk, many[:7], 1)
    assert counts(teacher, desk) == []
    assert "Too few to say." in wording(teacher.get(page_of(desk)))


def test_practice_is_not_counted(
    app: Flask, desk: AtDesk, teacher: FlaskClient, many: list[str]
) -> None:
    presses(app, desk, many, 1)
    before = counts(teacher, desk)
    assert before[0] == "9 of 9"
    with app.app_context():
        run = queries.newest_run(desk.id, many[0], STORY.id)
        assert run is not None
        assert actions.finish(desk.id, Seen(run, run.step), moment=MONDAY)
    presses(app, desk, many[:1], 2)
    assert counts(teacher, desk) == before


def test_a_story_of_nobody_is_not_there(desk: AtDesk, teacher: FlaskClient) -> None:
    assert teacher.get(f"/class/{desk.school.hazel}/stories/nothing").status_code == 404
    assert teacher.get(f"/class/nobodys/stories/{STORY.id}").status_code == 404


def test_the_notes_of_its_lesson_lead_there(desk: AtDesk, teacher: FlaskClient) -> None:
    assert f'href="{page_of(desk)}"' in teacher.get("/lessons/t-79").text


def test_wrong_ideas_are_counted_with_what_to_do_and_never_of_a_few(
    app: Flask, desk: AtDesk, teacher: FlaskClient, many: list[str]
) -> None:
    risky = next(move for move in FIRST.moves if move.risk)
    safe = next(move for move in FIRST.moves if not move.risk)
    idea = content().misconceptions[str(risky.misconception)]
    presses(app, desk, many[:6], safe.number)
    presses(app, desk, many[6:7], risky.number)
    words = wording(teacher.get(page_of(desk)))
    assert f"“{idea.sentence}”Too few to say{idea.reteach}" in words
    presses(app, desk, many[7:8], safe.number)
    words = wording(teacher.get(page_of(desk)))
    assert f"“{idea.sentence}”0 or 1 of 8{idea.reteach}" in words
    presses(app, desk, many[8:9], risky.number)
    words = wording(teacher.get(page_of(desk)))
    assert f"“{idea.sentence}”2 of 9{idea.reteach}" in words

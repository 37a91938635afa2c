"""One pupil by objective: every mark with the first answers it rests on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.learning import actions, queries
from app.learning.actions import Seen
from app.learning.runs import scene_of, steps_of
from app.web.cover import HELD
from tests.at_desk import AtDesk, adult_browser, school_with_team
from tests.at_school import wording
from tests.look.learners import NAMES, add_pupils
from tests.playing import MONDAY
from tests.quick import content

STORY = content().quizzes["m-79-golden-welly"]


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def pupil(app: Flask, desk: AtDesk) -> str:
    """Somebody who has made three first moves, a risky one first."""
    with app.app_context():
        one = add_pupils(desk.id, desk.school.hazel, NAMES[:1])[NAMES[0]]
        actions.begin(desk.id, one, piece=STORY, runs_seen=0, moment=MONDAY)
        for number in range(3):
            run = queries.newest_run(desk.id, one, STORY.id)
            assert run is not None
            moves = scene_of(run, STORY).moves
            move = next(m for m in moves if m.risk is (number == 0))
            seen = Seen(run, run.step)
            actions.make_move(desk.id, seen, story=STORY, move=move, moment=MONDAY)
    return one


@pytest.fixture
def teacher(app: Flask, desk: AtDesk) -> FlaskClient:
    return adult_browser(app, "okafor@example.sch.uk")


def page_of(teacher: FlaskClient, desk: AtDesk) -> str:
    """The page of the pupil with answers, by its column."""
    home = f"/class/{desk.school.hazel}/progress"
    links = re.findall(rf'href="({home}/[0-9a-zA-Z_-]+)"', teacher.get(home).text)
    return next(one for one in links if "No first answer yet" not in teacher.get(one).text)


def test_each_mark_stands_with_the_answers_it_rests_on(
    app: Flask, desk: AtDesk, teacher: FlaskClient, pupil: str
) -> None:
    words = wording(teacher.get(page_of(teacher, desk)))
    first = next(move for move in STORY.scenes[STORY.start].moves if move.risk)
    assert f"Not yet: {first.label}Story: {STORY.title}, Scene 1" in words
    assert "Good: " in words
    met, _, waiting = words.partition("Not met yet")
    slip = content().objectives[first.objectives[0]].teacher
    assert slip[1:] in met
    assert slip[1:] not in waiting


def test_an_answer_is_told_in_the_words_it_was_given_to(
    app: Flask, desk: AtDesk, teacher: FlaskClient, pupil: str
) -> None:
    before = wording(teacher.get(page_of(teacher, desk)))
    known = replace(content(), quizzes={})
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)
    after = wording(teacher.get(page_of(teacher, desk)))
    rests = re.findall(r"(?:Good|Not yet): .*?Story: .*?Scene \d", before)
    assert rests
    assert re.findall(r"(?:Good|Not yet): .*?Story: .*?Scene \d", after) != []


def test_a_covered_page_names_nobody_and_another_class_is_not_there(
    app: Flask, desk: AtDesk, teacher: FlaskClient, pupil: str
) -> None:
    page = page_of(teacher, desk)
    assert f"{NAMES[0]}, by objective" in wording(teacher.get(page))
    with teacher.session_transaction() as session:
        session.pop(HELD)
    assert NAMES[0] not in teacher.get(page).text
    assert re.search(r"Pupil \d+, by objective", wording(teacher.get(page)))
    assert teacher.get(f"/class/{desk.school.hazel}/progress/nobodys").status_code == 404
    assert teacher.get(f"/class/nobodys/progress/{page.rpartition('/')[2]}").status_code == 404


def test_a_teacher_is_told_where_a_pupil_looked_again(
    app: Flask, desk: AtDesk, teacher: FlaskClient, pupil: str
) -> None:
    page = page_of(teacher, desk)
    assert "Looked again" not in wording(teacher.get(page))
    with app.app_context():
        run = queries.newest_run(desk.id, pupil, STORY.id)
        assert run is not None
        back = steps_of(run, STORY)[1]
        assert actions.look_again(desk.id, Seen(run, run.step), to=back)
        run = queries.newest_run(desk.id, pupil, STORY.id)
        assert run is not None
        other = next(m for m in back.scene.moves if m != back.move)
        actions.make_move(desk.id, Seen(run, run.step), story=STORY, move=other, moment=MONDAY)
    assert "Looked again in The Golden Welly" in wording(teacher.get(page))

"""What I can do, and the certificate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import Store, writing
from app.learning.rules import objectives_taught
from app.people.tables import ClassStaff
from tests.at_school import wording
from tests.doors.test_lessons import finish_lesson, slip
from tests.doors.test_quizzes import play_to_the_end
from tests.playing import CLASS, SCHOOL, add_adult, add_school, press, sign_in, tell_alone
from tests.quick import content

FRIDAY = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
PAGE = "/what-i-can-do"
ALONE = tell_alone()
TAUGHT = objectives_taught([*ALONE.lessons.values(), *ALONE.quizzes.values()])


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    with app.app_context():
        add_school()
        add_adult(SCHOOL, "Mrs Okafor", "teacher")
        add_adult(SCHOOL, "Mr Lane", "teaching assistant")
        with writing(Store.LEARNING) as session:
            for name in ("Mrs Okafor", "Mr Lane"):
                staff_id = f"{SCHOOL} {name}"
                session.add(ClassStaff(class_id=CLASS, staff_id=staff_id, school_id=SCHOOL))
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=ALONE)
    client = app.test_client()
    sign_in(client, "amina")
    return client


def leaf(client: FlaskClient, objective: str) -> str:
    """What stands behind an objective on the page."""
    words = content().objectives[objective].pupil
    text = wording(client.get(PAGE))
    return text.partition(f"{words[0].upper()}{words[1:]}: ")[2][:11]


def test_every_leaf_waits_before_the_first_lesson(amina: FlaskClient) -> None:
    text = wording(amina.get(PAGE))
    assert text.count(": not yet") == len(TAUGHT)
    assert text.count("Soon") == 1


def test_an_answer_makes_a_leaf_grow_and_a_slip_never_takes_it_away(amina: FlaskClient) -> None:
    press(amina, "/lesson/t-79")
    press(amina, "/lesson/t-79/1", choice=slip(1, 1))
    asked = content().lessons["t-79"].cards[0].questions[0].objective
    assert leaf(amina, asked).startswith("growing")


def test_what_was_shown_often_is_a_full_leaf_without_any_number(
    app: Flask, amina: FlaskClient
) -> None:
    finish_lesson(amina)
    play_to_the_end(app, amina)
    text = wording(amina.get(PAGE)).partition("Sign out")[0]
    assert ": I can do it" in text
    assert not any(sign.isdigit() for sign in text)


def test_the_page_leads_on_to_what_makes_the_next_leaf_grow(amina: FlaskClient) -> None:
    page = amina.get(PAGE)
    assert 'href="/lesson/t-79"' in page.text
    assert f'href="{PAGE}"' in amina.get("/map").text


def test_there_is_no_certificate_before_every_leaf_has_grown(amina: FlaskClient) -> None:
    finish_lesson(amina)
    answer = amina.get("/certificate")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/map")
    assert "My award" not in amina.get("/map").text


def test_a_certificate_says_who_in_which_class_when_and_by_whom(
    app: Flask, amina: FlaskClient
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        sign_in(amina, "amina")
        finish_lesson(amina)
        play_to_the_end(app, amina)
    with time_machine.travel(FRIDAY.replace(day=23), tick=False):
        sign_in(amina, "amina")
        play_to_the_end(app, amina)
        text = wording(amina.get("/certificate"))
    assert "This is to say that Amina’s certificate" in text
    assert "Mrs Okafor Hazel class, school primary" in text
    assert "20 November 2026 Friday" in text
    assert "Tester" not in text
    assert "Lane" not in text


def test_the_map_offers_the_certificate_once_it_is_earned(app: Flask, amina: FlaskClient) -> None:
    finish_lesson(amina)
    play_to_the_end(app, amina)
    assert 'href="/certificate"' in amina.get("/map").text

"""A pupil's sign-in lasts one day of the class, and a pupil asks from one device at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock as base_clock
from app.people.actions import let_in, pupils, sign_ins
from app.people.queries.let_in import waiting
from tests.at_school import (
    EVENING,
    TEN,
    AtSchool,
    at_the_names,
    press,
    signed_in_adult,
    signed_in_pupil,
    small_school,
    wording,
)

ASK = "Ask my teacher to let me in"
LOOK = "Asked from two devices; look who it is."


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


@pytest.fixture
def teacher(app: Flask, here: AtSchool) -> FlaskClient:
    browser = app.test_client()
    signed_in_adult(browser)
    return browser


def ask(app: Flask, pupil: str) -> tuple[FlaskClient, str]:
    """Another device on which this pupil asks; and where it waits."""
    browser = app.test_client()
    at_the_names(browser)
    return browser, press(browser, browser.get(f"/sign-in/{pupil}"), ASK).location


def test_a_pupil_who_keeps_clicking_is_out_at_midnight(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, here.amina)
    midnight = TEN + timedelta(hours=14)
    while base_clock.now() < midnight - timedelta(minutes=9):
        clock.shift(timedelta(minutes=9))
        assert client.get("/map").status_code == 200
    clock.move_to(midnight)
    assert client.get("/map").status_code == 303


def test_all_out_ends_a_sign_in_that_began_in_the_class_before(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, here.amina)
    clock.shift(timedelta(minutes=1))
    with app.app_context():
        sign_ins.all_out(here.school, here.fern)
    assert client.get("/map").status_code == 200
    with app.app_context():
        pupils.move_pupil(here.school, here.amina, here.fern)
    assert client.get("/map").status_code == 303


def test_after_all_out_a_pupil_can_come_in_again(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, here.amina)
    with app.app_context():
        sign_ins.all_out(here.school, here.hazel)
    assert client.get("/map").status_code == 303
    clock.move_to(EVENING)
    with app.app_context():
        sign_ins.open_class(here.school, here.hazel)
    signed_in_pupil(client, here.amina)
    assert client.get("/map").status_code == 200


def test_a_second_device_that_asks_takes_the_place_of_the_first_and_the_teacher_is_told(
    app: Flask, here: AtSchool, teacher: FlaskClient
) -> None:
    first, its_page = ask(app, here.finn)
    press(teacher, teacher.get("/today"), "Show")
    for page in ("/today", f"/class/{here.hazel}"):
        assert LOOK not in wording(teacher.get(page))
    second, other_page = ask(app, here.finn)
    with app.app_context():
        assert len(waiting(here.school, here.hazel)) == 1
    for page in ("/today", f"/class/{here.hazel}"):
        said = wording(teacher.get(page))
        assert said.count("Let Finn in") == 1
        assert LOOK in said
    press(teacher, teacher.get("/today"), "Let Finn in")
    assert "Ask again" in wording(first.get(its_page))
    assert press(second, second.get(other_page), "Come in").location == "/map"


def test_a_device_that_asks_after_anothers_yes_does_not_pass_for_it(
    app: Flask, here: AtSchool
) -> None:
    first, its_page = ask(app, here.finn)
    with app.app_context():
        (asking,) = waiting(here.school, here.hazel)
        let_in.let_in(here.school, asking.id, here.okafor, base_clock.now())
    ask(app, here.finn)
    with app.app_context():
        (second,) = waiting(here.school, here.hazel)
    assert second.asked_again
    assert press(first, first.get(its_page), "Come in").location == "/map"


def test_asking_again_later_is_not_asking_from_two_devices(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    ask(app, here.finn)
    ask(app, here.amina)
    clock.shift(timedelta(minutes=11))
    ask(app, here.finn)
    with app.app_context():
        (asking,) = waiting(here.school, here.hazel)
    assert not asking.asked_again

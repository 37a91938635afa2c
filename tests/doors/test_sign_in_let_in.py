"""Asking the teacher, printed cards, and what a sign-in is worth afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock as base_clock
from app.base.database import Store, writing
from app.people.actions import let_in, sign_ins, slips_and_cards
from app.people.queries.let_in import waiting
from app.people.tables import Pupil
from tests.at_school import (
    EVENING,
    OTHER,
    TEN,
    THREE,
    AtSchool,
    at_the_names,
    card_for,
    press,
    signed_in_pupil,
    small_school,
    tap,
    wording,
)

ASK = "Ask my teacher to let me in"


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


def _ask(client: FlaskClient, pupil: str) -> str:
    at_the_names(client)
    return press(client, client.get(f"/sign-in/{pupil}"), ASK).location


def _let_in(app: Flask, here: AtSchool) -> None:
    with app.app_context():
        for ask in waiting(here.school, here.hazel):
            assert let_in.let_in(here.school, ask.id, here.okafor, base_clock.now())


def test_a_pupil_waits_until_the_teacher_says_yes(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    there = _ask(client, here.finn)
    page = client.get(there)
    assert "Wait for your teacher" in wording(page)
    assert 'http-equiv="refresh" content="5"' in page.text
    _let_in(app, here)
    page = client.get(there)
    assert client.get("/map").status_code == 303, "looking signs nobody in"
    assert press(client, page, "Come in").location == "/map"
    assert "Finn" in wording(client.get("/map"))


def test_only_the_device_that_asked_is_let_in(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    there = _ask(client, here.finn)
    _let_in(app, here)
    other = app.test_client()
    at_the_names(other)
    assert "Come in" not in wording(other.get(there))
    press(other, other.get(f"/sign-in/{here.amina}"), ASK)
    page = client.get(there)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    other.post(f"/sign-in/{here.finn}/come-in", data={"csrf_token": token})
    assert other.get("/map").status_code == 303


def test_the_teachers_yes_works_once(app: Flask, client: FlaskClient, here: AtSchool) -> None:
    page = client.get(_ask(client, here.finn))
    _let_in(app, here)
    page = client.get(f"/sign-in/{here.finn}/waiting")
    press(client, page, "Come in")
    press(client, client.get("/sign-in/names"), "Sign out")
    assert "Come in" not in wording(client.get(f"/sign-in/{here.finn}/waiting"))


def test_asking_twice_is_one_ask_and_it_ends_after_ten_minutes(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    there = _ask(client, here.finn)
    _ask(client, here.finn)
    with app.app_context():
        (ask,) = waiting(here.school, here.hazel)
    clock.shift(timedelta(minutes=10, seconds=1))
    with app.app_context():
        assert waiting(here.school, here.hazel) == []
        assert not let_in.let_in(here.school, ask.id, here.okafor, base_clock.now())
    assert "Ask again" in wording(client.get(there))


def test_the_teachers_yes_ends_a_rest(app: Flask, client: FlaskClient, here: AtSchool) -> None:
    at_the_names(client)
    for _ in range(5):
        tap(client, here.amina, OTHER)
    _ask(client, here.amina)
    _let_in(app, here)
    assert tap(client, here.amina, THREE).location == "/map"


def test_opening_a_cards_link_asks_and_signs_nobody_in(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    page = client.get(f"/card/{card_for(app, here, here.finn)}")
    assert "Is this you?" in wording(page)
    assert "Finn" in wording(page)
    assert client.get("/map").status_code == 303
    assert press(client, page, "Yes, I am Finn").location == "/map"
    assert "Finn" in wording(client.get("/map"))
    assert "Hazel class" in client.get("/sign-in/names").text


def test_a_card_waits_while_the_class_is_closed(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    link = f"/card/{card_for(app, here, here.finn)}"
    asked = client.get(link)
    clock.move_to(EVENING)
    assert "Finn" not in client.get(link).text
    assert "Hazel is closed now" in wording(press(client, asked, "Yes, I am Finn"))


def test_an_ended_replaced_or_unknown_card_opens_nothing(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    replaced = card_for(app, here, here.finn)
    ended = card_for(app, here, here.finn)
    asked = client.get(f"/card/{ended}")
    with app.app_context():
        slips_and_cards.end_cards(here.school, here.finn, base_clock.now(), by=here.okafor)
    for token in (replaced, ended, "unknown"):
        page = client.get(f"/card/{token}")
        assert page.status_code == 404
        assert "This card does not work now." in wording(page)
    assert press(client, asked, "Yes, I am Finn").status_code == 404


def test_a_cards_token_is_neither_kept_nor_logged(
    app: Flask, client: FlaskClient, here: AtSchool, caplog: pytest.LogCaptureFixture
) -> None:
    token = card_for(app, here, here.finn)
    with caplog.at_level("DEBUG"):
        press(client, client.get(f"/card/{token}"), "Yes, I am Finn")
    assert token not in caplog.text
    folder = app.extensions["catkin"].folders.data
    assert not any(
        token.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file()
    )


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("catkin")
    assert cookie is not None
    return cookie.value


def test_signing_in_begins_a_new_session_and_signing_out_kills_its_cookie(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    at_the_names(client)
    before = _cookie(client)
    tap(client, here.amina, THREE)
    inside = _cookie(client)
    thief = app.test_client()
    thief.set_cookie("catkin", before)
    assert thief.get("/map").status_code == 303, "the cookie from before is not signed in"
    answer = press(client, client.get("/map"), "Sign out")
    assert (answer.status_code, answer.location) == (303, "/sign-in/names")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    for replayed in (client, thief):
        replayed.set_cookie("catkin", inside)
        assert replayed.get("/map").status_code == 303


def test_the_next_pupil_on_a_device_ends_the_sign_in_of_the_one_before(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    signed_in_pupil(client, here.amina)
    of_amina = _cookie(client)
    press(client, client.get(f"/card/{card_for(app, here, here.finn)}"), "Yes, I am Finn")
    assert "Finn" in wording(client.get("/map"))
    client.set_cookie("catkin", of_amina)
    assert client.get("/map").status_code == 303


def test_a_pupil_is_signed_out_after_ten_minutes_away_and_told_so(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, here.amina)
    clock.shift(timedelta(minutes=9))
    warned = client.get("/still-here")
    assert "Are you still there?" in wording(warned)
    assert 'http-equiv="refresh" content="60"' in warned.text
    clock.shift(timedelta(seconds=61))
    away = client.get("/still-here", follow_redirects=True)
    assert "You were away. Sign in again." in wording(away)


def test_saying_i_am_here_keeps_the_pupil_signed_in(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, here.amina)
    clock.shift(timedelta(minutes=9))
    client.get("/still-here")
    assert client.get("/map").status_code == 200
    clock.shift(timedelta(minutes=9))
    assert client.get("/map").status_code == 200


def test_all_out_signs_every_pupil_of_the_class_out(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    signed_in_pupil(client, here.amina)
    with app.app_context():
        sign_ins.all_out(here.school, here.hazel)
    assert client.get("/map").status_code == 303


def test_a_pupil_who_left_the_school_is_signed_out(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    signed_in_pupil(client, here.amina)
    with app.app_context(), writing(Store.LEARNING) as session:
        session.get_one(Pupil, here.amina).left_at = TEN
    assert client.get("/map").status_code == 303

"""The class code and the names: who sees them, when, and what a wrong code costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.actions import classes, sign_ins
from app.people.actions.class_codes import BUDGET
from app.people.queries.sign_ins import codes_being_guessed
from tests.at_school import EVENING, AtSchool, at_the_names, press, small_school, wording


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


def _spend_the_budget(client: FlaskClient) -> None:
    page = client.get("/sign-in")
    for _ in range(BUDGET):
        press(client, page, "Find my class", word="zebra", number="0000")


def test_a_right_code_shows_the_names_of_an_open_class(client: FlaskClient, here: AtSchool) -> None:
    page = at_the_names(client)
    assert "Amina" in wording(page)
    assert "Finn" in wording(page)
    assert "Zara" not in wording(page)


def test_a_code_is_taken_however_it_is_typed(client: FlaskClient, here: AtSchool) -> None:
    assert "Amina" in wording(at_the_names(client, word=" OTTER ", number="4821 "))


def test_names_never_show_while_the_class_is_closed(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    clock.move_to(EVENING)
    page = at_the_names(client)
    for there in ("/sign-in/closed", "/sign-in/names", f"/sign-in/{here.amina}", "/sign-in"):
        page = client.get(there, follow_redirects=True)
        assert "Amina" not in page.text, there
    assert "Hazel is closed now" in wording(client.get("/sign-in/names", follow_redirects=True))


def test_the_names_go_when_the_school_day_ends(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    at_the_names(client)
    clock.move_to(EVENING)
    assert client.get("/sign-in/names").location == "/sign-in/closed"


def test_a_device_without_the_code_sees_no_names(client: FlaskClient, here: AtSchool) -> None:
    page = client.get("/sign-in/names", follow_redirects=True)
    assert page.request.path == "/sign-in"
    assert "Amina" not in page.text


def test_a_device_that_knows_the_class_is_offered_it(client: FlaskClient, here: AtSchool) -> None:
    at_the_names(client)
    assert "Hazel class They used this one last" in wording(client.get("/sign-in"))


def test_a_new_code_makes_every_device_ask_for_it(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    at_the_names(client)
    with app.app_context():
        classes.new_code(here.school, here.hazel)
    assert client.get("/sign-in/names", follow_redirects=True).request.path == "/sign-in"
    assert "they used this one last" not in client.get("/sign-in").text


def test_a_pupil_of_another_class_can_send_the_class_away(
    client: FlaskClient, here: AtSchool
) -> None:
    press(client, at_the_names(client), "Not Hazel class?")
    assert client.get("/sign-in/names", follow_redirects=True).request.path == "/sign-in"


@pytest.mark.parametrize(("word", "number"), [("otter", "0000"), ("zebra", "4821")])
def test_a_wrong_code_never_says_which_part_was_wrong(
    client: FlaskClient, here: AtSchool, word: str, number: str
) -> None:
    page = at_the_names(client, word=word, number=number)
    assert page.status_code == 200
    assert "Let's try again." in wording(page)
    assert f'value="{word}"' in page.text
    assert f'value="{number}"' in page.text


@pytest.mark.parametrize("typed", ["", "x" * 10_000, "🦊", "אבג", "\u200b", "\x00", "<b>otter</b>"])
def test_strange_typing_is_answered_kindly_and_kept(
    client: FlaskClient, here: AtSchool, typed: str
) -> None:
    page = at_the_names(client, word=typed, number=typed)
    assert page.status_code == 200
    assert "<b>otter" not in page.text


def test_a_form_without_a_fresh_token_keeps_what_was_typed(
    client: FlaskClient, here: AtSchool
) -> None:
    page = client.post("/sign-in", data={"word": "otter", "number": "4821"})
    assert page.status_code == 200
    assert "Press the button again" in wording(page)
    assert 'value="otter"' in page.text


def test_staff_learn_that_codes_are_being_guessed_until_the_window_has_passed(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        assert not codes_being_guessed()
    _spend_the_budget(client)
    with app.app_context():
        assert codes_being_guessed()
    clock.shift(timedelta(minutes=11))
    with app.app_context():
        assert not codes_being_guessed()


def test_all_out_closes_the_class_until_its_teacher_opens_it_again(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    at_the_names(client)
    with app.app_context():
        sign_ins.all_out(here.school, here.hazel)
    assert client.get("/sign-in/names").location == "/sign-in/closed"
    clock.shift(timedelta(minutes=1))
    with app.app_context():
        sign_ins.open_class(here.school, here.hazel)
    assert "Amina" in wording(client.get("/sign-in/names"))


def test_tell_is_on_every_page_of_signing_in(client: FlaskClient, here: AtSchool) -> None:
    at_the_names(client)
    for there in ("/sign-in", "/sign-in/names", f"/sign-in/{here.amina}", "/card/nothing"):
        assert 'href="/tell"' in client.get(there).text, there

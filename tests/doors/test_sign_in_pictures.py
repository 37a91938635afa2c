"""Three pictures, the rests after misses, and what is never said or shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.actions import slips_and_cards
from tests.at_school import (
    EVENING,
    OTHER,
    THREE,
    AtSchool,
    at_the_names,
    press,
    small_school,
    tap,
    wording,
)


@pytest.fixture
def here(app: Flask, client: FlaskClient) -> AtSchool:
    school = small_school(app)
    at_the_names(client)
    return school


def _miss(client: FlaskClient, here: AtSchool, times: int) -> None:
    for _ in range(times):
        assert tap(client, here.amina, OTHER).status_code == 303


def test_the_right_three_pictures_let_the_pupil_in(client: FlaskClient, here: AtSchool) -> None:
    answer = tap(client, here.amina, THREE)
    assert (answer.status_code, answer.location) == (303, "/map")
    assert "Amina" in wording(client.get("/map"))


@pytest.mark.parametrize("tried", [OTHER, THREE[::-1], ("kite", "kite", "kite")])
def test_other_pictures_or_another_order_are_tried_again(
    client: FlaskClient, here: AtSchool, tried: tuple[str, str, str]
) -> None:
    answer = tap(client, here.amina, tried)
    assert answer.location == f"/sign-in/{here.amina}?again=yes"
    assert "Let's try again." in wording(client.get(answer.location))
    assert client.get("/map").status_code == 303


def test_each_press_fills_a_slot_and_never_shows_what_was_pressed(
    client: FlaskClient, here: AtSchool
) -> None:
    page = tap(client, here.amina, THREE[:2])
    assert "1 done 2 done 3" in wording(page)
    carried = page.text.split('name="so_far" value="')[1].split('"')[0]
    assert carried
    assert not any(name in carried for name in THREE)


def test_pictures_half_pressed_are_of_no_use_to_another_pupil_or_later(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    page = tap(client, here.amina, THREE[:2])
    stolen = page.text.split('name="so_far" value="')[1].split('"')[0]
    clock.shift(timedelta(minutes=11))
    answer = press(client, client.get(f"/sign-in/{here.amina}"), "sock", so_far=stolen)
    assert "1 done 2 3" in wording(answer)
    for forged in ("x", "%%%", "é" * 2000, stolen[:-4]):
        answer = press(client, client.get(f"/sign-in/{here.amina}"), "sock", so_far=forged)
        assert "1 done 2 3" in wording(answer)


def test_a_picture_that_does_not_exist_counts_for_nothing(
    client: FlaskClient, here: AtSchool
) -> None:
    page = client.get(f"/sign-in/{here.amina}")
    answer = press(client, page, "kite", picture="<script>")
    assert "1 2 3" in wording(answer)


def test_a_press_on_an_old_page_keeps_what_was_pressed(client: FlaskClient, here: AtSchool) -> None:
    page = tap(client, here.amina, THREE[:1])
    answer = press(client, page, THREE[1], csrf_token="old")
    assert "1 done 2 3" in wording(answer)


def test_the_pictures_stand_in_one_order_for_a_pupil_and_in_another_for_the_next(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    with app.app_context():
        slips_and_cards.keep_pictures(here.school, {here.finn: "kept"}, by=here.okafor)

    def grid(pupil: str) -> list[str]:
        page = client.get(f"/sign-in/{pupil}").text
        return [part.split('"')[0] for part in page.split('name="picture" value="')[1:]]

    assert len(grid(here.amina)) == 12
    assert grid(here.amina) == grid(here.amina)
    assert grid(here.amina) != grid(here.finn)


def test_after_five_misses_the_pictures_rest_for_half_a_minute(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    _miss(client, here, 5)
    page = client.get(f"/sign-in/{here.amina}")
    assert "Your pictures need a rest." in wording(page)
    assert 'name="picture"' not in page.text
    clock.shift(timedelta(seconds=31))
    assert tap(client, here.amina, THREE).location == "/map"


def test_a_right_row_during_a_rest_signs_nobody_in(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    almost = tap(client, here.amina, THREE[:2])
    other = app.test_client()
    at_the_names(other)
    _miss(other, here, 5)
    answer = press(client, almost, THREE[2])
    assert answer.location == f"/sign-in/{here.amina}?again=yes"
    assert client.get("/map").status_code == 303


def test_after_ten_misses_the_rest_is_five_minutes_and_after_fifteen_the_teacher_helps(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    _miss(client, here, 5)
    clock.shift(timedelta(seconds=31))
    _miss(client, here, 5)
    clock.shift(timedelta(minutes=4))
    assert 'name="picture"' not in client.get(f"/sign-in/{here.amina}").text
    clock.shift(timedelta(seconds=61))
    _miss(client, here, 5)
    clock.shift(timedelta(hours=3))
    page = client.get(f"/sign-in/{here.amina}")
    assert "Ask your teacher to let you in." in wording(page)
    assert 'href="/tell"' in page.text


def test_a_rest_of_one_pupil_leaves_the_others_alone(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    with app.app_context():
        slips_and_cards.keep_pictures(here.school, {here.finn: "kept"}, by=here.okafor)
    _miss(client, here, 5)
    assert 'name="picture"' in client.get(f"/sign-in/{here.finn}").text


def test_a_good_sign_in_forgets_the_misses_before_it(client: FlaskClient, here: AtSchool) -> None:
    _miss(client, here, 4)
    tap(client, here.amina, THREE)
    press(client, client.get("/sign-in/names"), "Sign out")
    _miss(client, here, 4)
    assert 'name="picture"' in client.get(f"/sign-in/{here.amina}").text


def test_a_pupil_without_pictures_asks_the_teacher(client: FlaskClient, here: AtSchool) -> None:
    page = client.get(f"/sign-in/{here.finn}")
    assert "Ask your teacher to let you in." in wording(page)
    assert 'name="picture"' not in page.text


def test_without_the_key_of_the_pictures_a_pupil_asks_the_teacher(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    app.extensions["catkin"].keys.file("pictures").unlink()
    page = client.get(f"/sign-in/{here.amina}")
    assert page.status_code == 200
    assert "Ask your teacher to let you in." in wording(page)


def test_a_pupil_of_another_class_is_not_found(client: FlaskClient, here: AtSchool) -> None:
    assert client.get(f"/sign-in/{here.zara}").status_code == 404
    assert client.get("/sign-in/nobody").status_code == 404
    assert "Zara" not in client.get(f"/sign-in/{here.zara}").text


def test_pictures_let_nobody_in_once_the_class_is_closed(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    almost = tap(client, here.amina, THREE[:2])
    clock.move_to(EVENING)
    assert press(client, almost, THREE[2]).location == "/sign-in/closed"


def test_the_other_two_ways_in_are_always_on_the_page(client: FlaskClient, here: AtSchool) -> None:
    for pupil in (here.amina, here.finn):
        says = wording(client.get(f"/sign-in/{pupil}"))
        assert "Show my card" in says
        assert "Ask my teacher to let me in" in says

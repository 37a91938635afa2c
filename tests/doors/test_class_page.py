"""The page of a class: who may see it, its door, its slips and its cards."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.pictures import PICTURES
from tests.at_school import (
    EVENING,
    OTHER,
    THREE,
    AtSchool,
    at_the_names,
    press,
    signed_in_adult,
    signed_in_pupil,
    small_school,
    tap,
    wording,
)

LANE = "lane.okafor@example.sch.uk"


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


@pytest.fixture
def teacher(app: Flask, here: AtSchool) -> FlaskClient:
    browser = app.test_client()
    signed_in_adult(browser)
    return browser


@pytest.fixture
def page(here: AtSchool) -> str:
    return f"/class/{here.hazel}"


def test_a_teacher_sees_her_own_class_and_no_other(
    teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    assert "otter 4821" in wording(teacher.get(page))
    assert teacher.get(f"/class/{here.fern}").status_code == 404
    assert teacher.get("/class/nowhere").status_code == 404


def test_the_dsl_sees_every_class_and_another_schools_adult_none(
    app: Flask, client: FlaskClient, here: AtSchool, page: str
) -> None:
    signed_in_adult(client, LANE)
    assert client.get(page).status_code == 200
    assert client.get(f"/class/{here.fern}").status_code == 200
    small_school(app, email="far@example.sch.uk", number="1111")
    far = app.test_client()
    signed_in_adult(far, "lane.far@example.sch.uk")
    assert far.get(page).status_code == 404


@pytest.mark.parametrize("there", ["open", "all-out", "new-code", "pictures", "cards"])
def test_nobody_works_the_door_of_a_class_that_is_not_theirs(
    teacher: FlaskClient, here: AtSchool, there: str
) -> None:
    assert teacher.post(f"/class/{here.fern}/{there}").status_code == 404


@pytest.mark.parametrize("there", ["open", "all-out", "new-code", "pictures", "cards"])
def test_a_press_without_a_fresh_token_changes_nothing_and_says_so(
    teacher: FlaskClient, here: AtSchool, page: str, there: str
) -> None:
    before = wording(teacher.get(page))
    answer = teacher.post(f"{page}/{there}", data={"pupil": here.finn}, follow_redirects=True)
    assert "Press the button again" in wording(answer)
    assert wording(teacher.get(page)) == before


def test_a_pupil_never_sees_the_page(client: FlaskClient, here: AtSchool, page: str) -> None:
    signed_in_pupil(client, here.amina)
    assert client.get(page).status_code == 403


def test_the_teacher_opens_the_class_out_of_hours(
    client: FlaskClient, teacher: FlaskClient, page: str, clock: time_machine.Traveller
) -> None:
    clock.move_to(EVENING)
    signed_in_adult(teacher)
    assert "The class is closed." in wording(teacher.get(page))
    press(teacher, teacher.get(page), "Open the class")
    assert "The class is open." in wording(teacher.get(page))
    assert "Amina" in wording(at_the_names(client))


def test_all_out_signs_the_pupils_out_and_closes_the_class(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    signed_in_pupil(client, here.amina)
    press(teacher, teacher.get(page), "All out")
    assert client.get("/map").status_code == 303
    assert client.get("/sign-in/names").location == "/sign-in/closed"
    assert "The class is closed." in wording(teacher.get(page))


def test_a_new_code_replaces_the_old_one(
    client: FlaskClient, teacher: FlaskClient, page: str
) -> None:
    press(teacher, teacher.get(page), "New code")
    assert "otter 4821" not in wording(teacher.get(page))
    assert "Let's try again." in wording(at_the_names(client))


def test_the_teacher_lets_a_waiting_pupil_in(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    at_the_names(client)
    press(client, client.get(f"/sign-in/{here.finn}"), "Ask my teacher to let me in")
    press(teacher, teacher.get(page), "Let Finn in")
    waiting = client.get(f"/sign-in/{here.finn}/waiting")
    assert press(client, waiting, "Come in").location == "/map"
    assert "Let Finn in" not in wording(teacher.get(page))


def test_the_page_says_who_has_to_rest(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    at_the_names(client)
    for _ in range(5):
        tap(client, here.amina, OTHER)
    assert "Resting until 10:00" in wording(teacher.get(page))


def test_slips_are_printed_once_and_their_pictures_let_the_pupil_in(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    slips = press(teacher, teacher.get(page), "Draw pictures and print slips")
    says = wording(slips)
    assert "Finn" in says
    assert "otter 4821" in says
    assert "Amina" not in says, "she has her pictures and keeps them"
    drawn = tuple(re.findall(r'class="of">(\w+)<', slips.text))
    assert len(set(drawn)) == 3
    assert set(drawn) <= set(PICTURES)
    at_the_names(client)
    assert tap(client, here.finn, drawn).location == "/map"
    assert "Draw pictures and print slips" not in wording(teacher.get(page))


def test_a_double_click_still_prints_slips_that_work(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    before = teacher.get(page)
    press(teacher, before, "Draw pictures and print slips")
    slips = press(teacher, before, "Draw pictures and print slips")
    at_the_names(client)
    drawn = tuple(re.findall(r'class="of">(\w+)<', slips.text))
    assert tap(client, here.finn, drawn).location == "/map"


def test_reloading_the_slips_later_draws_nothing_anew(
    client: FlaskClient,
    teacher: FlaskClient,
    here: AtSchool,
    page: str,
    clock: time_machine.Traveller,
) -> None:
    before = teacher.get(page)
    slips = press(teacher, before, "Draw pictures and print slips")
    clock.shift(60)
    again = press(teacher, before, "Draw pictures and print slips")
    assert "nothing was drawn anew" in wording(again)
    at_the_names(client)
    drawn = tuple(re.findall(r'class="of">(\w+)<', slips.text))
    assert tap(client, here.finn, drawn).location == "/map"


def test_new_pictures_replace_forgotten_ones_and_end_a_rest(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    at_the_names(client)
    for _ in range(5):
        tap(client, here.amina, OTHER)
    slips = press(teacher, teacher.get(page), "New pictures for Amina")
    drawn = tuple(re.findall(r'class="of">(\w+)<', slips.text))
    assert tap(client, here.amina, drawn).location == "/map"


def test_pictures_are_drawn_for_pupils_of_this_class_alone(
    teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    answer = press(teacher, teacher.get(page), "New pictures for Amina", pupil=[here.zara])
    assert "No pupil was chosen" in wording(answer)
    assert "Zara" not in answer.text


def test_without_the_key_no_pictures_are_drawn_and_the_old_ones_stay(
    app: Flask, client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    asked = teacher.get(page)
    file = app.extensions["catkin"].keys.file("pictures")
    kept = file.read_bytes()
    file.unlink()
    assert "The key of the pupils' pictures is missing" in wording(
        press(teacher, asked, "New pictures for Amina")
    )
    file.write_bytes(kept)
    at_the_names(client)
    assert tap(client, here.amina, THREE).location == "/map"


def test_printed_cards_open_and_end(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    cards = press(teacher, teacher.get(page), "Print cards")
    links = re.findall(r"http://localhost(/card/\w{26})</p>", cards.text)
    assert len(links) == 2
    assert cards.text.count('class="segno"') == 2
    assert "style=" not in cards.text
    assert "These links work on this computer only." in wording(cards)
    assert "Is this you?" in wording(client.get(links[0]))
    press(teacher, teacher.get(page), "End card of Amina")
    assert client.get(links[0]).status_code == 404
    assert client.get(links[1]).status_code == 200
    press(teacher, teacher.get(page), "Print cards")
    assert client.get(links[1]).status_code == 404


def test_a_page_left_alone_asks_whether_anybody_is_there(
    client: FlaskClient, teacher: FlaskClient, here: AtSchool, page: str
) -> None:
    assert "url=/staff/still-here" in teacher.get(page).text
    assert "still-here" not in client.get("/sign-in").text, "nobody is signed in yet"
    signed_in_pupil(client, here.amina)
    assert "url=/still-here" in client.get("/map").text

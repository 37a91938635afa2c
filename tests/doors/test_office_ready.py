"""The steps of setting up, and the list before the first lesson."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.actions import slips_and_cards
from app.people.actions.pupils import remove_pupil
from app.people.pictures import draw, kept_form
from app.people.queries import pupils
from app.people.rules import Role
from tests.at_school import wording
from tests.doors.test_office_set_up import GOOD
from tests.founded import Founded, add_adult, found_oak_lane, post
from tests.stepped import set_up_by_page

STEPS = ("School", "People", "Classes", "Pupils", "Ready")


@pytest.fixture
def first(client: FlaskClient) -> FlaskClient:
    """The browser of whoever has just set up the school."""
    set_up_by_page(client, post(client, "/set-up", GOOD))
    return client


def add_hazel(browser: FlaskClient) -> str:
    answer = post(browser, "/classes/add", {"name": "Hazel", "years": ["4"]}, page="/classes")
    there: str = answer.location
    return there


def step_now(browser: FlaskClient, page: str) -> str:
    now = browser.get(page).text.partition('aria-current="step"')[2]
    return next(says for says in STEPS if f">{says}<" in now.partition("</li>")[0])


def draw_for(school: Founded, pupil_id: str) -> None:
    with school.app.app_context():
        key = school.app.extensions["catkin"].keys.read("pictures")
        kept = {pupil_id: kept_form(key, school.id, pupil_id, draw())}
        slips_and_cards.keep_pictures(school.id, kept, by=school.adults[Role.TEACHER])


def test_whoever_sets_up_sees_the_five_steps_and_which_one_this_is(client: FlaskClient) -> None:
    assert step_now(client, "/set-up") == "School"
    assert 'href="/people"' not in client.get("/set-up").text
    set_up_by_page(client, post(client, "/set-up", GOOD))
    assert step_now(client, "/people") == "People"
    assert step_now(client, "/classes") == "Classes"
    assert step_now(client, add_hazel(client)) == "Pupils"
    assert step_now(client, "/ready") == "Ready"


def test_each_step_leads_on_to_the_next(first: FlaskClient) -> None:
    assert 'href="/classes">Go on to classes' in first.get("/people").text
    assert 'href="/ready">Go on to the last step' in first.get("/classes").text
    hazel = add_hazel(first)
    assert f'href="{hazel}">Go on to the pupils of Hazel' in first.get("/classes").text
    assert 'href="/ready">Go on to the last step' in first.get(hazel).text


def test_a_step_is_done_when_the_thing_is_done_and_not_when_it_was_looked_at(
    first: FlaskClient,
) -> None:
    add_hazel(first)
    said = wording(first.get("/ready"))
    assert "Oak Lane Primary done" in said
    assert "Names and years done" in said
    assert "Who can see concerns done" not in said
    assert "Paste their names done" not in said


def test_worries_are_in_reach_while_the_school_is_being_set_up(first: FlaskClient) -> None:
    assert 'href="/concerns"' in first.get("/people").text
    assert 'href="/today"' in first.get("/people").text


def test_the_steps_are_gone_once_a_pupil_can_sign_in(school: Founded) -> None:
    for page in ("/people", "/classes", "/ready"):
        assert "Set up your school" not in school.adult("DSL").get(page).text


def test_a_teacher_is_not_asked_to_set_up_the_school(app: Flask) -> None:
    school = found_oak_lane(app)
    with app.app_context():
        for pupil_id in school.pupils.values():
            remove_pupil(school.id, pupil_id, by=school.adults["DSL"])
    assert "Set up your school" in school.adult("DSL").get("/classes").text
    assert "Set up your school" not in school.adult(Role.TEACHER).get("/classes").text


def test_the_list_names_whatever_still_waits(first: FlaskClient) -> None:
    said = wording(first.get("/ready"))
    assert "Nearly ready for the first lesson" in said
    assert "Waits: Too few adults can see concerns 1 of 3 so far" in said
    assert "nobody from outside the staff" in said
    assert "Waits: No pupils yet" in said
    add_hazel(first)
    said = wording(first.get("/ready"))
    assert "Waits: Hazel has no adult Its concerns go to the safeguarding team only" in said
    assert "Waits: Hazel has no pupils" in said


def test_what_is_done_is_ticked(school: Founded) -> None:
    said = wording(school.adult("DSL").get("/ready"))
    assert "Done: Two adults can see every concern, whoever it is about" in said
    assert "Gwen Pritchard, Imran Sheikh, Peter Lane" in said
    assert "Done: 2 classes, 5 pupils" in said
    assert "Hazel has no" not in said
    assert "Waits: Elder has no adult" in said


def test_pupils_who_cannot_sign_in_yet_are_counted_until_their_pictures_are_drawn(
    school: Founded,
) -> None:
    browser, there = school.adult("DSL"), f"/classes/{school.hazel}"
    post(browser, f"{there}/pupils", {"one": "Bethan Morris"}, page=there)
    said = wording(browser.get("/ready"))
    assert "Waits: 1 pupil of Hazel without pictures" in said
    assert "6 pupils, 5 with pictures" in said
    draw_for(school, school.shown(school.hazel)["Bethan"])
    assert "without pictures" not in wording(browser.get("/ready"))


def test_pictures_are_counted_in_one_school_only(school: Founded) -> None:
    with school.app.app_context():
        assert pupils.with_pictures(school.id) == {school.hazel: 5}
        assert pupils.with_pictures("another") == {}


def test_an_invited_adult_does_not_make_the_list_ready(school: Founded) -> None:
    add_adult(school, "Una Reid", Role.DEPUTY)
    assert "Una Reid" not in wording(school.adult("DSL").get("/ready"))


@pytest.mark.parametrize("role", [Role.TEACHER, Role.TECHNICIAN])
def test_only_those_who_keep_the_lists_see_the_list(school: Founded, role: str) -> None:
    assert school.adult(role).get("/ready").status_code == 403

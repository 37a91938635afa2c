"""One of the team alone changes their own e-mail address, with the password; it is told."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.queries import staff
from tests.at_desk import AtDesk, adult_browser, school_with_team
from tests.at_school import PASSWORD, press, signed_in_adult, wording
from tests.doors.test_becoming_another import becomes, link_on, makes_link
from tests.founded import post

LANE, OKAFOR = "lane.okafor@example.sch.uk", "okafor@example.sch.uk"
HEAD, CHAIR = "marsh@example.sch.uk", "chair@example.sch.uk"
NEW = "ada.marsh@example.sch.uk"
HERE = "/staff/account/address"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def moves(browser: FlaskClient, staff_id: str, name: str, email: str) -> TestResponse:
    there, sent = f"/people/{staff_id}", {"name": name, "known_as": name, "email": email}
    return post(browser, f"{there}/details", sent, page=there)


def moves_own(browser: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    return press(browser, browser.get(HERE), "Save my address", email=email, password=password)


def told(app: Flask, desk: AtDesk, whom: str) -> list[tuple[bool, str]]:
    with app.app_context():
        return [(one.red, one.says) for one in staff.team_notices(desk.id, whom)]


def address(app: Flask, desk: AtDesk, whom: str) -> str:
    with app.app_context():
        found = staff.adult(desk.id, whom)
    assert found is not None
    return found.email


def test_nobody_moves_the_address_of_another_of_the_team_who_has_joined(
    app: Flask, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    page = moves(lane, desk.chair, "Sam Boateng", "lane.private@example.com")
    assert "Sam Boateng has joined: only Sam Boateng can change this address" in wording(page)
    assert 'value="lane.private@example.com"' in page.text
    assert address(app, desk, desk.chair) == CHAIR
    assert signed_in_adult(app.test_client(), CHAIR).status_code == 303
    assert "Only Sam Boateng can change it" in wording(lane.get(f"/people/{desk.chair}"))


def test_ones_own_is_not_changed_without_the_password(app: Flask, desk: AtDesk) -> None:
    head = adult_browser(app, HEAD)
    assert "press your name" in wording(moves(head, desk.head, "Ada Marsh", NEW))
    page = moves_own(head, NEW, "not my password")
    assert "That did not work" in page.text
    assert f'value="{NEW}"' in page.text
    assert address(app, desk, desk.head) == HEAD


def test_ones_own_is_changed_with_it_and_the_team_reads_so_in_red(app: Flask, desk: AtDesk) -> None:
    head = adult_browser(app, HEAD)
    assert moves_own(head, NEW).location == "/staff/account"
    assert NEW in head.get("/staff/account").text
    assert address(app, desk, desk.head) == NEW
    for whom in (desk.head, desk.school.lane, desk.chair):
        assert (True, "Ada Marsh changed their own e-mail address.") in told(app, desk, whom)


@pytest.mark.parametrize("email", [CHAIR, "no address", ""])
def test_what_is_no_address_or_anothers_is_refused_and_kept(
    app: Flask, desk: AtDesk, email: str
) -> None:
    page = moves_own(adult_browser(app, HEAD), email)
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert f'value="{email}"' in page.text
    assert address(app, desk, desk.head) == HEAD


def test_who_waits_for_word_does_not_move_it(app: Flask, desk: AtDesk) -> None:
    lane = adult_browser(app, LANE)
    as_head = becomes(app, link_on(makes_link(lane, desk.head)))
    page = press(as_head, as_head.get(HERE), "Save my address", email=NEW, password=PASSWORD)
    assert "First another adult of the team must confirm" in wording(page)
    assert address(app, desk, desk.head) == HEAD


def test_a_teacher_moves_their_own_and_the_team_is_told(app: Flask, desk: AtDesk) -> None:
    okafor = app.test_client()
    signed_in_adult(okafor, OKAFOR)
    assert moves_own(okafor, NEW).location == "/staff/account"
    assert told(app, desk, desk.head) == [(False, "Ngozi Okafor changed their own e-mail address.")]


def test_of_a_teachers_address_that_the_dsl_moved_all_read_in_red(app: Flask, desk: AtDesk) -> None:
    moves(adult_browser(app, LANE), desk.school.okafor, "Ngozi Okafor", NEW)
    for whom in (desk.head, desk.school.okafor):
        assert told(app, desk, whom)[0][0]

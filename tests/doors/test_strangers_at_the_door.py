"""Whoever types wrong passwords for the team keeps nobody out of concerns, or of their browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.queries.staff import team_notices
from tests.at_desk import WORDS, AtDesk, covered_browser, go_on, school_with_team, tell
from tests.at_school import PASSWORD, press, signed_in_adult, wording
from tests.stepped import code_now

LANE, OKAFOR = "lane.okafor@example.sch.uk", "okafor@example.sch.uk"
DOOR = "/staff/sign-in"
PASS = "catkin-staff-device"


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask) -> AtDesk:
    return school_with_team(app)


def guesses(app: Flask, clock: time_machine.Traveller, email: str, times: int) -> None:
    """A stranger types wrong passwords as fast as they are looked at."""
    stranger = app.test_client()
    for done in range(1, times + 1):
        press(stranger, stranger.get(DOOR), "Sign in", email=email, password="not this one")
        if done % 5 == 0 and done < times:
            clock.shift(timedelta(minutes=5, seconds=1))


def comes(client: FlaskClient, email: str = LANE, password: str = PASSWORD) -> str:
    """Where a password at the door leads; empty if nowhere."""
    page = press(client, client.get(DOOR), "Sign in", email=email, password=password)
    return page.location or ""


def test_a_stranger_at_the_door_keeps_nobody_who_is_in_from_a_concern(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    lane = covered_browser(app, LANE)
    guesses(app, clock, LANE, 15)
    assert comes(app.test_client()) == "", "the door itself rests"
    page = lane.get(f"/concerns/{reference}")
    assert WORDS in wording(go_on(lane, page, "Open the concern", password=PASSWORD))
    sent = {"password_now": PASSWORD, "password_new": "four blue spoons"}
    done = press(lane, lane.get("/my-sign-ins"), "Change my password", **sent)
    assert done.location == "/my-sign-ins?done=password"


def test_tries_on_one_sign_in_rest_and_leave_every_other_alone(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    left_open, lane = covered_browser(app, LANE), covered_browser(app, LANE)
    page = left_open.get(f"/concerns/{reference}")
    for _ in range(5):
        press(left_open, page, "Open the concern", password="not this one")
    said = wording(press(left_open, page, "Open the concern", password=PASSWORD))
    assert "That did not work. Type your password again. Try again at 10:01." in said
    page = lane.get(f"/concerns/{reference}")
    assert WORDS in wording(go_on(lane, page, "Open the concern", password=PASSWORD))


def test_a_browser_that_let_an_adult_in_lets_them_in_while_a_stranger_guesses(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    lane = covered_browser(app, LANE)
    press(lane, lane.get("/today"), "Sign out")
    clock.shift(timedelta(minutes=1))
    guesses(app, clock, LANE, 15)
    assert comes(app.test_client()) == ""
    assert comes(lane).startswith("/staff/code")
    assert comes(app.test_client()) == "", "the stranger's count still stands"
    press(lane, lane.get("/staff/code"), "Go on", code=code_now())
    press(lane, lane.get("/today"), "Sign out")
    for _ in range(5):
        assert comes(lane, password="not this one") == ""
    assert comes(lane) == "", "known browsers rest too"


def test_several_adults_are_known_in_one_browser_and_nobody_else(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    shared = app.test_client()
    for email in (LANE, OKAFOR):
        signed_in_adult(shared, email)
        press(shared, shared.get("/today"), "Sign out")
    for email in (LANE, OKAFOR, "marsh@example.sch.uk"):
        guesses(app, clock, email, 5)
    assert comes(shared, "marsh@example.sch.uk") == ""
    assert comes(shared, OKAFOR) == "/today"
    press(shared, shared.get("/today"), "Sign out")
    assert comes(shared).startswith("/staff/code")


def test_the_cookie_names_nobody_and_another_password_ends_it(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    okafor, elsewhere = covered_browser(app, OKAFOR), covered_browser(app, OKAFOR)
    kept = elsewhere.get_cookie(PASS, path=DOOR)
    assert kept is not None
    assert kept.http_only
    assert "kafor" not in kept.value
    assert desk.school.okafor not in kept.value
    sent = {"password_now": PASSWORD, "password_new": "four blue spoons"}
    press(okafor, okafor.get("/my-sign-ins"), "Change my password", **sent)
    guesses(app, clock, OKAFOR, 5)
    assert comes(elsewhere, OKAFOR, "four blue spoons") == ""


@pytest.mark.parametrize("value", ["", ".", "0" * 64, "ж.1", ".".join(["0" * 64] * 40)])
def test_a_cookie_made_by_hand_is_worth_nothing(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller, value: str
) -> None:
    guesses(app, clock, LANE, 5)
    client = app.test_client()
    client.set_cookie(PASS, value, path=DOOR)
    assert comes(client) == ""


def test_half_a_sign_in_makes_no_browser_known(app: Flask, desk: AtDesk) -> None:
    client = app.test_client()
    assert comes(client).startswith("/staff/code")
    assert client.get_cookie(PASS, path=DOOR) is None
    press(client, client.get("/staff/code"), "Go on", code=code_now())
    assert client.get_cookie(PASS, path=DOOR) is not None


def test_the_team_reads_once_in_red_that_somebody_guesses(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    guesses(app, clock, OKAFOR, 21)
    guesses(app, clock, "nobody@example.sch.uk", 21)
    with app.app_context():
        assert team_notices(desk.id, desk.head) == []
    guesses(app, clock, LANE, 21)
    with app.app_context():
        for adult in (desk.school.lane, desk.head, desk.chair):
            told = team_notices(desk.id, adult)
            assert [notice.red for notice in told] == [True]
            assert told[0].says.startswith("A wrong password was typed for Peter Lane 15 times")

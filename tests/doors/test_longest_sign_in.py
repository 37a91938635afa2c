"""However busy an adult is, twelve hours after the password it is asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.rules import LONGEST
from tests.at_desk import AtDesk, covered_browser, go_on, school_with_team, tell
from tests.at_school import PASSWORD, TEN, press, signed_in_adult, wording
from tests.doors.test_second_step import sets_up
from tests.stepped import code_now

LANE, OKAFOR = "lane.okafor@example.sch.uk", "okafor@example.sch.uk"
DOOR = "/staff/sign-in?after=/today"
TOUCHES = timedelta(minutes=14)
NOTE = "Spoke to her mother at the gate."


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask) -> AtDesk:
    return school_with_team(app)


def stays_busy(clock: time_machine.Traveller, client: FlaskClient, until: timedelta) -> None:
    """Press something every quarter of an hour."""
    now = timedelta()
    while now + TOUCHES < until:
        now += TOUCHES
        clock.move_to(TEN + now)
        assert client.get("/my-sign-ins").status_code == 200, now
    clock.move_to(TEN + until)


def test_an_adult_who_keeps_pressing_is_out_after_twelve_hours(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    assert timedelta(hours=12) == LONGEST
    client = app.test_client()
    signed_in_adult(client, OKAFOR)
    stays_busy(clock, client, LONGEST - timedelta(minutes=1))
    assert client.get("/today").status_code == 200
    clock.shift(timedelta(minutes=1))
    assert client.get("/today").location == DOOR
    assert "You were away" not in wording(client.get(DOOR))
    clock.move_to(TEN + timedelta(minutes=5))
    assert client.get("/today").location == DOOR, "it ended, whatever the clock says"


def test_no_other_token_makes_it_longer(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    client = covered_browser(app, LANE)
    stays_busy(clock, client, timedelta(hours=9))
    page = client.get(f"/concerns/{reference}")
    page = go_on(client, page, "Open the concern", password=PASSWORD)
    assert NOTE not in wording(page)
    page = client.get("/staff/account/phone")
    answer = press(client, page, "Go on to the square", password=PASSWORD, code=code_now(ahead=1))
    assert answer.location == "/staff/second-step", wording(answer)
    sent = {"password_now": PASSWORD, "password_new": "four blue spoons"}
    done = press(client, client.get("/my-sign-ins"), "Change my password", **sent)
    assert done.location == "/my-sign-ins?done=password"
    for minutes in range(14, 180, 14):
        clock.move_to(TEN + timedelta(hours=9, minutes=minutes))
        assert client.get("/my-sign-ins").status_code == 200
    clock.move_to(TEN + LONGEST)
    assert client.get("/today").location == DOOR


def test_another_phone_makes_it_no_longer_either(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client = app.test_client()
    signed_in_adult(client, OKAFOR)
    stays_busy(clock, client, LONGEST - timedelta(minutes=10))
    page = client.get("/staff/account/phone")
    answer = press(client, page, "Go on to the square", password=PASSWORD)
    sets_up(client, client.get(answer.location))
    assert client.get("/today").status_code == 200
    clock.shift(timedelta(minutes=10))
    assert client.get("/today").location == DOOR


def test_what_was_being_sent_then_is_kept(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    client = covered_browser(app, LANE)
    stays_busy(clock, client, LONGEST - timedelta(minutes=1))
    page = client.get(f"/concerns/{reference}")
    page = go_on(client, page, "Open the concern", password=PASSWORD)
    clock.shift(timedelta(minutes=1))
    assert "/staff/sign-in" in (press(client, page, "Save the note", note=NOTE).location or "")
    signed_in_adult(client, LANE)
    page = client.get(f"/concerns/{reference}")
    kept = go_on(client, page, "Open the concern", password=PASSWORD)
    assert NOTE in wording(go_on(client, kept, "Send it again", note=NOTE))


def test_one_that_has_lasted_so_long_is_not_listed(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client = app.test_client()
    signed_in_adult(client, OKAFOR)
    stays_busy(clock, client, LONGEST)
    other = app.test_client()
    signed_in_adult(other, OKAFOR)
    assert "End it:" not in wording(other.get("/my-sign-ins"))

"""An unlocked laptop of the team opens no concern to anybody: the password comes first."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.queries import staff
from tests.at_desk import PASSWORD, AtDesk, covered_browser, school_with_team
from tests.at_school import press, wording

LANE = "lane.okafor@example.sch.uk"
LINK = re.compile(r"/staff/join/[^\s<\"]+")
LONG_AGO = timedelta(minutes=11)
JO: dict[str, Any] = {
    "name": "Jo Cover",
    "known_as": "Jo",
    "email": "jo@example.sch.uk",
    "roles": ["deputy"],
}
DETAILS = {"name": "Ada Lee", "known_as": "Ms Lee", "email": "marsh@example.sch.uk"}


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def left_open(app: Flask, desk: AtDesk, clock: time_machine.Traveller) -> FlaskClient:
    """The DSL signed in eleven minutes ago, and went away."""
    lane = covered_browser(app, LANE)
    clock.shift(LONG_AGO)
    return lane


def everybody(app: Flask, desk: AtDesk) -> list[Any]:
    with app.app_context():
        return [(one.id, one.name, one.email, one.roles) for one in staff.adults(desk.id)]


@pytest.mark.parametrize(
    ("where", "says", "typed"),
    [
        ("/people", "Add", JO),
        ("/people/{head}/roles", "Save roles", {"roles": ["teacher", "deputy"]}),
        ("/people/{head}", "Save", DETAILS),
        ("/people/{head}", "Make a new link", {}),
        ("/people/{teacher}/end", "End the account", {}),
    ],
)
def test_it_asks_first_and_keeps_what_was_typed(
    app: Flask, desk: AtDesk, left_open: FlaskClient, where: str, says: str, typed: dict[str, Any]
) -> None:
    before = everybody(app, desk)
    path = where.format(head=desk.head, teacher=desk.school.okafor)
    asked = press(left_open, left_open.get(path), says, **typed)
    assert "asks again that it is you" in wording(asked)
    for value in typed.values():
        for one in value if isinstance(value, list) else [value]:
            assert f'value="{one}"' in asked.text
    missed = press(left_open, asked, says, **typed, password="not that one")
    assert "That did not work" in wording(missed)
    assert "not that one" not in missed.text
    assert everybody(app, desk) == before
    assert not LINK.search(asked.text + missed.text)
    done = press(left_open, missed, says, **typed, password=PASSWORD)
    assert LINK.search(done.text) or everybody(app, desk) != before


def test_what_opens_no_concern_needs_none(desk: AtDesk, left_open: FlaskClient) -> None:
    added = press(left_open, left_open.get("/people"), "Add", **JO | {"roles": ["teacher"]})
    assert LINK.search(added.text)


def test_a_password_given_to_sign_in_just_now_is_enough(app: Flask, desk: AtDesk) -> None:
    lane = covered_browser(app, LANE)
    assert LINK.search(press(lane, lane.get("/people"), "Add", **JO).text)

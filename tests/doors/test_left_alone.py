"""Nobody marks the others of the team away and is left alone with a concern."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock
from app.base.database import Store, writing
from app.people.rules import Role
from app.people.tables import StaffRole
from tests.at_desk import AtDesk, adult_browser, school_with_team, tell
from tests.at_school import press, wording
from tests.doors.test_becoming_another import (
    CHAIR,
    HEAD,
    LANE,
    NEWCOMER,
    adds,
    becomes,
    link_on,
    makes_link,
    sees,
)
from tests.founded import post
from tests.stepped import set_up

TOO_FEW = "Then fewer than two of the team could see this concern."
ANOTHER = "fewer than two could see it. Another of the team must do this."


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def reference(app: Flask, desk: AtDesk) -> str:
    return tell(app, desk, words="somebody hurt me")


def marks(browser: FlaskClient, reference: str, staff_id: str) -> TestResponse:
    page = browser.get(f"/concerns/{reference}")
    return press(browser, page, "Keep it from this adult", with_id=staff_id, reason="So.")


def test_whoever_comes_in_by_the_markers_own_link_is_not_one_of_the_two(
    app: Flask, desk: AtDesk, reference: str
) -> None:
    lane = adult_browser(app, LANE)
    becomes(app, link_on(adds(lane, "Elsa Grey", NEWCOMER)))
    assert marks(lane, reference, desk.head).status_code == 303
    assert TOO_FEW in wording(marks(lane, reference, desk.chair))
    assert sees(adult_browser(app, CHAIR), reference)


def test_who_has_made_a_link_for_one_marks_not_the_other(
    app: Flask, desk: AtDesk, reference: str
) -> None:
    lane = adult_browser(app, LANE)
    link_on(makes_link(lane, desk.head))
    assert TOO_FEW in wording(marks(lane, reference, desk.chair))
    chair = adult_browser(app, CHAIR)
    assert marks(chair, reference, desk.school.lane).status_code == 303, "another's link counts"


def test_who_has_marked_one_makes_no_link_for_the_other_and_a_third_does(
    app: Flask, desk: AtDesk, reference: str
) -> None:
    lane, chair = adult_browser(app, LANE), adult_browser(app, CHAIR)
    assert marks(lane, reference, desk.head).status_code == 303
    assert ANOTHER in wording(makes_link(lane, desk.chair))
    assert sees(chair, reference), "is still signed in"
    link_on(makes_link(adult_browser(app, HEAD), desk.chair))


def test_who_has_marked_takes_the_other_not_out_of_the_team(
    app: Flask, desk: AtDesk, reference: str
) -> None:
    okafor = desk.school.okafor
    with app.app_context(), writing(Store.LEARNING) as session:
        role = Role.DEPUTY.value
        more = StaffRole(staff_id=okafor, role=role, school_id=desk.id, granted_at=clock.now())
        session.add(more)
    set_up(app, desk.id, okafor)
    lane, head = adult_browser(app, LANE), adult_browser(app, HEAD)
    for one in (desk.head, desk.chair):
        assert marks(lane, reference, one).status_code == 303
    assert ANOTHER in wording(post(lane, f"/people/{okafor}/end"))
    teaches, there = {"roles": ["teacher"]}, f"/people/{okafor}/roles"
    assert ANOTHER in wording(post(lane, there, teaches, page=there))
    assert post(head, f"/people/{okafor}/end").location == "/people"

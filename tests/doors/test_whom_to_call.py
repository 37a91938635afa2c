"""Whom to call outside the school: who wrote it is said, all read of it, and not everybody may."""

from __future__ import annotations

import pytest
from flask import Flask

from app.people.actions.schools import CHANGED_REFERRAL
from app.people.queries import staff
from tests.at_desk import AtDesk, adult_browser, school_with_team, tell
from tests.at_school import press, wording
from tests.doors.test_becoming_another import LANE, becomes, link_on, makes_link


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def test_it_says_who_wrote_it_and_when_and_the_team_is_told_in_red(
    app: Flask, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    press(lane, lane.get("/people"), "Save", referral="Kim Adair, 01632 960001")
    about = tell(app, desk, about=(desk.head,))
    for page in ("/people", f"/concerns/{about}"):
        assert "Written by Peter Lane on Monday 16 November 2026." in wording(lane.get(page))
    with app.app_context():
        told = [(one.red, one.says) for one in staff.team_notices(desk.id, desk.chair)]
    assert told == [(True, f"Peter Lane {CHANGED_REFERRAL}")]


def test_who_waits_for_word_writes_down_nobody(app: Flask, desk: AtDesk) -> None:
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    page = press(as_head, as_head.get("/people"), "Save", referral="Pete, 01632 960002")
    assert "First another adult of the team must confirm" in wording(page)
    assert "Pete, 01632 960002" in page.text
    assert "01632" not in as_head.get("/people").text

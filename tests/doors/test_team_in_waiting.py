"""Set-up is red while too few of the team could see a concern, and says what must happen first."""

from __future__ import annotations

import pytest
from flask import Flask

from app.health.findings import Mark
from app.health.stores import adults
from app.people.queries import staff
from app.people.rules import team_state
from app.safeguarding import queries
from app.safeguarding.actions import team
from tests.at_desk import AtDesk, adult_browser, school_with_team, tell
from tests.at_school import wording
from tests.doors.test_becoming_another import (
    CHAIR,
    HEAD,
    LANE,
    becomes,
    confirms,
    link_on,
    makes_link,
    sees,
)

BY_THE_LINK = "Ada Marsh must come in by the new link."
HEALTH = "The People page says who must be confirmed, or come in by a link."
CONFIRM = "Sam Boateng must confirm on Today that it is Ada Marsh."


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def test_it_is_red_until_a_third_has_confirmed_who_came_in_and_says_so(
    app: Flask, desk: AtDesk
) -> None:
    lane, chair = adult_browser(app, LANE), adult_browser(app, CHAIR)
    assert "Safe: 3 adults can see concerns." in wording(chair.get("/people"))
    link = link_on(makes_link(lane, desk.head))
    for says in (BY_THE_LINK, CONFIRM):
        people, ready = wording(chair.get("/people")), wording(chair.get("/ready"))
        assert "Unsafe: 2 of 3 adults can see concerns." in people
        assert says in people
        assert "Waits: Too few adults can see concerns" in ready
        assert says in ready
        assert HEALTH in wording(chair.get("/health"))
        assert says in wording(chair.get("/today"))
        if says is BY_THE_LINK:
            becomes(app, link)
    confirms(chair)
    assert "Safe: 3 adults can see concerns." in wording(chair.get("/people"))


def test_who_could_be_whom_it_is_about_is_not_where_it_goes(app: Flask, desk: AtDesk) -> None:
    becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    assert "Peter Lane Sam Boateng Nobody" in wording(adult_browser(app, CHAIR).get("/people"))


def test_a_link_made_at_the_computer_counts_once_it_is_used(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        token = team.reset_at_console(HEAD).link.token
        assert team_state(staff.adults(desk.id)).awaited == (BY_THE_LINK,)
    becomes(app, f"/staff/join/{token}")
    with app.app_context():
        assert team_state(staff.adults(desk.id)).safe


def test_the_doctor_says_the_same(app: Flask, desk: AtDesk) -> None:
    data = app.extensions["catkin"].folders.data
    link = link_on(makes_link(adult_browser(app, LANE), desk.head))
    assert [one.do for one in adults(data)] == [HEALTH]
    becomes(app, link)
    assert [one.do for one in adults(data)] == [HEALTH]
    confirms(adult_browser(app, CHAIR))
    assert [one.mark for one in adults(data)] == [Mark.OK]


def test_what_nobody_of_the_team_reads_goes_to_the_adults_of_the_class(
    app: Flask, desk: AtDesk
) -> None:
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    reference = tell(app, desk, about=(desk.school.lane, desk.chair))
    assert not sees(as_head, reference)
    assert sees(adult_browser(app, "okafor@example.sch.uk"), reference)
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
    assert note is not None
    assert note.sent_to == (desk.school.okafor,)

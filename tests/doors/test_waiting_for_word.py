"""A link for one of the team waits for word: what that keeps from whom, and who founds a team."""

from __future__ import annotations

import pytest
from flask import Flask

from app.base import clock
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.queries import staff
from app.people.rules import Role
from app.people.tables import Invitation, Staff, StaffRole
from app.safeguarding.actions import paper, team
from app.safeguarding.actions.holds import let_go_where_too_few
from tests.at_desk import AtDesk, adult_browser, school_with_team, tell
from tests.at_school import press, wording
from tests.doors.test_becoming_another import (
    CHAIR,
    HEAD,
    LANE,
    NEWCOMER,
    adds,
    becomes,
    confirms,
    confirms_password,
    link_on,
    makes_link,
    sees,
)
from tests.founded import post
from tests.stepped import set_up


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def about_lane(app: Flask, desk: AtDesk) -> str:
    return tell(app, desk, about=(desk.school.lane,))


def test_a_link_is_made_anew_for_the_same_adult_only_while_nobody_came_in(
    app: Flask, desk: AtDesk
) -> None:
    """Else the maker comes in again, after the third has asked and before the third has pressed."""
    lane = adult_browser(app, LANE)
    link_on(makes_link(lane, desk.head))
    becomes(app, link_on(makes_link(lane, desk.head)))
    assert "nobody has confirmed yet that it is Ada Marsh" in wording(makes_link(lane, desk.head))


def test_one_maker_has_one_such_link_at_a_time_also_while_nobody_came_in(
    app: Flask, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    link_on(makes_link(lane, desk.head))
    assert "Ada Marsh, who has not come in by it yet" in wording(makes_link(lane, desk.chair))
    assert "has not come in by it yet" in wording(adds(lane, "Elsa Grey", NEWCOMER))


def test_where_everybody_else_waits_no_link_is_made(app: Flask, desk: AtDesk) -> None:
    link_on(makes_link(adult_browser(app, HEAD), desk.chair))
    refused = makes_link(adult_browser(app, LANE), desk.head)
    assert "Nobody could confirm that it is Ada Marsh" in wording(refused)


def test_the_last_who_could_confirm_is_not_taken_out_of_the_team(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        more = {"school_id": desk.id, "granted_at": clock.now()}
        session.add(StaffRole(staff_id=desk.school.okafor, role=Role.DEPUTY.value, **more))
    set_up(app, desk.id, desk.school.okafor)
    lane = adult_browser(app, LANE)
    as_head = becomes(app, link_on(makes_link(lane, desk.head)))
    page = post(lane, f"/people/{desk.school.okafor}/end")
    assert "fewer than three adults of the team would be known to be themselves" in wording(page)
    assert not sees(as_head, about_lane)


def test_who_waits_neither_marks_a_concern_nor_clears_a_hold(app: Flask, desk: AtDesk) -> None:
    free, held = tell(app, desk), tell(app, desk, words="Mr Boateng pushed me")
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    confirms_password(app, as_head)
    first_you = "First another adult of the team must confirm that it is you."
    marks = {"with_id": desk.chair, "reason": "So it seems."}
    assert first_you in wording(
        press(as_head, as_head.get(f"/concerns/{free}"), "Keep it from this adult", **marks)
    )
    assert first_you in wording(
        press(as_head, as_head.get(f"/concerns/{held}"), "Let them see it", **marks)
    )


def test_who_waits_makes_no_slips_by_which_the_maker_could_come_in_as_the_child(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    there = f"/class/{desk.school.hazel}"
    assert "print slips" not in wording(as_head.get(there))
    sent = {"pupil": desk.school.amina, "once": "once"}
    page = wording(post(as_head, f"{there}/pictures", sent, page="/people"))
    assert "Only the adults of the class" in page, page
    confirms(adult_browser(app, CHAIR))
    assert "New pictures" in wording(as_head.get(there))


def test_who_waits_neither_prints_a_recovery_key_nor_says_yes_to_one(
    app: Flask, desk: AtDesk
) -> None:
    becomes(app, link_on(makes_link(adult_browser(app, CHAIR), desk.head)))
    with app.app_context():
        made = paper.new_paper(desk.id, by=desk.school.lane)
        with pytest.raises(Refused, match="that it is you"):
            paper.new_paper(desk.id, by=desk.head)
        with pytest.raises(Refused, match="that it is you"):
            paper.keep_paper(desk.id, made.version, made.public, by=desk.head)
        paper.keep_paper(desk.id, made.version, made.public, by=desk.school.lane)
        with pytest.raises(Refused, match="that it is you"):
            paper.confirm_paper(desk.id, made.version, by=desk.head)


def test_a_waiting_newcomer_lets_nobody_go_and_those_left_read_whom_to_call(
    app: Flask, desk: AtDesk
) -> None:
    """The words name two of three: with a newcomer in waiting nobody is let go on that account."""
    reference = tell(app, desk, words="mr lane shouted at me")
    becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    with app.app_context():
        let_go_where_too_few(desk.id)
    lane, chair = adult_browser(app, LANE), adult_browser(app, CHAIR)
    assert not sees(lane, reference)
    page = wording(chair.get(f"/concerns/{reference}"))
    assert "outside the school" in page


def test_the_first_dsl_founds_a_team_alone_and_no_word_is_waited_for(
    app: Flask, desk: AtDesk
) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        for one in (desk.head, desk.chair):
            adult = session.get(Staff, one)
            assert adult is not None
            adult.signed_in_first = None
    lane = adult_browser(app, LANE)
    for one in (desk.head, desk.chair):
        assert "confirms it on Today" not in wording(makes_link(lane, one))
    with app.app_context():
        assert staff.behind(desk.id) == {}


def test_links_from_before_an_upgrade_wait_for_nobody(app: Flask, desk: AtDesk) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        session.add(
            Invitation(
                fingerprint="old",
                school_id=desk.id,
                staff_id=desk.head,
                made_by=desk.school.lane,
                ends_at=clock.now(),
                used_at=clock.now(),
            )
        )
    with app.app_context():
        assert staff.behind(desk.id) == {}


def test_whose_link_was_replaced_shuts_that_adult_out_no_second_time(
    app: Flask, desk: AtDesk
) -> None:
    """Else one of the team keeps another waiting for ever, however often others help."""
    lane, chair = adult_browser(app, LANE), adult_browser(app, CHAIR)
    link_on(makes_link(lane, desk.head))
    real = becomes(app, link_on(makes_link(chair, desk.head)))
    newer = "and a newer one was made since by another, or at the computer."
    assert newer in wording(makes_link(lane, desk.head))
    assert real.get("/today").status_code == 200
    confirms(lane)
    link_on(makes_link(lane, desk.head))
    with app.app_context():
        token = team.reset_at_console(HEAD).link.token
    real = becomes(app, f"/staff/join/{token}")
    assert newer in wording(makes_link(lane, desk.head))
    assert real.get("/today").status_code == 200

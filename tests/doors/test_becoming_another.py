"""An accused adult makes a link for another of the team, becomes them, and still sees nothing."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock, ids
from app.people.actions.sign_ins import step_up
from app.people.queries import sign_ins, staff
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.queries.team import team_lines
from tests.at_desk import PASSWORD, AtDesk, adult_browser, covered_browser, school_with_team, tell
from tests.at_school import press, wording
from tests.founded import post
from tests.stepped import set_up_by_page

HEAD, CHAIR = "marsh@example.sch.uk", "chair@example.sch.uk"
LANE, NEWCOMER = "lane.okafor@example.sch.uk", "elsa@example.sch.uk"
LINK = re.compile(r"<strong>http://localhost(/staff/join/[^<]+)</strong>")
IT_IS_THEM = "I asked them in person: it is them"
HIDDEN = "he shouted at me and locked the door"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def about_lane(app: Flask, desk: AtDesk) -> str:
    """A concern about the DSL, Peter Lane."""
    return tell(app, desk, words=HIDDEN, about=(desk.school.lane,))


def link_on(page: TestResponse) -> str:
    found = LINK.search(page.text)
    assert found is not None, wording(page)
    return found[1]


def makes_link(browser: FlaskClient, staff_id: str) -> TestResponse:
    return post(browser, f"/people/{staff_id}/link", page=f"/people/{staff_id}")


def adds(browser: FlaskClient, name: str, email: str) -> TestResponse:
    sent = {"name": name, "known_as": name, "email": email, "roles": ["deputy"]}
    return post(browser, "/people/add", sent, page="/people")


def becomes(app: Flask, link: str) -> FlaskClient:
    """A browser in which somebody has joined by a link; names are shown."""
    browser = app.test_client()
    typed = {"password": PASSWORD}
    answer = press(browser, browser.get(link), "Set my password and sign in", **typed)
    set_up_by_page(browser, answer)
    assert press(browser, browser.get("/today"), "Show").status_code == 303
    return browser


def confirms_password(app: Flask, browser: FlaskClient) -> None:
    with browser.session_transaction() as session:
        mine = ids.fingerprint(session["_user_id"])
    with app.app_context():
        here = sign_ins.signed_in(mine)
        assert isinstance(here, StaffHere)
        step_up(here.school_id, mine, clock.now())


def sees(browser: FlaskClient, reference: str) -> bool:
    """Whether a concern is in the list or at its address."""
    listed = reference in wording(browser.get("/concerns"))
    there = browser.get(f"/concerns/{reference}").status_code
    assert (there != 404) == listed
    return listed


def confirms(browser: FlaskClient, *, at: str = "/today") -> TestResponse:
    return press(browser, browser.get(at), IT_IS_THEM)


def test_the_dsl_becomes_the_head_by_a_new_link_and_sees_nothing_of_what_is_kept_from_the_dsl(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    lane = adult_browser(app, LANE)
    as_head = becomes(app, link_on(makes_link(lane, desk.head)))
    assert not sees(as_head, about_lane)
    with app.app_context():
        assert desk.head not in {one.staff_id for one in queries.mail.due(desk.id, clock.now())}
    assert sees(as_head, tell(app, desk)), "what is kept from neither is worked on"
    assert "you see no more than Peter Lane does, and change nothing" in wording(
        as_head.get("/people")
    )
    assert "First Sam Boateng must do that, on Today." in wording(makes_link(lane, desk.chair))
    first_you = "First another adult of the team must confirm that it is you."
    for answer in (
        makes_link(as_head, desk.chair),
        makes_link(as_head, desk.school.lane),
        adds(as_head, "Elsa Grey", NEWCOMER),
        post(as_head, f"/people/{desk.chair}/end"),
        post(
            as_head,
            f"/people/{desk.school.okafor}/roles",
            {"roles": ["deputy"]},
            page=f"/people/{desk.school.okafor}",
        ),
    ):
        assert first_you in wording(answer)
    chair = adult_browser(app, CHAIR)
    assert sees(chair, about_lane)
    assert "Ada Marsh has come in by a link that Peter Lane made." in wording(chair.get("/today"))


def test_the_dsl_adds_a_deputy_and_becomes_that_one_and_sees_nothing_either(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    lane = adult_browser(app, LANE)
    as_elsa = becomes(app, link_on(adds(lane, "Elsa Grey", NEWCOMER)))
    assert not sees(as_elsa, about_lane)
    assert IT_IS_THEM not in lane.get("/today").text
    assert IT_IS_THEM not in as_elsa.get("/today").text
    assert "First Ada Marsh or Sam Boateng must do that" in wording(makes_link(lane, desk.head))
    assert "First Ada Marsh or Sam Boateng must do that" in wording(
        adds(lane, "Eve Grey", "eve@example.sch.uk")
    )
    later = tell(app, desk, words="again", about=(desk.school.lane,))
    assert not sees(as_elsa, later)


def test_once_a_third_has_asked_in_person_the_newcomer_sees_it_all_and_it_is_on_record(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    chair = adult_browser(app, CHAIR)
    assert confirms(chair).status_code == 303
    assert sees(as_head, about_lane)
    assert "you see no more" not in wording(as_head.get("/today"))
    page = wording(chair.get("/today"))
    assert "has come in by a link" not in page
    assert "Sam Boateng asked Ada Marsh in person: it is them." in page
    with app.app_context():
        assert desk.head in {one.staff_id for one in queries.mail.due(desk.id, clock.now())}
        lines = [line.says for line in team_lines(desk.id)]
    assert "Sam Boateng asked Ada Marsh in person, and confirmed that it is them." in lines


def test_seen_puts_the_word_away_and_not_the_line_about_who_came_in(
    app: Flask, desk: AtDesk
) -> None:
    link = link_on(makes_link(adult_browser(app, LANE), desk.head))
    chair = adult_browser(app, CHAIR)
    assert IT_IS_THEM not in chair.get("/today").text, "nobody has come in yet"
    becomes(app, link)
    press(chair, chair.get("/today"), "I have seen this")
    for page in ("/today", "/concerns"):
        answer = chair.get(page)
        assert "made a new joining link" not in wording(answer)
        assert IT_IS_THEM in answer.text
    assert confirms(chair, at="/concerns").location == "/concerns?show=open"
    assert IT_IS_THEM not in chair.get("/concerns").text


def test_confirming_asks_for_the_password_unless_it_was_typed_just_now(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    chair = covered_browser(app, CHAIR)
    asks = confirms(chair)
    assert "Is it Ada Marsh?" in wording(asks)
    wrong = press(chair, asks, IT_IS_THEM, password="not mine at all")
    assert "That did not work." in wording(wrong)
    assert not sees(as_head, about_lane)
    assert press(chair, wrong, IT_IS_THEM, password=PASSWORD).status_code == 303
    assert sees(as_head, about_lane)


def test_neither_maker_nor_receiver_nor_whoever_waits_confirms(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    lane = adult_browser(app, LANE)
    as_head = becomes(app, link_on(makes_link(lane, desk.head)))
    with app.app_context():
        (came,) = staff.came_by_links(desk.id)
    there = f"/people/confirm/{came.link}"
    for browser in (lane, as_head):
        assert browser.get(there).status_code == 404
        post(browser, there, {"password": PASSWORD}, page="/people")
    with app.app_context():
        assert staff.behind(desk.id) == {desk.head: desk.school.lane}
    assert not sees(as_head, about_lane)


def test_a_newer_link_by_another_shuts_out_whoever_came_in_and_counts_for_that_maker_alone(
    app: Flask, desk: AtDesk, about_lane: str
) -> None:
    as_head = becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    chair = adult_browser(app, CHAIR)
    with app.app_context():
        (came,) = staff.came_by_links(desk.id)
    link = link_on(makes_link(chair, desk.head))
    assert as_head.get("/today").status_code == 303
    real = becomes(app, link)
    assert sees(real, about_lane), "it is not kept from the chair, who made the link"
    lane = adult_browser(app, LANE)
    assert confirms(lane).status_code == 303
    assert chair.get(f"/people/confirm/{came.link}").status_code == 404

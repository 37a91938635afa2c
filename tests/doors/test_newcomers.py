"""Who comes in by another's link has that one's eyes, too, until one of the team knows them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.database import Store, writing
from app.people.queries import staff
from app.people.tables import Staff
from app.safeguarding import queries
from app.safeguarding.queries.team import team_lines
from tests.at_desk import AtDesk, adult_browser, covered_browser, school_with_team, tell
from tests.at_school import PASSWORD, press, wording
from tests.doors.test_becoming_another import CHAIR, HEAD, LANE, link_on, makes_link
from tests.founded import post

ASKED = "One adult came in by a link that another made"
HIDDEN = "he hit me behind the shed"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def add_pat(browser: FlaskClient, role: str = "teacher") -> TestResponse:
    sent = {"name": "Pat Green", "known_as": "Pat", "email": "pat@a.uk", "roles": [role]}
    return post(browser, "/people/add", sent, page="/people")


def joins(app: Flask, link: str) -> FlaskClient:
    browser = app.test_client()
    page = browser.get(link)
    press(browser, page, "Set my password and sign in", password="seven green tractors")
    return browser


def id_of(app: Flask, desk: AtDesk, name: str) -> str:
    with app.app_context():
        return next(one.id for one in staff.adults(desk.id) if one.name == name)


def behind(app: Flask, desk: AtDesk) -> dict[str, str]:
    with app.app_context():
        return staff.behind(desk.id)


def told_of(app: Flask, desk: AtDesk, reference: str) -> tuple[str, ...]:
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
        assert note is not None
        return note.told


def pat_of_hazel(app: Flask, desk: AtDesk) -> FlaskClient:
    """A browser of Pat, whom the DSL added and put into the class."""
    lane = adult_browser(app, LANE)
    pat = joins(app, link_on(add_pat(lane)))
    adults = [desk.school.okafor, id_of(app, desk, "Pat Green")]
    hazel = {"name": "Hazel", "years": ["4"], "adults": adults}
    post(lane, f"/classes/{desk.school.hazel}/change", hazel)
    return pat


def lists(browser: FlaskClient, reference: str) -> bool:
    return browser.get(f"/concerns/{reference}").status_code != 404


def test_a_new_teacher_sees_nothing_kept_from_who_added_them_until_another_knows_them(
    app: Flask, desk: AtDesk
) -> None:
    pat = pat_of_hazel(app, desk)
    reference = tell(app, desk, words=HIDDEN, about=(desk.school.lane,), anyone=True)
    calm = tell(app, desk, anyone=True)
    pat_id = id_of(app, desk, "Pat Green")
    assert not lists(pat, reference)
    assert lists(pat, calm)
    assert pat_id not in told_of(app, desk, reference)
    assert pat_id in told_of(app, desk, calm)
    assert "Until" not in wording(pat.get("/today")), "nothing is said to the newcomer"
    assert "Print cards" in pat.get(f"/class/{desk.school.hazel}").text
    assert ASKED not in wording(adult_browser(app, LANE).get("/today"))
    head = adult_browser(app, HEAD)
    assert ASKED in wording(head.get("/today"))
    page = head.get("/people/known")
    assert "Pat Green, by a link of Peter Lane" in wording(page)
    answer = press(head, page, "I know those ticked", link=list(behind_links(app, desk)))
    assert answer.status_code == 303
    assert ASKED not in wording(head.get("/today"))
    assert lists(pat, reference)
    assert pat_id in told_of(app, desk, reference)
    with app.app_context():
        assert team_lines(desk.id)[0].says.startswith("Ada Marsh asked Pat Green in person")


def behind_links(app: Flask, desk: AtDesk) -> list[str]:
    with app.app_context():
        return [one.link for one in staff.came_by_links(desk.id)]


def test_it_is_said_with_the_password_and_only_of_those_who_are_ticked(
    app: Flask, desk: AtDesk
) -> None:
    pat_of_hazel(app, desk)
    chair, links = covered_browser(app, CHAIR), behind_links(app, desk)
    page = chair.get("/people/known")
    empty = press(chair, page, "I know those ticked", link=[], password=PASSWORD)
    assert "Tick those whom you know." in wording(empty)
    wrong = press(chair, page, "I know those ticked", link=links, password="another one")
    assert "That did not work." in wording(wrong)
    assert "checked" in wrong.text
    assert behind(app, desk) != {}
    press(chair, wrong, "I know those ticked", link=links, password=PASSWORD)
    assert behind(app, desk) == {}


def test_neither_who_made_the_link_nor_who_came_in_says_so(app: Flask, desk: AtDesk) -> None:
    pat = pat_of_hazel(app, desk)
    assert adult_browser(app, LANE).get("/people/known").location == "/today"
    assert pat.get("/people/known").status_code == 403


def test_a_new_link_for_a_teacher_who_has_joined_gives_the_maker_nothing(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk, about=(desk.school.lane,), to=(desk.school.okafor,))
    link = link_on(makes_link(adult_browser(app, LANE), desk.school.okafor))
    assert behind(app, desk) == {}, "until somebody comes in, they are who they were"
    as_okafor = joins(app, link)
    assert not lists(as_okafor, reference)
    link_on(makes_link(adult_browser(app, HEAD), desk.school.okafor))
    assert as_okafor.get("/today").status_code != 200, "the older way in has ended"


def test_who_waits_brings_in_nobody_else(app: Flask, desk: AtDesk) -> None:
    """Else what is kept from the first maker would be seen by the second newcomer."""
    kay = joins(app, link_on(add_pat(adult_browser(app, LANE), "office")))
    sent = {"name": "Una", "known_as": "Una", "email": "una@a.uk", "roles": ["teacher"]}
    assert "First another adult of the team" in wording(
        post(kay, "/people/add", sent, page="/people")
    )


def test_who_founds_a_team_alone_is_asked_nothing(app: Flask, desk: AtDesk) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        for one in (desk.head, desk.chair):
            adult = session.get(Staff, one)
            assert adult is not None
            adult.signed_in_first = None
    joins(app, link_on(add_pat(adult_browser(app, LANE))))
    assert behind(app, desk) == {}


def test_several_such_links_stand_side_by_side_with_one_for_the_team(
    app: Flask, desk: AtDesk
) -> None:
    pat_of_hazel(app, desk)
    lane = adult_browser(app, LANE)
    joins(app, link_on(makes_link(lane, desk.school.okafor)))
    link_on(makes_link(lane, desk.head))
    assert "2 adults came in by links that others made" in wording(
        adult_browser(app, CHAIR).get("/today")
    )

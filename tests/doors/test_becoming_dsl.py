"""The office account tries to see concerns by every way there is; a cookie is never one's own."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.queries import staff
from app.people.rules import Role
from tests.at_desk import PASSWORD, AtDesk, covered_browser, go_on, school_with_team, tell
from tests.at_school import press, signed_in_pupil, wording
from tests.doors.test_office_people import LINK, SAMIRA
from tests.founded import Founded, add_adult, post
from tests.stepped import give_code

OPENS_NOTHING = ("/concerns/proof", "/concerns/review", "/concerns/works")
EXTRA: dict[str, Any] = {
    "role": "DSL",
    "roles": ["office", "DSL"],
    "roles-0": "DSL",
    "roles[]": "DSL",
    "is_admin": "1",
    "granted_by": "me",
    "password": "mine mine mine",
    "signed_in_first": "2026-01-01",
    "left_at": "",
}
"""What a form never asked for."""


def everybody(school: Founded) -> dict[str, tuple[str, str, tuple[Role, ...]]]:
    """Who holds which role under which address."""
    with school.app.app_context():
        return {one.id: (one.name, one.email, one.roles) for one in staff.adults(school.id)}


@pytest.fixture
def office(school: Founded) -> FlaskClient:
    return school.adult(Role.OFFICE)


def my_page(school: Founded, role: str) -> str:
    return f"/people/{school.adults[role]}"


def details(school: Founded, role: str, **changed: Any) -> dict[str, Any]:
    name, email, _ = everybody(school)[school.adults[role]]
    return {"name": name, "known_as": name, "email": email, **changed}


@pytest.mark.parametrize("roles", [["DSL"], ["office", "DSL"], ["head"], ["chair of governors"]])
@pytest.mark.parametrize("whose", [Role.OFFICE, Role.TEACHER, "DSL"])
def test_by_the_form_of_roles(
    school: Founded, office: FlaskClient, whose: str, roles: list[str]
) -> None:
    before, there = everybody(school), my_page(school, whose)
    page = post(office, f"{there}/roles", {**EXTRA, "roles": roles}, page=there)
    assert LINK.search(page.text) is None
    assert everybody(school) == before
    for path in OPENS_NOTHING:
        assert office.get(path).status_code == 403


def test_by_fields_that_the_form_of_details_never_asked_for(
    school: Founded, office: FlaskClient
) -> None:
    before, there = everybody(school), my_page(school, Role.OFFICE)
    sent = details(school, Role.OFFICE) | EXTRA
    sent |= {"staff_id": school.adults["DSL"], "id": school.adults["DSL"], "school_id": "another"}
    assert post(office, f"{there}/details", sent, page=there).status_code == 303
    assert everybody(school) == before


@pytest.mark.parametrize("whose", ["DSL", Role.HEAD, Role.CHAIR])
def test_by_a_link_or_another_address_for_one_of_the_team(
    school: Founded, office: FlaskClient, whose: str
) -> None:
    before, there = everybody(school), my_page(school, whose)
    page = post(office, f"{there}/link", EXTRA, page=there)
    assert LINK.search(page.text) is None
    mine = details(school, whose, email="mine@example.uk")
    assert "Only someone who sees concerns can change" in wording(
        post(office, f"{there}/details", mine, page=there)
    )
    post(office, f"{there}/end", page=there)
    assert everybody(school) == before
    assert "Make a new link" not in office.get(there).text


@pytest.mark.parametrize("roles", [["DSL"], ["teacher", "deputy"], ["head"], ["nobody"], []])
def test_by_adding_another_adult(school: Founded, office: FlaskClient, roles: list[str]) -> None:
    before = everybody(school)
    page = post(office, "/people/add", SAMIRA | EXTRA | {"roles": roles}, page="/people")
    assert LINK.search(page.text) is None
    assert everybody(school) == before


def test_by_an_address_that_a_member_of_the_team_has(school: Founded, office: FlaskClient) -> None:
    before, there = everybody(school), my_page(school, Role.OFFICE)
    sent = details(school, Role.OFFICE, email="DSL@oaklane.sch.uk")
    assert "That address is in use." in wording(post(office, f"{there}/details", sent, page=there))
    assert everybody(school) == before


def test_by_setting_the_school_up_again(school: Founded, office: FlaskClient) -> None:
    before = everybody(school)
    again = {
        "school": "Oak Lane Primary", "nation": "England", "day_starts": "08:45",
        "day_ends": "15:30", "name": "Kay Bell", "known_as": "Ms Bell",
        "email": "kay.again@oaklane.sch.uk", "password": "mine mine mine", "code": "00000000",
    }  # fmt: skip
    for path in ("/set-up", "/set-up/code"):
        answer = post(office, path, again, page="/people")
        assert answer.status_code in {303, 403, 404}
    assert everybody(school) == before


def test_by_keeping_the_link_of_somebody_who_comes_to_see_concerns(
    school: Founded, office: FlaskClient, client: FlaskClient
) -> None:
    there = f"/people/{add_adult(school, 'Una Reid', Role.TEACHER)}"
    link = LINK.search(post(office, f"{there}/link", page=there).text)
    assert link is not None
    changed = post(
        school.adult("DSL"), f"{there}/roles", {"roles": ["teacher", "deputy"]}, page=there
    )
    fresh = LINK.search(changed.text)
    assert fresh is not None
    assert client.get(link[1]).status_code == 404
    assert client.get(fresh[1]).status_code == 200
    page = post(office, f"{there}/link", page=there)
    assert LINK.search(page.text) is None


def test_by_a_notice_that_another_must_see(school: Founded, office: FlaskClient) -> None:
    add_adult(school, "Una Reid", Role.DEPUTY)
    head = school.adult(Role.HEAD)
    says = "Peter Lane let Una Reid (deputy) into the safeguarding team"
    assert says in wording(head.get("/today"))
    for number in range(1, 30):
        post(office, f"/today/seen/{number}", page="/today")
    assert says in wording(head.get("/today"))
    assert says in wording(head.get("/concerns"))


def sign_in_of(browser: FlaskClient) -> str | None:
    with browser.session_transaction() as session:
        return session.get("_user_id")


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def test_no_cookie_from_before_is_a_sign_in_after(app: Flask, desk: AtDesk) -> None:
    """What a browser was given before somebody signed in, confirmed or left opens nothing then."""
    reference = tell(app, desk)
    lane = app.test_client()
    with lane.session_transaction() as session:
        session["_user_id"] = "chosen-by-somebody-else"
        session["csrf_token"] = "known"
    email = "lane.okafor@example.sch.uk"
    asked = press(lane, lane.get("/staff/sign-in"), "Sign in", email=email, password=PASSWORD)
    give_code(lane, asked)
    ids = ["chosen-by-somebody-else", sign_in_of(lane)]
    with lane.session_transaction() as session:
        assert session.get("csrf_token") != "known"
    asks = lane.get(f"/concerns/{reference}")
    go_on(lane, asks, "Open the concern", password=PASSWORD)
    ids.append(sign_in_of(lane))
    press(lane, lane.get("/today"), "Sign out")
    assert sign_in_of(lane) is None
    assert len(set(ids)) == 3
    for one in ids:
        other = app.test_client()
        with other.session_transaction() as session:
            session["_user_id"] = one
        assert other.get("/today").status_code == 303


def test_confirming_the_password_leaves_the_forms_of_other_pages_good(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk)
    lane = covered_browser(app, "lane.okafor@example.sch.uk")
    open_before = lane.get("/today")
    asks = lane.get(f"/concerns/{reference}")
    go_on(lane, asks, "Open the concern", password=PASSWORD)
    assert press(lane, open_before, "Show").status_code == 303
    assert lane.get(f"/concerns/{reference}").status_code == 200


def test_a_child_gets_another_cookie_too(app: Flask, desk: AtDesk) -> None:
    amina = app.test_client()
    with amina.session_transaction() as session:
        session["_user_id"] = "chosen-by-somebody-else"
    signed_in_pupil(amina, desk.school.amina)
    mine = sign_in_of(amina)
    assert mine != "chosen-by-somebody-else"
    press(amina, amina.get("/map"), "Sign out")
    other = app.test_client()
    with other.session_transaction() as session:
        session["_user_id"] = mine
    assert other.get("/map").status_code == 303

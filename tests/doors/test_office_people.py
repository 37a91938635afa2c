"""People: the banner, who a concern goes to, adding and ending accounts."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.queries import staff
from app.people.rules import GRANTABLE, Role
from tests.at_school import PASSWORD, press, signed_in_adult, small_school, wording
from tests.founded import Founded, add_adult, post

SAMIRA = {
    "name": "Samira Haddad",
    "known_as": "Mrs Haddad",
    "email": "Samira@OakLane.sch.uk",
    "roles": ["teacher"],
}
LINK = re.compile(r"http://localhost(/staff/join/\w+)")


@pytest.fixture
def dsl(school: Founded) -> FlaskClient:
    return school.adult("DSL")


def add(browser: FlaskClient, **changed: object) -> str:
    return post(browser, "/people/add", {**SAMIRA, **changed}, page="/people").text


def addresses(school: Founded) -> list[str]:
    with school.app.app_context():
        return [adult.email for adult in staff.adults(school.id)]


@pytest.mark.parametrize("role", ["DSL", Role.HEAD, Role.CHAIR, Role.OFFICE])
def test_the_team_and_the_office_see_the_people(school: Founded, role: str) -> None:
    assert school.adult(role).get("/people").status_code == 200


@pytest.mark.parametrize("role", [Role.TEACHER, Role.TECHNICIAN])
def test_others_do_not(school: Founded, role: str) -> None:
    browser = school.adult(role)
    head = school.adults[Role.HEAD]
    for page in ("/people", f"/people/{head}", f"/people/{head}/end"):
        assert browser.get(page).status_code == 403
    assert browser.post("/people/add", data=SAMIRA).status_code == 403
    assert school.pupil("Amina").get("/people").status_code == 403


def test_nobody_who_is_not_signed_in_sees_the_people(client: FlaskClient, school: Founded) -> None:
    answer = client.get("/people")
    assert (answer.status_code, answer.location) == (303, "/staff/sign-in?after=/people")


def test_three_with_one_from_outside_are_safe(dsl: FlaskClient) -> None:
    page = dsl.get("/people")
    assert "Safe: 3 adults can see concerns." in wording(page)
    assert "Unsafe" not in page.text
    assert "Nobody" not in page.text


def test_it_is_unsafe_in_red_until_three_have_signed_in_one_from_outside(app: Flask) -> None:
    here = small_school(app)
    browser = app.test_client()
    signed_in_adult(browser, "lane.okafor@example.sch.uk")
    page = browser.get("/people")
    assert here.lane in page.text
    assert "Unsafe: 1 of 3 adults can see concerns." in wording(page)
    assert "chair of governors, who is outside the staff" in wording(page)
    assert re.search(r'class="banner unsafe" role="status"', page.text)


def test_where_a_concern_would_reach_nobody_it_says_nobody_in_red(app: Flask) -> None:
    small_school(app)
    browser = app.test_client()
    signed_in_adult(browser, "lane.okafor@example.sch.uk")
    said = wording(browser.get("/people"))
    assert "A pupil, or nobody named Peter Lane Nobody" in said
    assert "Peter Lane Nobody Nobody" in said


def test_a_concern_goes_to_the_next_listed_who_is_not_the_subject(dsl: FlaskClient) -> None:
    said = wording(dsl.get("/people"))
    assert "A pupil, or nobody named Peter Lane Gwen Pritchard" in said
    assert "Peter Lane Gwen Pritchard Imran Sheikh" in said
    assert "Gwen Pritchard Peter Lane Imran Sheikh" in said


def test_an_invited_adult_is_not_counted(school: Founded, dsl: FlaskClient) -> None:
    add_adult(school, "Una Reid", Role.DEPUTY)
    said = wording(dsl.get("/people"))
    assert "Nothing until signed in once Invited, not counted The link works until" in said
    assert "Una Reid Peter Lane Gwen Pritchard" in said


def test_an_added_adult_joins_by_a_link_that_is_shown_once(
    school: Founded, dsl: FlaskClient, client: FlaskClient
) -> None:
    link = LINK.search(add(dsl))
    assert link is not None
    assert link[1] not in dsl.get("/people").text
    assert "samira@oaklane.sch.uk" in addresses(school)
    page = client.get(link[1])
    answer = press(client, page, "Set my password and sign in", password="four blue spoons")
    assert answer.location == "/today"
    assert client.get(link[1]).status_code == 404


def test_a_link_that_only_this_machine_can_open_says_so(dsl: FlaskClient) -> None:
    assert "works on this machine only" in add(dsl)


def test_an_address_in_use_is_refused_and_what_was_typed_is_kept(
    school: Founded, dsl: FlaskClient
) -> None:
    page = add(dsl, email="gwen@OAKLANE.sch.uk")
    assert "That address is in use" in page
    assert 'value="Samira Haddad"' in page
    assert 'value="teacher" checked' in page


def test_the_office_cannot_let_anybody_see_concerns(school: Founded) -> None:
    page = add(school.adult(Role.OFFICE), roles=["teacher", "deputy"])
    assert "Only someone who sees concerns can let another adult see them." in page
    assert 'value="Samira Haddad"' in page
    assert 'value="deputy" checked' in page
    assert "samira@oaklane.sch.uk" not in addresses(school)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Type the name."),
        ({"known_as": "\u200b\u202e"}, "Type what pupils say"),
        ({"email": ""}, "Type the e-mail address."),
        ({"email": "samira at school"}, "Write the whole address"),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["pupil"]}, "Choose from the list."),
        ({"roles": ["trust lead"]}, "Choose from the list."),
        ({"roles": ["chair of governors", "teacher"]}, "not on the staff"),
    ],
)
def test_a_slip_in_adding_is_named(
    school: Founded, dsl: FlaskClient, changed: dict[str, object], says: str
) -> None:
    before = addresses(school)
    assert says in add(dsl, **changed)
    assert addresses(school) == before


def test_a_name_and_an_address_can_be_corrected(school: Founded, dsl: FlaskClient) -> None:
    there = f"/people/{school.adults[Role.TEACHER]}"
    fresh = {"name": "Ngozi Okafor-Lane", "known_as": "Mrs O", "email": "ngozi.o@oaklane.sch.uk"}
    assert post(dsl, f"{there}/details", fresh, page=there).location == "/people"
    assert "Ngozi Okafor-Lane ngozi.o@oaklane.sch.uk Mrs O" in wording(dsl.get("/people"))
    taken = post(dsl, f"{there}/details", {**fresh, "email": "gwen@oaklane.sch.uk"}, page=there)
    assert "That address is in use" in taken.text
    assert 'value="Mrs O"' in taken.text


def test_the_office_cannot_change_the_address_of_somebody_who_sees_concerns(
    school: Founded,
) -> None:
    office, there = school.adult(Role.OFFICE), f"/people/{school.adults[Role.HEAD]}"
    mine = {"name": "Gwen", "known_as": "Gwen", "email": "mine@example.uk"}
    page = post(office, f"{there}/details", mine, page=there)
    assert "Only someone who sees concerns can change" in page.text
    assert "mine@example.uk" not in addresses(school)


def test_roles_are_given_and_taken(school: Founded, dsl: FlaskClient) -> None:
    there = f"/people/{school.adults[Role.TEACHER]}"
    roles = {"roles": ["teacher", "teaching assistant"]}
    assert post(dsl, f"{there}/roles", roles, page=there).location == "/people"
    with school.app.app_context():
        adult = staff.adult(school.id, school.adults[Role.TEACHER])
    assert adult is not None
    assert adult.roles == (Role.TEACHER, Role.TEACHING_ASSISTANT)


def test_each_page_of_an_adult_has_one_button_that_saves_so_that_nothing_ticked_is_lost(
    school: Founded, dsl: FlaskClient
) -> None:
    there = f"/people/{school.adults[Role.TEACHER]}"
    page = dsl.get(there)
    assert page.text.count(">Save") == 1
    assert 'name="roles"' not in page.text
    roles = dsl.get(f"{there}/roles")
    assert roles.text.count(">Save") == 1
    assert re.findall(r'value="([^"]+)" checked', roles.text) == ["teacher"]
    press(dsl, roles, "Save roles", roles=["teacher", "office"])
    assert "Teacher, Office" in wording(dsl.get(there))
    refused = press(dsl, roles, "Save roles", roles=["teacher", "chair of governors"])
    assert re.findall(r'value="([^"]+)" checked', refused.text) == ["teacher", "chair of governors"]


def test_nobody_is_offered_to_change_or_end_an_account_that_they_may_not(school: Founded) -> None:
    """They read who can; the form itself is refused as before."""
    office, chair = school.adult(Role.OFFICE), school.adult(Role.CHAIR)
    for browser, whose, says in (
        (office, Role.HEAD, "Only someone who sees concerns can"),
        (chair, Role.TEACHER, "Only the office, a DSL, a deputy or the head can"),
    ):
        there = f"/people/{school.adults[whose]}"
        page = browser.get(there)
        assert "End this account" not in page.text
        assert "Change roles" not in page.text
        assert ">Save" not in page.text
        assert f"{says} change this account." in wording(page)
        assert f"{says} end this account." in wording(page)
        ending = browser.get(f"{there}/end")
        assert "End the account</button>" not in ending.text
        assert f"{says} end this account." in wording(ending)
        assert post(browser, f"{there}/end").status_code == 200, "refused"
        roles = browser.get(f"{there}/roles")
        assert ">Save" not in roles.text
        assert f"{says} change this account." in wording(roles)
    for browser, whose in ((office, Role.TEACHER), (chair, Role.HEAD)):
        page = wording(browser.get(f"/people/{school.adults[whose]}"))
        assert "End this account" in page
        assert "Change roles" in page


def test_every_role_that_can_be_given_has_its_box(dsl: FlaskClient) -> None:
    boxes = re.findall(r'name="roles" value="([^"]+)"', dsl.get("/people").text)
    assert boxes == [role.value for role in GRANTABLE]


def test_cover_sees_the_class_that_the_office_gives_and_nothing_once_it_has_ended(
    school: Founded,
) -> None:
    office = school.adult(Role.OFFICE)
    school.adults[Role.COVER] = cover = add_adult(school, "Rosa Diaz", Role.COVER)
    hazel = {"name": "Hazel", "years": ["4"], "adults": [cover]}
    post(office, f"/classes/{school.hazel}/change", hazel)
    browser = school.adult(Role.COVER)
    classes = [f"/class/{one}" for one in (school.hazel, school.elder)]
    assert [browser.get(one).status_code for one in classes] == [200, 404]
    assert "Amina" in browser.get(classes[0]).text
    assert [browser.get(one).status_code for one in ("/classes", "/people")] == [403, 403]
    there = f"/people/{cover}/end"
    assert post(office, there).location == "/people"
    assert browser.get(classes[0]).location.startswith("/staff/sign-in")


def test_a_change_that_would_leave_too_few_says_why(school: Founded, dsl: FlaskClient) -> None:
    there = f"/people/{school.adults[Role.HEAD]}"
    page = post(dsl, f"{there}/roles", {"roles": ["teacher"]}, page=there)
    assert "fewer than three adults could see concerns" in page.text
    page = post(dsl, f"{there}/end")
    assert "fewer than three adults could see concerns" in page.text
    assert "gwen@oaklane.sch.uk" in addresses(school)


def test_who_gives_up_the_last_role_that_keeps_lists_goes_on_to_today(school: Founded) -> None:
    office, there = school.adult(Role.OFFICE), f"/people/{school.adults[Role.OFFICE]}"
    post(school.adult("DSL"), f"{there}/roles", {"roles": ["office", "technician"]}, page=there)
    answer = post(office, f"{there}/roles", {"roles": ["technician"]}, page=there)
    assert answer.location == "/today"
    assert office.get("/people").status_code == 403


def test_an_account_ends_after_a_question_and_at_once(school: Founded, dsl: FlaskClient) -> None:
    teacher = school.adult(Role.TEACHER)
    there = f"/people/{school.adults[Role.TEACHER]}/end"
    assert "End the account of Ngozi Okafor" in wording(dsl.get(there))
    assert teacher.get("/classes").status_code == 200
    assert post(dsl, there).location == "/people"
    assert teacher.get("/classes").status_code == 303
    assert dsl.get(there).status_code == 404


def test_nobody_is_offered_to_end_their_own_account(school: Founded, dsl: FlaskClient) -> None:
    there = f"/people/{school.adults['DSL']}"
    assert "End this account" not in dsl.get(there).text
    page = dsl.get(f"{there}/end")
    assert "You cannot end your own account." in wording(page)
    assert "End the account</button>" not in page.text


def test_a_new_link_opens_the_door_for_somebody_who_forgot_the_password(
    school: Founded, dsl: FlaskClient, client: FlaskClient
) -> None:
    there = f"/people/{school.adults[Role.TEACHER]}"
    link = LINK.search(post(dsl, f"{there}/link", page=there).text)
    assert link is not None
    press(client, client.get(link[1]), "Set my password and sign in", password="four blue spoons")
    assert client.get("/classes").status_code == 200


def test_a_stale_button_does_nothing_and_says_so(school: Founded, dsl: FlaskClient) -> None:
    there = f"/people/{school.adults[Role.TEACHER]}"
    page = dsl.post(f"{there}/link", data={"csrf_token": "stale"})
    assert "Press the button again." in page.text
    assert LINK.search(page.text) is None
    page = dsl.post(f"{there}/end", data={"csrf_token": "stale"})
    assert page.status_code == 200
    assert "ngozi@oaklane.sch.uk" in addresses(school)


def test_an_adult_of_another_school_is_not_there(school: Founded, dsl: FlaskClient) -> None:
    other = small_school(school.app)
    for there in ("", "/end"):
        assert dsl.get(f"/people/{other.okafor}{there}").status_code == 404
    for action in ("details", "roles", "link", "end"):
        assert dsl.post(f"/people/{other.okafor}/{action}").status_code == 404
    assert "okafor@example.sch.uk" not in dsl.get("/people").text
    assert PASSWORD not in dsl.get("/people").text


def test_no_page_with_a_form_moves_on_by_itself_and_loses_what_was_typed(
    school: Founded, dsl: FlaskClient
) -> None:
    hazel, amina = f"/classes/{school.hazel}", f"/pupils/{school.pupils['Amina']}"
    teacher = f"/people/{school.adults[Role.TEACHER]}"
    for page in ("/people", teacher, "/classes", hazel, f"{hazel}/change", amina):
        assert 'http-equiv="refresh"' not in dsl.get(page).text
    assert 'http-equiv="refresh"' not in add(dsl)
    assert 'http-equiv="refresh"' in dsl.get(f"{amina}/remove").text

"""Classes, as the office and their teachers keep them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.people.queries import classes, staff
from app.people.rules import Role
from tests.at_school import at_the_names, press, small_school, wording
from tests.founded import Founded, add_adult, post

BIRCH = {"name": "Birch", "years": ["1", "2"], "adults": []}


@pytest.fixture
def office(school: Founded) -> FlaskClient:
    return school.adult(Role.OFFICE)


@pytest.fixture
def teacher(school: Founded) -> FlaskClient:
    return school.adult(Role.TEACHER)


def listed(school: Founded) -> dict[str, str]:
    with school.app.app_context():
        return {facts.name: facts.id for facts in classes.classes(school.id)}


def code_of(school: Founded) -> str:
    with school.app.app_context():
        facts = classes.class_(school.id, school.hazel)
    assert facts is not None
    return f"{facts.code_word} {facts.code_number}"


def test_a_class_is_added_with_its_years_and_adults(school: Founded, office: FlaskClient) -> None:
    teacher = school.adults[Role.TEACHER]
    answer = post(office, "/classes/add", {**BIRCH, "adults": [teacher]}, page="/classes")
    birch = listed(school)["Birch"]
    assert answer.location == f"/classes/{birch}"
    assert "Birch Year 1, Year 2 Ngozi Okafor 0" in wording(office.get("/classes"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Type the class name."),
        ({"name": "hazel"}, "Another class has this name."),
        ({"name": "B" * 41}, "This is too long."),
        ({"years": []}, "Choose at least one year."),
        ({"years": ["1", "12"]}, "Choose from the list."),
    ],
)
def test_a_slip_in_a_class_is_named_and_the_rest_kept(
    school: Founded, office: FlaskClient, changed: dict[str, object], says: str
) -> None:
    before = listed(school)
    page = post(office, "/classes/add", {**BIRCH, **changed}, page="/classes")
    assert says in page.text
    if "years" not in changed:
        assert 'name="years" value="2" checked' in page.text
    assert listed(school) == before


def test_a_class_without_an_adult_is_fine_and_said(school: Founded, office: FlaskClient) -> None:
    said = wording(office.get("/classes"))
    assert "Elder has no adult. That is fine for now." in said
    assert "Hazel has no adult" not in said
    assert "No class yet: Reception, Year 1, Year 2, Year 3." in said


def test_the_chair_of_governors_and_the_technician_work_with_no_class(
    school: Founded, office: FlaskClient
) -> None:
    page = office.get("/classes").text
    chair = school.adults[Role.CHAIR]
    assert chair not in page
    assert school.adults[Role.TECHNICIAN] not in page
    refused = post(office, "/classes/add", {**BIRCH, "adults": [chair]}, page="/classes")
    assert "cannot work with a class now" in refused.text
    assert "Birch" not in listed(school)


def test_the_office_puts_itself_in_no_class_and_others_only_with_the_teams_knowledge(
    school: Founded, office: FlaskClient
) -> None:
    dsl, me = school.adult("DSL"), school.adults[Role.OFFICE]
    post(dsl, f"/people/{me}/roles", {"roles": ["office", "teacher"]}, page=f"/people/{me}")
    refused = post(office, "/classes/add", {**BIRCH, "adults": [me]}, page="/classes")
    assert "You cannot add yourself to a class." in refused.text
    assert "Birch" not in listed(school)
    una = add_adult(school, "Una Reid", Role.TEACHER)
    post(office, "/classes/add", {**BIRCH, "adults": [una]}, page="/classes")
    assert "Kay Bell added Una Reid to Birch." in wording(dsl.get("/today"))


def test_an_adult_of_another_school_cannot_be_put_in_a_class(
    school: Founded, office: FlaskClient
) -> None:
    other = small_school(school.app)
    answer = post(office, "/classes/add", {**BIRCH, "adults": [other.okafor]}, page="/classes")
    assert answer.status_code == 404
    assert "Birch" not in listed(school)


def test_a_class_is_changed(school: Founded, office: FlaskClient) -> None:
    una = add_adult(school, "Una Reid", Role.TEACHER)
    there = f"/classes/{school.hazel}/change"
    changed = {"name": "Hazel Tree", "years": ["3", "4"], "adults": [una]}
    assert post(office, there, changed).location == f"/classes/{school.hazel}"
    assert listed(school)["Hazel Tree"] == school.hazel
    with school.app.app_context():
        assert [a.id for a in staff.adults_of_class(school.id, school.hazel)] == [una]
    kept = office.get(there).text
    assert 'value="Hazel Tree"' in kept
    assert 'name="years" value="3" checked' in kept
    assert f'value="{una}" checked' in kept


def test_taking_every_year_away_is_refused_and_not_half_done(
    school: Founded, office: FlaskClient
) -> None:
    page = post(office, f"/classes/{school.hazel}/change", {"name": "Hazel Tree"})
    assert "Choose at least one year." in page.text
    assert "Hazel" in listed(school)
    assert "Hazel Tree" not in listed(school)


def test_a_new_code_ends_the_pass_of_every_device(
    school: Founded, office: FlaskClient, client: FlaskClient
) -> None:
    word, number = code_of(school).split()
    with school.app.app_context():
        from app.people.actions import sign_ins

        sign_ins.open_class(school.id, school.hazel)
    assert "Amina" in wording(at_the_names(client, word=word, number=number))
    there = f"/classes/{school.hazel}"
    assert press(office, office.get(there), "New code").location == there
    assert code_of(school) != f"{word} {number}"
    assert code_of(school) in wording(office.get(there))
    gone = client.get("/sign-in/names")
    assert "Amina" not in gone.text


def test_a_teacher_keeps_the_list_of_the_own_class_alone(
    school: Founded, teacher: FlaskClient
) -> None:
    said = wording(teacher.get("/classes"))
    assert "Hazel" in said
    assert "Elder" not in said
    assert "Add a class" not in said
    assert teacher.get(f"/classes/{school.hazel}").status_code == 200
    assert teacher.get(f"/classes/{school.elder}").status_code == 404
    assert teacher.get(f"/classes/{school.hazel}/change").status_code == 403
    assert teacher.post("/classes/add", data=BIRCH).status_code == 403


def test_a_teacher_without_a_class_is_told_whom_to_ask(school: Founded) -> None:
    school.adults["una"] = add_adult(school, "Una Reid", Role.TEACHER)
    said = wording(school.adult("una").get("/classes"))
    assert "You do not work with a class. The office can add you to one." in said


@pytest.mark.parametrize("role", [Role.TECHNICIAN])
def test_others_see_no_lists(school: Founded, role: str) -> None:
    browser = school.adult(role)
    assert browser.get("/classes").status_code == 403
    assert browser.get(f"/classes/{school.hazel}").status_code == 403
    assert browser.get(f"/pupils/{school.pupils['Amina']}").status_code == 403
    assert school.pupil("Amina").get(f"/classes/{school.hazel}").status_code == 403


def test_a_class_of_another_school_is_not_there(school: Founded, office: FlaskClient) -> None:
    other = small_school(school.app)
    for page in ("", "/change"):
        assert office.get(f"/classes/{other.hazel}{page}").status_code == 404
    for action in ("change", "names", "names/save", "pupils"):
        assert office.post(f"/classes/{other.hazel}/{action}").status_code == 404
    assert other.hazel not in office.get("/classes").text

"""One pupil: renamed, moved, removed."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.people.rules import Role
from tests.at_school import small_school, wording
from tests.founded import Founded, add_adult, post


@pytest.fixture
def office(school: Founded) -> FlaskClient:
    return school.adult(Role.OFFICE)


@pytest.fixture
def amina(school: Founded) -> str:
    return f"/pupils/{school.pupils['Amina']}"


def test_a_name_is_corrected(school: Founded, office: FlaskClient, amina: str) -> None:
    fresh = {"given": "Aminah", "family": "Khan-Reid"}
    answer = post(office, f"{amina}/name", fresh, page=amina)
    assert answer.location == f"/classes/{school.hazel}"
    assert "Aminah Aminah Khan-Reid" in wording(office.get(answer.location))


def test_a_pupil_may_have_one_name(school: Founded, office: FlaskClient, amina: str) -> None:
    assert post(office, f"{amina}/name", {"given": "Suharto"}, page=amina).status_code == 303
    assert "Suharto" in school.shown(school.hazel)


@pytest.mark.parametrize(
    ("given", "family", "says"),
    [
        ("", "Khan", "Type the first name."),
        ("\u200b\x00", "Khan", "Type the first name."),
        ("=1+1", "Khan", "This is a formula, not a name."),
        ("Amina", "@Khan", "This is a formula, not a name."),
        ("🦔", "Khan", "This is a first name without letters."),
        ("Amina", "K" * 10_000, "This is longer than 100 letters."),
    ],
)
def test_what_is_no_name_is_refused_and_kept(
    school: Founded, office: FlaskClient, amina: str, *, given: str, family: str, says: str
) -> None:
    page = post(office, f"{amina}/name", {"given": given, "family": family}, page=amina)
    assert says in page.text
    assert f'value="{family}"' in page.text
    assert "Amina" in school.shown(school.hazel)


def test_a_pupil_moves_to_another_class(school: Founded, office: FlaskClient, amina: str) -> None:
    assert f'value="{school.elder}"' in office.get(amina).text
    answer = post(office, f"{amina}/move", {"to": school.elder}, page=amina)
    assert answer.location == f"/classes/{school.elder}"
    assert "Amina" in school.shown(school.elder)


def test_a_move_to_nowhere_is_refused(school: Founded, office: FlaskClient, amina: str) -> None:
    assert "Choose a class." in post(office, f"{amina}/move", {"to": ""}, page=amina).text
    other = small_school(school.app)
    for class_id in (other.hazel, "nowhere", "\x00"):
        answer = post(office, f"{amina}/move", {"to": class_id}, page=amina)
        assert answer.status_code == 404
    assert "Amina" in school.shown(school.hazel)


def test_a_pupil_is_removed_after_a_question_and_is_out_at_once(
    school: Founded, office: FlaskClient, amina: str
) -> None:
    child = school.pupil("Amina")
    assert child.get("/map").status_code == 200
    there = f"{amina}/remove"
    assert "Remove Amina Khan" in wording(office.get(there))
    assert office.post(there, data={"csrf_token": "old"}).status_code == 200
    assert child.get("/map").status_code == 200
    assert post(office, there).location == f"/classes/{school.hazel}"
    assert child.get("/map").status_code == 303
    assert office.get(amina).status_code == 404


def test_a_teacher_changes_pupils_of_the_own_class_alone(school: Founded, amina: str) -> None:
    school.adults["una"] = add_adult(school, "Una Reid", Role.TEACHER)
    mine, other = school.adult(Role.TEACHER), school.adult("una")
    assert mine.get(amina).status_code == 200
    assert school.elder not in mine.get(amina).text
    assert (
        post(mine, f"{amina}/move", {"to": school.elder}, page=f"{amina}/remove").status_code == 404
    )
    assert other.get(amina).status_code == 404
    assert other.post(f"{amina}/remove").status_code == 404


def test_a_pupil_of_another_school_is_not_there(school: Founded, office: FlaskClient) -> None:
    other = small_school(school.app)
    for page in ("", "/remove"):
        assert office.get(f"/pupils/{other.amina}{page}").status_code == 404
    for action in ("name", "move", "remove"):
        assert office.post(f"/pupils/{other.amina}/{action}").status_code == 404

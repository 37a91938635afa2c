"""Setting up the school: once, from the machine itself or with the code of its terminal."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.base.database import db
from app.people.actions.schools import FirstAccount, found_school
from app.people.passwords import proves
from app.people.queries import schools, staff
from app.people.rules import Role
from app.people.tables import School, Staff
from app.safeguarding.tables import SchoolKey
from tests.at_school import wording
from tests.founded import OAK_LANE, Founded, post
from tests.stepped import set_up_by_page

GOOD = {
    "school_name": "Oak Lane Primary",
    "nation": "Wales",
    "day_starts": "08:45",
    "day_ends": "15:30",
    "read_within": "the same school day",
    "name": "Peter Lane",
    "known_as": "Mr Lane",
    "email": "P.Lane@OakLane.sch.uk",
    "password": "three red kettles",
    "password_again": "three red kettles",
}
AWAY = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture
def far(app: Flask) -> FlaskClient:
    """A browser on another machine, which comes over TLS."""
    app.config["PREFERRED_URL_SCHEME"] = "https"
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = AWAY["REMOTE_ADDR"]
    return browser


def code_of(app: Flask) -> str:
    code: str = app.extensions["catkin"].setup_code
    return code


def how_many_schools(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(School.id))) or 0


def test_the_school_and_its_first_adult_are_set_up_and_signed_in(
    app: Flask, client: FlaskClient
) -> None:
    answer = post(client, "/set-up", GOOD)
    assert (answer.status_code, answer.location) == (303, "/staff/second-step?after=/people")
    set_up_by_page(client, answer)
    assert "Peter Lane (you)" in wording(client.get("/people"))
    with app.app_context():
        school_id = schools.lone_school()
        assert school_id is not None
        school = schools.the_school(school_id)
        assert (school.name, school.nation) == ("Oak Lane Primary", "Wales")
        assert (school.day.starts, school.day.ends) == (time(8, 45), time(15, 30))
        assert school.read_within == "the same school day"
        (first,) = staff.adults(school_id)
        assert first.roles == (Role.DSL,)
        assert first.email == "p.lane@oaklane.sch.uk"
        assert first.signed_in_once
        kept = db.session.scalar(select(Staff.password))
        assert proves(GOOD["password"], kept)


def test_the_school_can_take_a_childs_words_from_its_first_minute(
    app: Flask, client: FlaskClient
) -> None:
    post(client, "/set-up", GOOD)
    with app.app_context():
        assert db.session.scalar(select(SchoolKey.school_id)) == schools.lone_school()


def test_set_up_is_gone_once_a_school_exists(client: FlaskClient, school: Founded) -> None:
    assert client.get("/set-up").status_code == 404
    assert client.post("/set-up", data=GOOD).status_code == 404
    assert client.post("/set-up/code", data={"code": "12345678"}).status_code == 404


def test_of_two_browsers_at_once_one_sets_up_the_school(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quicker(school_id: str, school: Any, first: FirstAccount) -> str:
        found_school("quicker", OAK_LANE, FirstAccount("A", "B", "a@b.uk", "three blue cups"))
        return found_school(school_id, school, first)

    monkeypatch.setattr("app.doors.office.set_up.found_school", quicker)
    keys = app.extensions["catkin"].keys
    before = sorted(file.name for file in keys.file("pictures").parent.iterdir())
    assert post(client, "/set-up", GOOD).status_code == 404
    assert how_many_schools(app) == 1
    after = sorted(file.name for file in keys.file("pictures").parent.iterdir())
    assert after == before, "no key is left of the school that was not founded"
    with app.app_context():
        assert db.session.scalars(select(SchoolKey.school_id)).all() == []


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_the_machine_itself_needs_no_code(client: FlaskClient, address: str) -> None:
    page = client.get("/set-up", environ_base={"REMOTE_ADDR": address})
    assert page.status_code == 200


@pytest.mark.parametrize(
    "asking",
    [
        {"environ_base": AWAY},
        {"environ_base": {"REMOTE_ADDR": "not an address"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"Host": "rebound.example:8000"}},
        {"headers": {"Host": "[::1"}},
    ],
)
def test_anybody_else_is_asked_for_the_code(client: FlaskClient, asking: dict[str, Any]) -> None:
    page = client.get("/set-up", base_url="https://localhost", **asking)
    assert page.status_code == 403
    assert "code of eight digits" in wording(page)
    plain = client.get("/set-up", **asking)
    assert plain.status_code == 403
    assert "code of eight digits" not in wording(plain), "it would be typed for all to read"
    assert "school_name" not in page.text


def test_without_the_code_nothing_is_set_up_from_afar(app: Flask, far: FlaskClient) -> None:
    assert far.post("/set-up", data=GOOD).status_code == 403
    assert how_many_schools(app) == 0


def test_the_code_from_the_terminal_opens_set_up(app: Flask, far: FlaskClient) -> None:
    code = code_of(app)
    answer = post(far, "/set-up/code", {"code": f" {code[:4]} {code[4:]} "}, page="/set-up")
    assert (answer.status_code, answer.location) == (303, "/set-up")
    assert post(far, "/set-up", GOOD).location == "/staff/second-step?after=/people"
    assert how_many_schools(app) == 1


def test_after_ten_codes_that_did_not_fit_none_is_looked_at_for_a_while(
    app: Flask, far: FlaskClient, clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        page = post(far, "/set-up/code", {"code": "nonsense"}, page="/set-up")
        assert page.status_code == 403
    assert "Try again at 10:15" in wording(page)
    right = {"code": code_of(app)}
    assert post(far, "/set-up/code", right, page="/set-up").status_code == 403
    clock.shift(timedelta(minutes=16))
    assert post(far, "/set-up/code", right, page="/set-up").status_code == 303


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"school_name": " \u200b "}, "Type the name of the school."),
        ({"nation": ""}, "Choose a nation."),
        ({"nation": "Atlantis"}, "Choose from the list."),
        ({"day_starts": ""}, "Type when school starts."),
        ({"day_starts": "half past\x00 eight"}, "Write the time like 8:45."),
        ({"day_ends": "08:45"}, "School ends after it starts."),
        ({"read_within": "for ever"}, "Choose from the list."),
        ({"email": "peter"}, "Write the whole address"),
        ({"password": "kettles", "password_again": "kettles"}, "Use 8 characters or more."),
        ({"password": "Password1", "password_again": "Password1"}, "on the common list"),
        ({"password": "OAKLANEPRIMARY"}, "the school's name"),
        ({"password": "p.lane@oaklane.sch.uk"}, "an e-mail address"),
        ({"password_again": "three red kettels"}, "The two passwords are not the same."),
    ],
)
def test_a_slip_is_named_and_everything_typed_is_kept(
    app: Flask, client: FlaskClient, changed: dict[str, str], says: str
) -> None:
    page = post(client, "/set-up", {**GOOD, **changed})
    assert page.status_code == 200
    assert says in wording(page).replace("’", "'")
    for name, typed in {**GOOD, **changed}.items():
        if name not in {"password", "password_again", "nation", "read_within", *changed}:
            assert f'value="{typed.lower() if name == "email" else typed}"' in page.text
    assert how_many_schools(app) == 0


def test_no_password_is_ever_shown_again(client: FlaskClient) -> None:
    page = post(client, "/set-up", {**GOOD, "nation": ""})
    assert GOOD["password"] not in page.text


def test_a_page_that_was_open_too_long_keeps_what_was_typed(
    app: Flask, client: FlaskClient
) -> None:
    client.get("/set-up")
    page = client.post("/set-up", data={**GOOD, "csrf_token": "stale"})
    assert "Nothing is lost" in wording(page)
    assert 'value="Oak Lane Primary"' in page.text
    assert how_many_schools(app) == 0

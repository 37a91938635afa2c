"""Adults: e-mail and password, slowed per account; the joining link; being signed out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock as base_clock
from app.base import ids
from app.base.database import Store, writing
from app.people import passwords
from app.people.queries import staff
from app.people.tables import Invitation, Staff
from tests.at_school import PASSWORD, TEN, AtSchool, press, signed_in_adult, small_school, wording

OKAFOR = "okafor@example.sch.uk"
MESSAGE = "That did not work. Check your email and password, then try again."


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


def _try(
    client: FlaskClient, email: str, password: str, there: str = "/staff/sign-in"
) -> TestResponse:
    return press(client, client.get(there), "Sign in", email=email, password=password)


def _invite(app: Flask, here: AtSchool) -> str:
    token = ids.new_token()
    with app.app_context(), writing(Store.LEARNING) as session:
        session.add(
            Invitation(
                fingerprint=ids.fingerprint(token),
                school_id=here.school,
                staff_id=here.okafor,
                made_by=here.lane,
                ends_at=base_clock.now() + timedelta(days=7),
            )
        )
    return token


def test_an_adult_signs_in_and_the_first_time_is_noted(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    answer = _try(client, " Okafor@Example.sch.uk ", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "Ngozi Okafor" in wording(client.get("/today"))
    with app.app_context():
        adult = staff.adult(here.school, here.okafor)
    assert adult is not None
    assert adult.signed_in_once


def test_signing_in_leads_back_to_the_page_that_was_wanted(
    client: FlaskClient, here: AtSchool
) -> None:
    wanted = client.get(f"/class/{here.hazel}")
    answer = _try(client, OKAFOR, PASSWORD, wanted.location)
    assert answer.location == f"/class/{here.hazel}"


@pytest.mark.parametrize("after", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_away_from_catkin(
    client: FlaskClient, here: AtSchool, after: str
) -> None:
    page = client.get("/staff/sign-in", query_string={"after": after})
    assert press(client, page, "Sign in", email=OKAFOR, password=PASSWORD).location == "/today"


def test_every_failure_says_the_same_and_keeps_the_email(
    client: FlaskClient, here: AtSchool
) -> None:
    said = set()
    for email, password in ((OKAFOR, "not this one"), ("nobody@example.sch.uk", PASSWORD)):
        page = _try(client, email, password)
        assert f'value="{email}"' in page.text
        assert password not in page.text
        said.add(wording(page))
    assert len(said) == 1
    assert MESSAGE in said.pop()


def test_an_unknown_account_takes_the_same_work_as_a_known_one(
    client: FlaskClient, here: AtSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    real = passwords._HASHER

    class Counting:
        def hash(self, text: str) -> str:
            return real.hash(text)

        def verify(self, kept: str, text: str) -> bool:
            checked.append(kept)
            return real.verify(kept, text)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    _try(client, OKAFOR, "not this one")
    _try(client, "nobody@example.sch.uk", "not this one")
    assert len(checked) == 2


@pytest.mark.parametrize("email", [OKAFOR, "nobody@example.sch.uk"])
def test_an_account_rests_after_five_misses_whether_or_not_it_exists(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller, email: str
) -> None:
    for _ in range(4):
        assert "Try again at" not in wording(_try(client, email, "not this one"))
    assert "Try again at 10:01." in wording(_try(client, email, "not this one"))
    resting = _try(client, email, PASSWORD)
    assert MESSAGE in wording(resting)
    assert "Try again at 10:01." in wording(resting)
    clock.move_to(TEN + timedelta(minutes=1))
    answer = _try(client, email, PASSWORD)
    assert (answer.status_code == 303) is (email == OKAFOR)


def test_from_ten_misses_on_an_account_rests_five_minutes_each_time(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    for _ in range(5):
        _try(client, OKAFOR, "not this one")
    clock.shift(timedelta(seconds=31))
    for _ in range(5):
        page = _try(client, OKAFOR, "not this one")
    assert "Try again at 10:06." in wording(page)
    clock.move_to(TEN + timedelta(minutes=10))
    for _ in range(5):
        page = _try(client, OKAFOR, "not this one")
    assert "Try again at 10:15." in wording(page)
    clock.move_to(TEN + timedelta(minutes=20))
    assert "Try again at 10:25." in wording(_try(client, OKAFOR, "not this one"))


def test_misses_of_one_account_leave_another_alone(client: FlaskClient, here: AtSchool) -> None:
    for _ in range(5):
        _try(client, OKAFOR, "not this one")
    assert _try(client, f"lane.{OKAFOR}", PASSWORD).location == "/staff/code?after=/today"


@pytest.mark.parametrize("typed", ["", "x" * 10_000, "🦊", "\x00", "<b>"])
def test_strange_typing_is_answered_in_a_sentence(
    client: FlaskClient, here: AtSchool, typed: str
) -> None:
    page = _try(client, typed, typed)
    assert page.status_code == 200
    assert "<b>" not in page.text


def test_an_adult_is_signed_out_after_fifteen_minutes_away(
    client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    signed_in_adult(client)
    clock.shift(timedelta(minutes=14))
    assert "Are you still there?" in wording(client.get("/staff/still-here"))
    clock.shift(timedelta(seconds=61))
    away = client.get("/staff/still-here", follow_redirects=True)
    assert "You were away, so you were signed out." in wording(away)
    answer = press(client, away, "Sign in", email=OKAFOR, password=PASSWORD)
    assert answer.location == "/today"


def test_signing_out_kills_the_cookie_for_good(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    signed_in_adult(client)
    cookie = client.get_cookie("catkin")
    assert cookie is not None
    answer = press(client, client.get("/today"), "Sign out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.set_cookie("catkin", cookie.value)
    assert client.get("/today").status_code == 303


def test_an_invited_adult_sets_a_password_once_and_is_signed_in(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    link = f"/staff/join/{_invite(app, here)}"
    page = client.get(link)
    assert "Ngozi Okafor" in wording(page)
    assert "Oak Lane Primary" in wording(page)
    answer = press(client, page, "Set my password and sign in", password="three blue umbrellas")
    assert answer.location == "/today"
    assert client.get("/today").status_code == 200
    other = app.test_client()
    assert _try(other, OKAFOR, "three blue umbrellas").location == "/today"
    for again in (other.get(link), press(other, page, "Set my password and sign in", password="x")):
        assert again.status_code == 404
        assert "This link has been used or is too old. Ask for a new one." in wording(again)


@pytest.mark.parametrize("weak", ["", "short", "password", "Oak Lane Primary", OKAFOR, "11111111"])
def test_a_short_or_common_password_is_refused_and_the_link_still_works(
    app: Flask, client: FlaskClient, here: AtSchool, weak: str
) -> None:
    page = client.get(f"/staff/join/{_invite(app, here)}")
    again = press(client, page, "Set my password and sign in", password=weak)
    assert again.status_code == 200
    assert "Look at this again" in wording(again)
    answer = press(client, again, "Set my password and sign in", password="three blue umbrellas")
    assert answer.location == "/today"


def test_a_link_ends_after_seven_days_or_when_its_adult_leaves(
    app: Flask, client: FlaskClient, here: AtSchool, clock: time_machine.Traveller
) -> None:
    link = f"/staff/join/{_invite(app, here)}"
    clock.shift(timedelta(days=7))
    assert client.get(link).status_code == 404
    assert client.get("/staff/join/unknown").status_code == 404
    link = f"/staff/join/{_invite(app, here)}"
    with app.app_context(), writing(Store.LEARNING) as session:
        session.get_one(Staff, here.okafor).left_at = base_clock.now()
    assert client.get(link).status_code == 404


def test_joining_again_ends_the_sign_ins_and_links_from_before(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    signed_in_adult(client)
    spare, link = _invite(app, here), _invite(app, here)
    other = app.test_client()
    page = other.get(f"/staff/join/{link}")
    press(other, page, "Set my password and sign in", password="three blue umbrellas")
    assert client.get("/today").status_code == 303
    assert client.get(f"/staff/join/{spare}").status_code == 404

"""A passkey in place of a code: used once each, where it works, by its own adult alone.

What counts as a right answer is in tests/unit/test_passkeys.py; adding and removing beside this.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from app.base import ids
from app.base.database import Store, writing
from app.people.actions import passkeys as act
from app.people.actions import second_step
from app.people.passkeys import Asking, Place
from app.people.tables import Passkey
from tests.at_desk import AtDesk, school_with_team
from tests.at_school import PASSWORD, TEN, press, wording
from tests.soft_key import SoftKey
from tests.stepped import code_now
from tests.with_passkeys import (
    HEAD,
    HOME,
    LANE,
    NO,
    Secure,
    adds,
    asked,
    comes_in,
    desk,
    half,
    heard,
    kept,
    made,
    my_passkeys,
    secure,
    token_of,
    told,
    uses,
)

__all__ = ["desk", "made", "secure"]


def test_a_passkey_is_added_and_then_takes_the_place_of_the_code(
    secure: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client, device = comes_in(secure), SoftKey()
    elsewhere = comes_in(secure)
    assert "Add a passkey" in wording(client.get("/staff/account"))
    answer = adds(client, device)
    assert "Your passkey is added. " in wording(client.get(answer.location))
    assert "My iPad Added 10:00 today. Not used yet." in wording(client.get("/staff/account"))
    clock.shift(timedelta(minutes=5))
    other, page = half(secure)
    assert other.get("/today").location == "/staff/sign-in?after=/today"
    assert uses(other, page, device).location == "/today"
    assert "Peter Lane" in wording(other.get("/today"))
    assert "Last used 10:05 today." in wording(other.get("/staff/account"))
    for still in (client, elsewhere):
        assert still.get("/today").status_code == 200, "adding one ends nothing"
    says = ("Peter Lane added a passkey for signing in.", False)
    assert heard(secure, desk, desk.head) == heard(secure, desk, desk.school.lane) == [says]


def test_the_page_that_was_asked_for_comes_after_the_passkey(secure: Flask, desk: AtDesk) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client = secure.test_client()
    page = client.get("/staff/sign-in?after=/people")
    answer = press(client, page, "Sign in", email=LANE, password=PASSWORD)
    page = client.get(answer.location)
    assert isinstance(client, Secure)
    assert uses(client, page, device).location == "/people"


def test_an_answer_is_good_once(secure: Flask, desk: AtDesk) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client, page = half(secure)
    sent = device.used(told(page), HOME)
    other, other_page = half(secure)
    assert NO in wording(press(other, other_page, "Use a passkey", answer=sent))
    assert press(client, page, "Use a passkey", answer=sent).location == "/today"
    again, again_page = half(secure)
    assert NO in wording(press(again, again_page, "Use a passkey", answer=sent))
    assert heard(secure, desk, desk.head)[1:] == [], "and nobody is told of a copy"


def test_the_same_answer_twice_at_once_lets_one_in_and_alarms_nobody(
    secure: Flask, desk: AtDesk
) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client, page = half(secure)
    sent = device.used(told(page), HOME)
    with client.session_transaction(base_url=HOME) as session:
        here = ids.fingerprint(session["half_sign_in"])
    place = Place("catkin.oak.school", HOME)
    asking = Asking("use", place, desk.id, desk.school.lane, here)
    with secure.app_context():
        key = secure.extensions["catkin"].keys.read("pictures")
        first, again = (act.try_passkey(key, asking, sent, TEN) for _ in "12")
    assert first.token
    assert again == act.Tried(None, copied=False)
    assert kept(secure, desk, desk.school.lane) == ["My iPad"]


@pytest.mark.parametrize("moved", [False, True])
def test_a_passkey_of_another_adult_opens_nothing(secure: Flask, desk: AtDesk, moved: bool) -> None:
    """Also where somebody who can write to the database puts theirs into the head's account."""
    mine, heads = SoftKey(b"lane's"), SoftKey(b"marsh's")
    adds(comes_in(secure), mine)
    adds(comes_in(secure, HEAD), heads)
    if moved:
        with secure.app_context(), writing(Store.LEARNING) as session:
            session.execute(
                update(Passkey)
                .where(Passkey.staff_id == desk.school.lane)
                .values(staff_id=desk.head)
                .execution_options(every_school="a test moves one")
            )
    client, page = half(secure, HEAD)
    assert NO in wording(uses(client, page, mine))
    assert client.get("/today").status_code == 303
    client, page = half(secure, HEAD)
    assert uses(client, page, heads).location == "/today"


def test_a_count_that_goes_back_is_refused_and_told_in_red(secure: Flask, desk: AtDesk) -> None:
    device = SoftKey(counted=7)
    adds(comes_in(secure), device)
    client, page = half(secure)
    assert uses(client, page, device).location == "/today"
    client, page = half(secure)
    page = uses(client, page, device, counted=8)
    assert "somebody may hold a copy" in wording(page)
    assert asked(page) is None
    assert kept(secure, desk, desk.school.lane) == []
    for adult in (desk.school.lane, desk.head, desk.chair):
        (says, red), *_ = heard(secure, desk, adult)
        assert "A passkey of Peter Lane was refused and removed" in says
        assert red
    assert press(client, page, "Go on", code=code_now(ahead=1)).location == "/today"


def test_a_device_that_never_counts_is_used_again_and_again(secure: Flask, desk: AtDesk) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    for _ in range(2):
        client, page = half(secure)
        assert uses(client, page, device, counted=0).location == "/today"


def test_misses_rest_as_those_of_codes_do_and_together_with_them(
    secure: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client, page = half(secure)
    for garbled in ("", "{}", "[" * 9000, '{"id": "\\udcff"}', "🐸\x00"):
        page = press(client, page, "Use a passkey", answer=garbled)
        assert page.status_code == 200
    assert f"{NO} Press the button again, or type the code from your app. Try again" in wording(
        page
    )
    assert NO in wording(uses(client, page, device))
    assert "That did not work." in wording(press(client, page, "Go on", code=code_now()))
    clock.shift(timedelta(seconds=31))
    _, page = half(secure)
    client, page = half(secure)
    assert uses(client, page, device).location == "/today"


def test_a_passkey_that_worked_ends_the_misses(secure: Flask, desk: AtDesk) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    for _ in range(2):
        client, page = half(secure)
        for _ in range(4):
            page = press(client, page, "Use a passkey", answer="{}")
        assert uses(client, page, device).location == "/today"


def test_a_page_that_stood_open_too_long_asks_anew(
    secure: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client, page = half(secure)
    sent = device.used(told(page), HOME)
    clock.shift(timedelta(minutes=4, seconds=59))
    other = client.get("/staff/code")
    clock.shift(timedelta(seconds=1))
    assert NO in wording(press(client, page, "Use a passkey", answer=sent))
    assert uses(client, other, device).location == "/today"


@pytest.mark.parametrize(
    ("public", "here"),
    [
        (None, "http://localhost"),
        (None, "https://localhost"),
        ("http://catkin.oak.school:8000", "http://localhost"),
        ("https://192.168.1.20:8000", "https://192.168.1.20:8000"),
        ("http://catkin.oak.school:8000", HOME),
        ("https://localhost:8000", "http://localhost:8000"),
        (HOME, "https://localhost:8000"),
        (HOME, "http://localhost"),
    ],
)
def test_where_a_browser_would_refuse_none_is_offered_and_none_taken(
    made: Callable[..., Flask],
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    public: str | None,
    here: str,
) -> None:
    app = made(public)
    desk = school_with_team(app)
    monkeypatch.setattr(Secure, "home", here)
    client = comes_in(app)
    assert "asskey" not in wording(client.get("/staff/account"))
    page = my_passkeys(client)
    assert asked(page) is None
    assert "over TLS" in wording(page)
    sent = {"csrf_token": token_of(page), "name": "iPad", "answer": "{}"}
    assert "no passkey was added" in wording(client.post("/staff/passkeys", data=sent))
    assert kept(app, desk, desk.school.lane) == []
    client, page = half(app)
    assert asked(page) is None
    assert "passkey" not in page.text
    sent = {"csrf_token": token_of(page), "answer": "{}"}
    assert NO in wording(client.post("/staff/code/passkey", data=sent))


def test_a_passkey_tried_while_codes_rest_is_noted_as_resting(
    secure: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client, _ = half(secure)
    for _ in range(5):
        press(client, client.get("/staff/code"), "Go on", code="000000")
    caplog.set_level(logging.INFO, "catkin")
    caplog.clear()
    uses(client, client.get("/staff/code"), device)
    refused = [one for one in caplog.records if getattr(one, "event", "") == "sign-in refused"]
    assert [one.facts["why"] for one in refused] == ["resting"]  # type: ignore[attr-defined]


def test_without_the_password_no_answer_is_looked_at(secure: Flask, desk: AtDesk) -> None:
    client = secure.test_client()
    sent = {"csrf_token": token_of(client.get("/staff/sign-in")), "answer": "{}"}
    answer = client.post("/staff/code/passkey", data=sent)
    assert answer.location == "/staff/sign-in"


def test_without_the_key_the_app_and_the_passkey_wait_and_paper_lets_in(
    secure: Flask, desk: AtDesk
) -> None:
    device = SoftKey()
    with secure.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, TEN)
    adder = comes_in(secure)
    adds(adder, device)
    client, page = half(secure)
    sent = device.used(told(page), HOME)
    file = secure.extensions["catkin"].keys.file("pictures")
    file.rename(file.with_suffix(".aside"))
    page = client.get("/staff/code")
    assert asked(page) is None
    form = {"csrf_token": token_of(page), "answer": sent}
    for _ in range(6):
        assert NO in wording(client.post("/staff/code/passkey", data=form))
    page = adder.get("/staff/passkeys")
    assert "A key is missing" in wording(page)
    form = {"csrf_token": token_of(page), "name": "Two", "answer": "{}"}
    assert "no passkey was added" in wording(adder.post("/staff/passkeys", data=form))
    page = client.get("/staff/recovery-code")
    assert press(client, page, "Go on", code=codes[0]).location == "/today"


def test_a_passkey_begins_another_token_and_the_half_is_worth_nothing(
    secure: Flask, desk: AtDesk
) -> None:
    device = SoftKey()
    adds(comes_in(secure), device)
    client, page = half(secure)
    with client.session_transaction(base_url=HOME) as session:
        before = session["half_sign_in"]
    uses(client, page, device)
    with client.session_transaction(base_url=HOME) as session:
        assert session["_user_id"] != before
        assert "half_sign_in" not in session
    thief = secure.test_client()
    with thief.session_transaction(base_url=HOME) as session:
        session["half_sign_in"] = before
    assert thief.get("/staff/code").location == "/staff/sign-in"

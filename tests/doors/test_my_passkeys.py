"""An adult's own passkeys: added, listed and removed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.base.database import Store, writing
from app.people.actions import passkeys as act
from app.people.actions.links import close_every_way_in
from app.people.passkeys import MOST, Asking, NewPasskey, Place
from app.people.queries.passkeys import passkeys
from tests.at_desk import AtDesk
from tests.at_school import PASSWORD, TEN, press, wording
from tests.soft_key import SoftKey
from tests.stepped import code_now
from tests.with_passkeys import (
    HEAD,
    HOME,
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
    told,
)

__all__ = ["desk", "made", "secure"]


def test_one_from_before_is_listed_and_removed_where_none_can_be_added(
    secure: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    adds(comes_in(secure), SoftKey())
    monkeypatch.setattr(Secure, "home", "http://localhost")
    client = comes_in(secure)
    assert "My iPad" in wording(client.get("/staff/account"))
    page = my_passkeys(client)
    assert "over TLS: https://catkin.oak.school:8000." in wording(page)
    press(client, page, "Remove: My iPad")
    assert kept(secure, desk, desk.school.lane) == []


def test_adding_and_removing_ask_for_password_and_code(
    secure: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client, device = comes_in(secure), SoftKey()
    assert client.get("/staff/passkeys").location == "/staff/account/passkeys"
    adds(client, device)
    page = client.get("/staff/passkeys")
    clock.shift(timedelta(minutes=11))
    for button, typed in (("Remove: My iPad", {}), ("Add a passkey", {"name": "Two"})):
        answer = press(client, page, button, **typed)
        assert answer.location == "/staff/account/passkeys"
    assert kept(secure, desk, desk.school.lane) == ["My iPad"]
    page = press(
        client,
        client.get("/staff/account/passkeys"),
        "Go on to my passkeys",
        password=PASSWORD,
        code="000000",
    )
    assert "That did not work" in wording(page)
    assert client.get("/staff/passkeys").location == "/staff/account/passkeys", "the password alone"
    page = my_passkeys(client, code=code_now())
    answer = press(client, page, "Remove: My iPad")
    assert "opens nothing any more" in wording(client.get(answer.location))
    assert kept(secure, desk, desk.school.lane) == []
    assert heard(secure, desk, desk.head)[0] == (
        "Peter Lane removed a passkey for signing in.",
        False,
    )
    assert asked(half(secure)[1]) is None


def test_nobody_removes_anothers(secure: Flask, desk: AtDesk) -> None:
    heads = comes_in(secure, HEAD)
    adds(heads, SoftKey(b"marsh's"), "The head's")
    adds(comes_in(secure), SoftKey(b"lane's"))
    with secure.app_context():
        mark = passkeys(desk.id, desk.school.lane)[0].mark
    press(heads, heads.get("/staff/passkeys"), "Remove: The head's", which=mark)
    assert kept(secure, desk, desk.school.lane) == ["My iPad"]
    assert kept(secure, desk, desk.head) == ["The head's"]


def test_a_device_is_added_once_and_an_answer_to_another_page_adds_none(
    secure: Flask, desk: AtDesk
) -> None:
    client, device = comes_in(secure), SoftKey()
    page = my_passkeys(client)
    sent = {"name": "One", "answer": device.made(told(page), HOME)}
    press(client, page, "Add a passkey", **sent)
    for again in (page, client.get("/staff/passkeys")):
        assert "no passkey was added" in wording(press(client, again, "Add a passkey", **sent))
    assert "no passkey was added" in wording(adds(client, device)), "the same device"
    assert "no passkey was added" in wording(adds(comes_in(secure, HEAD), device))
    assert kept(secure, desk, desk.school.lane) == ["One"]


def test_a_device_that_was_removed_comes_back_only_by_a_new_question(
    secure: Flask, desk: AtDesk
) -> None:
    client, device = comes_in(secure), SoftKey()
    page = my_passkeys(client)
    sent = {"name": "One", "answer": device.made(told(page), HOME)}
    press(client, page, "Add a passkey", **sent)
    press(client, client.get("/staff/passkeys"), "Remove: One")
    assert "no passkey was added" in wording(press(client, page, "Add a passkey", **sent))
    assert adds(client, device).status_code == 303


def test_a_sign_in_that_has_ended_meanwhile_adds_none(secure: Flask, desk: AtDesk) -> None:
    asking = Asking("add", Place("catkin.oak.school", HOME), desk.id, desk.school.lane, "ended")
    with secure.app_context():
        key = secure.extensions["catkin"].keys.read("pictures")
        assert not act.add(key, asking, NewPasskey("an-id", b"public", 0), "iPad", TEN)
    assert kept(secure, desk, desk.school.lane) == []


def test_a_device_without_a_name_is_asked_for_one(secure: Flask, desk: AtDesk) -> None:
    client, device = comes_in(secure), SoftKey()
    assert "Give it a name" in wording(adds(client, device, "  "))
    long = adds(client, device, "n" * 41)
    assert "This is too long" in wording(long)
    assert "n" * 41 in long.text
    assert adds(client, device, "<b>Key</b>").status_code == 303
    assert "<b>Key</b>Added" in wording(client.get("/staff/passkeys"))


def test_so_many_and_no_more(secure: Flask, desk: AtDesk) -> None:
    client = comes_in(secure)
    for number in range(MOST):
        assert adds(client, SoftKey(b"%d" % number)).status_code == 303
    page = client.get("/staff/passkeys")
    assert asked(page) is None
    assert "Remove one first" in wording(page)


def test_a_new_start_ends_the_passkeys_of_that_adult_alone(secure: Flask, desk: AtDesk) -> None:
    adds(comes_in(secure), SoftKey(b"lane's"))
    adds(comes_in(secure, HEAD), SoftKey(b"marsh's"))
    with secure.app_context(), writing(Store.LEARNING) as session:
        close_every_way_in(session, desk.id, desk.school.lane, TEN)
    assert kept(secure, desk, desk.school.lane) == []
    assert kept(secure, desk, desk.head) == ["My iPad"]


def test_a_teacher_without_an_app_sets_that_up_first(secure: Flask, desk: AtDesk) -> None:
    client = comes_in(secure, "okafor@example.sch.uk")
    assert "asskey" not in wording(client.get("/staff/account"))
    for path in ("/staff/account/passkeys", "/staff/passkeys"):
        answer = client.get(path)
        while answer.status_code == 303 and answer.location != "/staff/account":
            answer = client.get(answer.location)
        assert answer.location == "/staff/account"

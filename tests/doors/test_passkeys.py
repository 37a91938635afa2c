"""Passkeys at the door: added, listed, removed, and used once each in place of a code.

What counts as a right answer is in tests/unit/test_passkeys.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app import create_app
from app.base import ids
from app.base.database import Store, engine_of, writing
from app.people.actions import passkeys as act
from app.people.actions import second_step
from app.people.passkeys import MOST, Asking, NewPasskey, Place
from app.people.queries.passkeys import passkeys
from app.people.queries.staff import team_notices
from app.people.tables import Passkey
from app.prepare import Prepared
from tests.at_desk import AtDesk, school_with_team
from tests.at_school import PASSWORD, TEN, press, signed_in_adult, wording
from tests.conftest import ContractClient
from tests.parsed import tree_of
from tests.soft_key import SoftKey
from tests.stepped import code_now

HOME = "https://catkin.oak.school:8000"
LANE, HEAD = "lane.okafor@example.sch.uk", "marsh@example.sch.uk"
NO = "That passkey did not work."


class Secure(ContractClient):
    """A browser at the school's own name, over TLS."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"base_url": HOME, **kwargs})


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def made(prepared: Prepared) -> Iterator[Callable[..., Flask]]:
    """Makes a Catkin with this PUBLIC_URL."""
    apps: list[Flask] = []

    def make(public_url: str | None = HOME) -> Flask:
        settings = replace(prepared.settings, public_url=public_url)
        app = create_app(replace(prepared, settings=settings), testing=True)
        app.test_client_class = Secure
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()


@pytest.fixture
def secure(made: Callable[..., Flask], clock: time_machine.Traveller) -> Flask:
    return made()


@pytest.fixture
def desk(secure: Flask) -> AtDesk:
    return school_with_team(secure)


def asked(page: TestResponse) -> str | None:
    """What a page's script would ask the browser for."""
    found = [form.get("data-passkey") for form in tree_of(page.text).iter("form")]
    return next(filter(None, found), None)


def comes_in(app: Flask, email: str = LANE) -> Secure:
    client = app.test_client()
    signed_in_adult(client, email)
    assert isinstance(client, Secure)
    return client


def my_passkeys(client: Secure, **typed: str) -> TestResponse:
    """Say who it is, and come to the page."""
    page = client.get("/staff/account/passkeys")
    answer = press(client, page, "Go on to my passkeys", password=PASSWORD, **typed)
    return client.get(answer.location)


def adds(client: Secure, device: SoftKey, name: str = "My iPad", **claims: Any) -> TestResponse:
    page = my_passkeys(client)
    told = asked(page)
    assert told is not None, wording(page)
    answer = device.made(told, HOME, **claims)
    return press(client, page, "Add a passkey", name=name, answer=answer)


def half(app: Flask, email: str = LANE) -> tuple[Secure, TestResponse]:
    """A browser in which the password was given, and the page of the code."""
    client = app.test_client()
    page = client.get("/staff/sign-in")
    answer = press(client, page, "Sign in", email=email, password=PASSWORD)
    assert isinstance(client, Secure)
    return client, client.get(answer.location)


def told(page: TestResponse) -> str:
    found = asked(page)
    assert found is not None, wording(page)
    return found


def uses(client: Secure, page: TestResponse, device: SoftKey, **claims: Any) -> TestResponse:
    return press(client, page, "Use a passkey", answer=device.used(told(page), HOME, **claims))


def kept(app: Flask, desk: AtDesk, staff_id: str) -> list[str]:
    with app.app_context():
        return [one.name for one in passkeys(desk.id, staff_id)]


def heard(app: Flask, desk: AtDesk, staff_id: str) -> list[tuple[str, bool]]:
    with app.app_context():
        return [(one.says, one.red) for one in team_notices(desk.id, staff_id)]


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
    monkeypatch.setattr("tests.doors.test_passkeys.HOME", here)
    client = comes_in(app)
    assert "asskey" not in wording(client.get("/staff/account"))
    page = my_passkeys(client)
    assert asked(page) is None
    assert "over TLS" in wording(page)
    sent = {"csrf_token": _token(page), "name": "iPad", "answer": "{}"}
    assert "no passkey was added" in wording(client.post("/staff/passkeys", data=sent))
    assert kept(app, desk, desk.school.lane) == []
    client, page = half(app)
    assert asked(page) is None
    assert "passkey" not in page.text
    sent = {"csrf_token": _token(page), "answer": "{}"}
    assert NO in wording(client.post("/staff/code/passkey", data=sent))


def _token(page: TestResponse) -> str:
    fields = tree_of(page.text).iter("input")
    return next(one.get("value", "") for one in fields if one.get("name") == "csrf_token")


def test_one_from_before_is_listed_and_removed_where_none_can_be_added(
    secure: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    adds(comes_in(secure), SoftKey())
    monkeypatch.setattr("tests.doors.test_passkeys.HOME", "http://localhost")
    client = comes_in(secure)
    assert "My iPad" in wording(client.get("/staff/account"))
    page = my_passkeys(client)
    assert "over TLS: https://catkin.oak.school:8000." in wording(page)
    press(client, page, "Remove: My iPad")
    assert kept(secure, desk, desk.school.lane) == []


def test_without_the_password_no_answer_is_looked_at(secure: Flask, desk: AtDesk) -> None:
    client = secure.test_client()
    sent = {"csrf_token": _token(client.get("/staff/sign-in")), "answer": "{}"}
    answer = client.post("/staff/code/passkey", data=sent)
    assert answer.location == "/staff/sign-in"


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


def test_without_the_key_the_app_and_the_passkey_wait_and_paper_lets_in(
    secure: Flask, desk: AtDesk
) -> None:
    device = SoftKey()
    adder = comes_in(secure)
    adds(adder, device)
    client, page = half(secure)
    sent = device.used(told(page), HOME)
    with secure.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, TEN)
    file = secure.extensions["catkin"].keys.file("pictures")
    file.rename(file.with_suffix(".aside"))
    page = client.get("/staff/code")
    assert asked(page) is None
    form = {"csrf_token": _token(page), "answer": sent}
    for _ in range(6):
        assert NO in wording(client.post("/staff/code/passkey", data=form))
    page = adder.get("/staff/passkeys")
    assert "A key is missing" in wording(page)
    form = {"csrf_token": _token(page), "name": "Two", "answer": "{}"}
    assert "no passkey was added" in wording(adder.post("/staff/passkeys", data=form))
    page = client.get("/staff/recovery-code")
    assert press(client, page, "Go on", code=codes[0]).location == "/today"


def test_a_new_start_ends_the_passkeys_of_that_adult_alone(secure: Flask, desk: AtDesk) -> None:
    adds(comes_in(secure), SoftKey(b"lane's"))
    adds(comes_in(secure, HEAD), SoftKey(b"marsh's"))
    with secure.app_context(), writing(Store.LEARNING) as session:
        second_step.forget(session, desk.id, desk.school.lane)
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

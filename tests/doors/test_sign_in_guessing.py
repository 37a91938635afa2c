"""Guessing class codes: slow for all guessers together, and never for a child with a card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.database import Store, writing
from app.people.actions import class_codes
from app.people.actions.class_codes import BUDGET, OF_CLASS
from app.people.tables import SchoolClass
from tests.at_school import AtSchool, press, small_school, wording

Typing = list[tuple[str, str]]


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """The codes that Catkin has looked up."""
    found: Typing = []
    real = class_codes.class_by_code

    def hear(word: str, number: str) -> object:
        found.append((word, number))
        return real(word, number)

    monkeypatch.setattr(class_codes, "class_by_code", hear)
    return found


def type_code(browser: FlaskClient, word: str = "otter", number: str = "4821") -> TestResponse:
    page = browser.get("/sign-in")
    return press(browser, page, "Find my class", word=word, number=number)


def spend(app: Flask, clock: time_machine.Traveller) -> None:
    """Somebody types wrong codes until the budget is spent; a while passes."""
    guesser = app.test_client()
    page = guesser.get("/sign-in")
    for _ in range(BUDGET):
        press(guesser, page, "Find my class", word="zebra", number="0000")
    clock.shift(timedelta(seconds=5))


def opened(app: Flask, how_many: int) -> list[FlaskClient]:
    """Browsers that stand at the page of class codes."""
    browsers = [app.test_client() for _ in range(how_many)]
    for browser in browsers:
        browser.get("/sign-in")
    return browsers


def test_guesses_of_ever_new_browsers_come_down_to_one_a_second(
    app: Flask, here: AtSchool, clock: time_machine.Traveller, looked_at: Typing
) -> None:
    spend(app, clock)
    looked_at.clear()
    seconds = 4
    for _ in range(seconds * 40):
        assert type_code(app.test_client(), "zebra", "1111").status_code == 429
        clock.shift(timedelta(seconds=1 / 40))
    assert len(looked_at) == seconds


def test_a_right_code_guessed_out_of_turn_opens_nothing(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    spend(app, clock)
    wrong = type_code(app.test_client(), "zebra", "1111")
    guesser = app.test_client()
    right = type_code(guesser)
    assert (wrong.status_code, right.status_code) == (429, 429)
    said = "Wait a little, then try again. Ask your teacher."
    assert said in wording(wrong)
    assert said in wording(right)
    assert 'value="otter"' in right.text
    assert guesser.get("/sign-in/names").location == "/sign-in/closed"
    clock.shift(timedelta(seconds=1))
    assert type_code(guesser).location == "/sign-in/names"


def test_an_old_cookie_sent_again_is_not_a_new_browser(
    app: Flask, here: AtSchool, clock: time_machine.Traveller, looked_at: Typing
) -> None:
    (browser,) = opened(app, 1)
    cookie = browser.get_cookie("catkin")
    assert cookie is not None
    clock.shift(timedelta(seconds=5))
    spend(app, clock)
    looked_at.clear()
    for _ in range(30):
        browser.set_cookie("catkin", cookie.value)
        type_code(browser, "zebra", "1111")
    assert len(looked_at) == 2, "its first, and one in turn"


def test_pages_hoarded_before_are_worth_one_budget_more(
    app: Flask, here: AtSchool, clock: time_machine.Traveller, looked_at: Typing
) -> None:
    hoard = opened(app, BUDGET + 20)
    clock.shift(timedelta(seconds=5))
    spend(app, clock)
    looked_at.clear()
    for browser in hoard:
        type_code(browser, "zebra", "1111")
    assert len(looked_at) == BUDGET + 1


def test_without_a_page_of_ours_no_code_is_looked_at(
    app: Flask, here: AtSchool, clock: time_machine.Traveller, looked_at: Typing
) -> None:
    spend(app, clock)
    looked_at.clear()
    for _ in range(20):
        app.test_client().post("/sign-in", data={"word": "otter", "number": "4821"})
    assert looked_at == []


def test_after_the_guessing_two_hundred_children_come_in_at_their_first_try(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    spend(app, clock)
    answers = [type_code(app.test_client()) for _ in range(200)]
    assert {answer.location for answer in answers} == {"/sign-in/names"}


def test_while_somebody_guesses_all_who_were_there_before_come_in_at_once(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    children = opened(app, 200)
    clock.shift(timedelta(seconds=5))
    spend(app, clock)
    for child in children:
        type_code(app.test_client(), "zebra", "1111")
        assert type_code(child).location == "/sign-in/names"


def test_ten_minutes_later_slips_are_free_again(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    spend(app, clock)
    clock.shift(timedelta(minutes=10))
    child = app.test_client()
    assert "Let's try again." in wording(type_code(child, "otter", "4812"))
    assert type_code(child).location == "/sign-in/names"


def reopened(browser: FlaskClient, app: Flask) -> FlaskClient:
    """The same device another day: what it keeps until the browser is closed is gone."""
    kept = browser.get_cookie("catkin-device", path="/sign-in")
    assert kept is not None
    again = app.test_client()
    again.set_cookie("catkin-device", kept.value, path="/sign-in")
    return again


def guess(app: Flask, how_many: int, hoard: Iterator[FlaskClient]) -> None:
    """Somebody guesses with pages from before, and with new ones."""
    for _ in range(how_many):
        type_code(next(hoard, app.test_client()), "zebra", "1111")


def test_two_hundred_devices_of_the_school_come_in_while_somebody_guesses_without_pause(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    devices = [app.test_client() for _ in range(200)]
    for device in devices:
        assert type_code(device).location == "/sign-in/names"
    hoard = iter(opened(app, 2 * BUDGET))
    clock.shift(timedelta(days=3))
    guess(app, 2 * BUDGET + 1, hoard)
    assert type_code(app.test_client()).status_code == 429, "everybody else waits"
    for device in devices:
        guess(app, 1, hoard)
        assert type_code(reopened(device, app)).location == "/sign-in/names"


def test_what_a_device_keeps_is_the_same_on_all_of_a_class_and_opens_nothing(
    app: Flask, here: AtSchool
) -> None:
    kept = set()
    for word in ("otter", "otter", "wren"):
        device = app.test_client()
        answer = type_code(device, word)
        (set_cookie,) = [
            one for one in answer.headers.getlist("Set-Cookie") if one.startswith("catkin-device=")
        ]
        for part in ("HttpOnly", "SameSite=Lax", "Path=/sign-in", "Max-Age=31536000"):
            assert part in set_cookie
        kept.add(set_cookie.partition(";")[0])
        assert reopened(device, app).get("/sign-in/names").location == "/sign-in/closed"
    assert len(kept) == 2
    assert not any(here.hazel in one or here.fern in one for one in kept)


def test_whoever_knows_one_class_s_code_slows_that_class_s_devices_alone(
    app: Flask, here: AtSchool, clock: time_machine.Traveller, looked_at: Typing
) -> None:
    hazel, fern, guesser = (app.test_client() for _ in range(3))
    for browser, word in ((hazel, "otter"), (fern, "wren"), (guesser, "otter")):
        type_code(browser, word)
    spend(app, clock)
    type_code(app.test_client(), "zebra", "1111")
    looked_at.clear()
    for _ in range(OF_CLASS + 20):
        type_code(reopened(guesser, app), "zebra", "1111")
    assert len(looked_at) == OF_CLASS
    assert type_code(reopened(hazel, app)).status_code == 429
    assert type_code(reopened(fern, app), "wren").location == "/sign-in/names"


def test_the_slips_of_the_school_s_own_devices_are_answered_kindly(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    device = app.test_client()
    type_code(device)
    spend(app, clock)
    again = reopened(device, app)
    assert "Let's try again." in wording(type_code(again, "otter", "4812"))
    assert type_code(again).location == "/sign-in/names"


def test_another_code_of_the_class_ends_what_its_devices_keep(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    hazel, fern = app.test_client(), app.test_client()
    type_code(hazel)
    type_code(fern, "wren")
    with app.app_context(), writing(Store.LEARNING) as session:
        row = session.get(SchoolClass, here.hazel)
        assert row is not None
        row.code_number = "9999"
    spend(app, clock)
    type_code(app.test_client(), "zebra", "1111")
    assert type_code(reopened(hazel, app), number="9999").status_code == 429
    assert type_code(reopened(fern, app), "wren").location == "/sign-in/names"


@pytest.mark.parametrize("value", ["", ".", "a.b", f"{'0' * 64}.{'0' * 64}", "ж.1", "x" * 3000])
def test_a_device_cookie_made_by_hand_is_worth_nothing(
    app: Flask, here: AtSchool, clock: time_machine.Traveller, looked_at: Typing, value: str
) -> None:
    spend(app, clock)
    type_code(app.test_client(), "zebra", "1111")
    looked_at.clear()
    browser = app.test_client()
    browser.set_cookie("catkin-device", value, path="/sign-in")
    assert type_code(browser).status_code == 429
    assert looked_at == []

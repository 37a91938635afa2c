"""On a browser in which nobody has pressed Show since the sign-in, no page tells of any concern."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.base import clock
from app.people.actions.sign_ins import begin_for_staff
from app.people.rules import GRANTABLE, Role
from tests.contracts.browsers import AT_THE_DOOR, PUPILS
from tests.contracts.test_routes import written
from tests.contracts.two_schools import World

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
REFERENCE = re.compile(r"\bC-[2-9A-Z]{5}\b")
GIVEN = ("Amina", "Finn")
URGENCIES = ("Act now", "Same day")
DESK = ("desk.", "teacher.today")
"""Where a child's name would stand beside a concern."""


def fresh(world: World, role: Role) -> FlaskClient:
    """A browser in which this adult has signed in a moment ago, and pressed nothing."""
    browser = world.app.test_client()
    with world.app.app_context():
        adult = world.here.adults[role]
        token = begin_for_staff(world.here.id, adult, clock.now(), second_step=True)
    with browser.session_transaction() as session:
        session |= {"_user_id": token, "_fresh": True}
    return browser


def every_page(world: World, browser: FlaskClient) -> Iterator[tuple[Rule, str, TestResponse]]:
    for rule in world.rules():
        if "GET" in (rule.methods or ()):
            path = world.address(rule, world.here)
            yield rule, path, browser.get(path)


@pytest.mark.parametrize("role", GRANTABLE)
def test_before_show_no_page_tells_of_a_concern(world: World, role: Role) -> None:
    browser, opened = fresh(world, role), set()
    for rule, path, answer in every_page(world, browser):
        place = f"{path} for {role}"
        told = REFERENCE.findall(answer.text.replace(f'"{path}', ""))
        asked = set(REFERENCE.findall(path))
        if answer.status_code == 200:
            opened.add(rule.endpoint)
        assert world.here.words not in answer.text, place
        assert set(told) <= asked, place
        assert not REFERENCE.search("".join(TITLE.findall(answer.text))), place
        assert set(REFERENCE.findall(answer.headers.get("Location", ""))) <= asked, place
        assert answer.headers["Cache-Control"] == "no-store", place
        if rule.endpoint.startswith(DESK):
            for secret in GIVEN:
                assert secret not in answer.text, place
        if asked:
            for secret in (*GIVEN, *URGENCIES, f"{world.here.mark}0", "Feels:", "Chronology"):
                assert secret not in answer.text, place
    mine = {name for name, (_, _, who) in written().items() if str(role) in who}
    assert {"teacher.today", "desk.concerns"} <= opened & mine


@pytest.mark.parametrize("role", GRANTABLE)
def test_a_fresh_sign_in_opens_no_concern(world: World, role: Role) -> None:
    """And so nothing is written down as seen; nor does an address or a page hold the sign-in."""
    browser, before = fresh(world, role), world.kept.rows()
    with browser.session_transaction() as session:
        token = session["_user_id"]
    for _, path, answer in every_page(world, browser):
        assert token not in answer.text + answer.headers.get("Location", ""), path
    assert world.kept.rows()["view"] == before["view"]


def test_after_show_and_the_password_all_of_that_stands_on_some_page(world: World) -> None:
    """Or the tests above could not fail; an unsent note is tried in tests/doors/test_views.py."""
    pages = "".join(answer.text for _, _, answer in every_page(world, world.browser(Role.DSL)))
    for told in (world.here.words, world.here.named["reference"], *URGENCIES[:1], GIVEN[0]):
        assert told in pages


@pytest.mark.parametrize("who", [*GRANTABLE, *PUPILS, *AT_THE_DOOR])
def test_no_title_names_a_child(world: World, who: str) -> None:
    """A browser keeps titles, and says them to whoever has the device next."""
    browser = world.browser(who)
    for _, path, answer in every_page(world, browser):
        title = "".join(TITLE.findall(answer.text))
        assert not [name for name in GIVEN if name in title], f"{path} for {who}"

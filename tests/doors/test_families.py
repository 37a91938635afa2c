"""Families by the school's code: coming in, leaving, the pages, and the code at the office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.actions.family_codes import BUDGET, ONE_PHONE, new_family_code
from app.people.codes import Code
from app.web.family_pass import PATH
from tests.at_desk import AtDesk, covered_browser, school_with_team
from tests.at_school import TEN, press, wording
from tests.parsed import tree_of

NAME = "catkin-family"
LANE = "lane.okafor@example.sch.uk"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def code(app: Flask, desk: AtDesk) -> Code:
    with app.app_context():
        return new_family_code(desk.id)


@pytest.fixture
def phone(app: Flask, code: Code) -> FlaskClient:
    """A phone that has followed the link of the letter."""
    browser = app.test_client()
    answer = browser.get(f"/families/join/{code.word}-{code.number}")
    assert (answer.status_code, answer.location) == (303, "/families")
    return browser


def type_code(browser: FlaskClient, word: str, number: str) -> TestResponse:
    page = browser.get("/families/join")
    return press(browser, page, "Come in", word=word, number=number)


def test_a_code_is_typed_in_any_case_and_the_phone_keeps_it_and_nothing_else(
    app: Flask, code: Code
) -> None:
    browser = app.test_client()
    answer = type_code(browser, f" {code.word.upper()} ", f"{code.number} ")
    assert (answer.status_code, answer.location) == (303, "/families")
    (set_cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(NAME)]
    for part in ("HttpOnly", "SameSite=Lax", f"Path={PATH}", "Max-Age=31536000"):
        assert part in set_cookie
    held = browser.get_cookie(NAME, path=PATH)
    assert held is not None
    assert re.fullmatch(rf"{code.word}\.{code.number}\.[0-9a-f]{{64}}", held.value)
    assert "From Oak Lane Primary." in wording(browser.get("/families"))


def test_without_the_code_every_page_leads_to_typing_it(client: FlaskClient, desk: AtDesk) -> None:
    for path in ("", "/ages", "/talk", "/talk/print", "/block-and-report", "/help", "/agreement"):
        assert client.get(f"/families{path}").location == "/families/join", path


def test_a_wrong_code_stays_in_the_boxes_with_a_clear_word(client: FlaskClient, code: Code) -> None:
    word = "zoo" if code.word != "zoo" else "zip"
    wrong = type_code(client, word, code.number)
    assert wrong.status_code == 404
    assert "That is not the code." in wording(wrong)
    assert f'value="{word}"' in wrong.text
    assert f'value="{code.number}"' in wrong.text
    by_link = client.get(f"/families/join/{word}-{code.number}")
    assert (by_link.status_code, f'value="{word}"' in by_link.text) == (404, True)
    assert "Type the number." in wording(type_code(client, word, ""))
    assert client.get_cookie(NAME, path=PATH) is None


def test_the_link_of_the_letter_is_gone_from_the_address_at_once(phone: FlaskClient) -> None:
    page = phone.get("/families/join", follow_redirects=True)
    assert page.request.path == "/families"
    links = re.findall(r'(?:href|action)="([^"]+)"', page.text)
    assert [link for link in links if "/join" in link] == []


def test_leaving_forgets_the_code_and_a_new_code_ends_the_old_one(
    app: Flask, desk: AtDesk, phone: FlaskClient, code: Code
) -> None:
    other = app.test_client()
    other.get(f"/families/join/{code.word}-{code.number}")
    assert press(phone, phone.get("/families"), "Leave").location == "/families/join"
    assert phone.get_cookie(NAME, path=PATH) is None
    assert phone.get("/families").location == "/families/join"
    assert other.get("/families").status_code == 200
    with app.app_context():
        new = new_family_code(desk.id)
    assert new != code
    assert other.get("/families").location == "/families/join"
    assert "The code on this phone has ended." in wording(other.get("/families/join"))
    assert type_code(app.test_client(), code.word, code.number).status_code == 404
    assert type_code(other, new.word, new.number).status_code == 303


def test_a_cookie_made_by_hand_opens_nothing(app: Flask, phone: FlaskClient, code: Code) -> None:
    """Or cookies would be a way to guess past the throttle."""
    held = phone.get_cookie(NAME, path=PATH)
    assert held is not None
    mark = held.value.rpartition(".")[2]
    for value in (
        f"{code.word}.{code.number}.",
        f"{code.word}.{code.number}.{'0' * 64}",
        f"zebra.{code.number}.{mark}",
        "",
        ".",
        "..",
        "ж.1.ж",
        "x" * 3000,
    ):
        browser = app.test_client()
        browser.set_cookie(NAME, value, path=PATH)
        assert browser.get("/families").location == "/families/join", value
    browser.set_cookie(NAME, held.value, path=PATH)
    assert browser.get("/families").status_code == 200


def test_one_phone_rests_after_its_wrong_codes_and_the_next_phone_does_not(
    app: Flask, code: Code, clock: time_machine.Traveller
) -> None:
    guesser = app.test_client()
    for _ in range(ONE_PHONE):
        assert type_code(guesser, "zebra", "0000").status_code == 404
    rests = type_code(guesser, code.word, code.number)
    assert (rests.status_code, "Wait a few minutes" in wording(rests)) == (429, True)
    assert guesser.get(f"/families/join/{code.word}-{code.number}").status_code == 429
    assert type_code(app.test_client(), code.word, code.number).status_code == 303
    clock.shift(timedelta(minutes=5, seconds=1))
    assert type_code(guesser, code.word, code.number).status_code == 303


def test_a_hall_of_phones_behind_one_address_comes_in_while_somebody_guesses(
    app: Flask, code: Code, clock: time_machine.Traveller
) -> None:
    """Two hundred, each with a slip; somebody has spent the budget with ever new phones."""
    for _ in range(BUDGET):
        app.test_client().get("/families/join/zebra-0000")
    assert app.test_client().get("/families/join/zebra-0000").status_code == 429
    clock.shift(timedelta(seconds=2))
    link = f"/families/join/{code.word}-{code.number}"
    assert {app.test_client().get(link).status_code for _ in range(200)} == {303}
    codes = [app.test_client().get("/families/join/zebra-0001").status_code for _ in range(3)]
    assert codes == [429] * 3


def test_staff_may_look_and_pupils_and_nobody_may_not(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    browser = covered_browser(app, LANE)
    for path in ("", "/ages", "/talk", "/block-and-report", "/help", "/agreement"):
        assert browser.get(f"/families{path}").status_code == 200, path
    page = browser.get("/families")
    assert "You are signed in at school." in wording(page)
    assert "Leave" not in wording(page)


def test_the_school_s_own_people_come_first_by_name_and_no_teacher(
    phone: FlaskClient, client: FlaskClient
) -> None:
    page = phone.get("/families/help")
    people = re.findall(r"<li><b>([^<]+)</b> ([^<\n]+)", page.text)
    assert people == [("Peter Lane", "Safeguarding lead"), ("Ada Marsh", "Head teacher")]
    for unnamed in ("Okafor", "Boateng", "Amina", "Hazel"):
        assert unnamed not in page.text
    assert page.text.index("Peter Lane") < page.text.index("Someone to talk to")
    assert "These lines are for England." in wording(page)
    wales = phone.get("/families/help?nation=Wales")
    assert "These lines are for Wales." in wording(wales)
    assert "Meic" in wales.text
    assert "These lines are for England." in wording(phone.get("/families/help?nation=Mars"))
    assert "Peter Lane" not in client.get("/help").text


def test_the_office_makes_prints_and_ends_the_code(app: Flask, desk: AtDesk) -> None:
    browser = covered_browser(app, LANE)
    page = browser.get("/family-code")
    assert "There is no code yet" in wording(page)
    assert press(browser, page, "Make the code").location == "/family-code"
    page = browser.get("/family-code")
    (first,) = set(re.findall(r"/families/join/([a-z]+-\d{4})", page.text))
    assert page.text.count("<svg") > 8
    assert f"<strong>{first.replace('-', ' ')}</strong>" in page.text
    assert "works on this computer only" in wording(page)
    press(browser, page, "Make a new code")
    (second,) = set(re.findall(r"/families/join/([a-z]+-\d{4})", browser.get("/family-code").text))
    assert first != second
    assert app.test_client().get(f"/families/join/{first}").status_code == 404
    assert app.test_client().get(f"/families/join/{second}").status_code == 303
    teacher = covered_browser(app, "okafor@example.sch.uk")
    assert teacher.get("/family-code").status_code == 403


BESIDE = {"/help", "/workshop", "/privacy", "/accessibility", "/credits", "/new"}
"""Where the pages for families lead besides: open to everybody, and nothing of a pupil."""


def test_a_family_has_no_tell_key_and_no_way_to_a_page_of_a_pupil(phone: FlaskClient) -> None:
    seen, to_see = set(), {"/families", "/families/nowhere"}
    while to_see:
        path = to_see.pop()
        seen.add(path)
        page = phone.get(path)
        assert "Tell a teacher" not in wording(page), path
        hrefs = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', page.text))
        ours = {href.replace("&amp;", "&") for href in hrefs}
        assert {h for h in ours if not h.startswith(PATH)} <= BESIDE, path
        to_see |= {h for h in ours if h.startswith(PATH) and "age=" not in h} - seen
    assert len(seen) > 20


def test_words_stay_when_the_school_draws_a_new_code_while_a_family_writes(
    app: Flask, desk: AtDesk, phone: FlaskClient
) -> None:
    page = phone.get("/families/agreement")
    with app.app_context():
        new = new_family_code(desk.id)
    kept = press(phone, page, "Show the sheet", own_S="We ask before we share", own_T="Granny")
    assert kept.status_code == 403
    assert "We ask before we share" in kept.text
    other_tab = type_code(phone, new.word, new.number)
    assert other_tab.status_code == 303
    boxes = {b.get("name", ""): (b.text or "").strip() for b in tree_of(kept.text).iter("textarea")}
    sheet = press(phone, kept, "Go on with my words", **boxes)
    assert "We ask before we share" in sheet.text
    assert "Granny" in sheet.text

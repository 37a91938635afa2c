"""Phones in a hall, and the hosts before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from app.people.actions.family_codes import new_family_code
from app.web.squares import only_here
from app.workshops.queries import WorkshopFacts, workshop
from app.workshops.rules import LASTS
from tests.at_school import press, wording
from tests.founded import Founded, post

EVENING = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
QUESTION = "Question 1 of 6"


@pytest.fixture(autouse=True)
def clock_stands() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


class Evening:
    """A workshop, its host's browser, and as many phones as come."""

    def __init__(self, school: Founded, role: str = "teacher") -> None:
        self.school, self.app = school, school.app
        self.host = school.adult(role)
        self.place = post(self.host, "/workshops/begin", page="/workshops").location
        self.id = self.place.rpartition("/")[2]

    @property
    def facts(self) -> WorkshopFacts:
        with self.app.app_context():
            found = workshop(self.school.id, self.id)
        assert found is not None
        return found

    @property
    def board(self) -> TestResponse:
        return self.host.get(f"{self.place}/board")

    def press(self, *says: str) -> None:
        for one in says:
            assert press(self.host, self.board, one).location == f"{self.place}/board"

    def phone(self) -> FlaskClient:
        phone, facts = self.app.test_client(), self.facts
        sent = {"word": facts.word, "number": facts.number}
        assert post(phone, "/workshop", sent).location == "/workshop/now"
        return phone


@pytest.fixture
def evening(school: Founded) -> Evening:
    return Evening(school)


def look(phone: FlaskClient) -> str:
    return wording(phone.get("/workshop/now"))


def answer(phone: FlaskClient, choice: int, question: int = 1) -> TestResponse:
    sent = {"question": str(question), "choice": str(choice)}
    return post(phone, "/workshop/vote", sent, page="/workshop/now")


def chosen(phone: FlaskClient) -> str | None:
    page = phone.get("/workshop/now").text
    found = re.search(r'name="choice" value="(\d)" checked', page)
    return found and found[1]


def test_a_phone_goes_with_the_board_from_the_code_to_the_end(evening: Evening) -> None:
    phone = evening.phone()
    assert "Look up: the next question is coming." in look(phone)
    evening.press("Begin")
    assert QUESTION in look(phone)
    assert "I am not sure" in look(phone)
    assert answer(phone, 2).location == "/workshop/now?sent=1"
    assert "You can change it" in look(phone)
    evening.press("Show answer")
    assert "Your answer stays." in look(phone)
    assert "disabled" in phone.get("/workshop/now").text
    for _ in range(5):
        evening.press("Next")
    assert "Question 6 of 6" in look(phone)
    evening.press("Next")
    assert "That was the last question." in look(phone)
    ended = press(evening.host, evening.host.get(evening.place), "End the workshop")
    assert ended.location == evening.place
    assert "Your phone is forgotten." in look(phone)
    assert "/help" in phone.get("/workshop/now").text
    assert "It has ended." in wording(evening.host.get(evening.place))
    assert evening.board.location == evening.place


def test_a_hall_goes_home_with_the_school_s_code_for_its_pages(evening: Evening) -> None:
    """What a phone is offered at the end asks for it."""
    evening.press("Begin", *["Next"] * 6)
    assert "/families" not in wording(evening.board)
    with evening.app.app_context():
        code = new_family_code(evening.school.id)
    assert f"open localhost/families and type {code.word} {code.number}." in wording(evening.board)
    evening.press("Back")
    assert f"{code.word} {code.number}" not in wording(evening.board)


def test_answering_twice_changes_the_answer_and_after_closing_it_stays(evening: Evening) -> None:
    phone = evening.phone()
    evening.press("Begin")
    for choice in (1, 3):
        answer(phone, choice)
    assert chosen(phone) == "3"
    assert "1 of 1 have answered" in wording(evening.board)
    kept = phone.get("/workshop/now")
    evening.press("Show answer")
    # The page lay there while the host closed the question.
    late = press(phone, kept, "Send another answer", choice="1")
    assert late.location == "/workshop/now"
    assert chosen(phone) == "3"


def test_a_script_is_told_whether_it_was_sent(evening: Evening) -> None:
    phone = evening.phone()
    evening.press("Begin")
    token = re.search(r'csrf_token" value="([^"]+)"', phone.get("/workshop/now").text)
    assert token is not None
    sent = {"csrf_token": token[1], "question": "1", "choice": "0"}
    json = {"Accept": "application/json"}
    assert phone.post("/workshop/vote", data=sent, headers=json).json == {"sent": True}
    evening.press("Show answer")
    assert phone.post("/workshop/vote", data=sent, headers=json).json == {"sent": False}


@pytest.mark.parametrize("box", ["word", "number"])
def test_the_code_may_be_typed_into_one_box_as_it_stands_on_the_board(
    evening: Evening, box: str
) -> None:
    boxes = {"word": "", "number": "", box: evening.facts.code}
    came = post(evening.app.test_client(), "/workshop", boxes)
    assert came.location == "/workshop/now"


def test_a_phone_that_sends_nothing_is_asked_to_choose(evening: Evening) -> None:
    phone = evening.phone()
    evening.press("Begin")
    page = press(phone, phone.get("/workshop/now"), "Send")
    assert "Choose an answer first." in wording(phone.get(page.location))


def test_only_a_page_without_a_choice_turns_by_itself(evening: Evening) -> None:
    phone, refresh = evening.phone(), 'http-equiv="refresh"'
    assert refresh in phone.get("/workshop/now").text
    evening.press("Begin")
    assert refresh not in phone.get("/workshop/now").text
    sent = phone.get(answer(phone, 1).location).text
    assert refresh in sent
    assert "Change my answer" in sent
    assert refresh not in phone.get("/workshop/now").text
    evening.press("Show answer")
    assert refresh in phone.get("/workshop/now").text


def test_how_they_answered_is_seen_from_five_on_and_only_when_shown(evening: Evening) -> None:
    phones = [evening.phone() for _ in range(5)]
    evening.press("Begin")
    for phone in phones[:4]:
        answer(phone, 2)
    evening.press("Show answer")
    assert "Too few answered for bars" in wording(evening.board)
    assert 'class="fill' not in evening.board.text
    evening.press("Next")
    for phone in phones:
        answer(phone, 2, question=2)
    assert 'class="fill' not in evening.board.text
    assert evening.host.get(evening.place).text.count("<b>5</b>") == 0
    evening.press("Show answer")
    assert 'class="fill pat-2" width="92%"' in evening.board.text
    assert "Too few" not in wording(evening.board)


def test_the_board_names_nobody_and_tells_nothing_before_it_is_asked(evening: Evening) -> None:
    evening.press("Begin")
    page = evening.board
    for name in ("Okafor", "Amina", "Concerns", evening.facts.asked[0].reveal):
        assert name not in wording(page), name
    assert evening.facts.code in wording(page)
    assert evening.facts.asked[0].say not in wording(page)
    assert evening.facts.asked[0].say in wording(evening.host.get(evening.place))
    assert "The board is dark" in wording(evening.host.get(f"{evening.place}/board?blank=1"))


def test_a_board_that_phones_cannot_reach_says_so_before_a_hall(evening: Evening) -> None:
    said = wording(evening.board)
    assert "Phones cannot join yet. localhost/workshop means this computer only." in said
    assert "Point your camera" not in said
    there = evening.app.test_client(use_cookies=False).get(
        f"{evening.place}/board",
        base_url="https://catkin.oaklane.sch.uk",
        headers={"Cookie": f"__Host-{cookie_of(evening.host)}"},
    )
    assert "Point your camera at the square. Or open catkin.oaklane.sch.uk" in wording(there)
    assert "Phones cannot" not in wording(there)


def cookie_of(browser: FlaskClient) -> str:
    held = browser.get_cookie("catkin")
    assert held is not None
    return f"catkin={held.value}"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("192.168.1.20:8000", False),
        ("localhost.oaklane.sch.uk", False),
        ("LOCALHOST:8000", True),
        ("127.0.1.1:8000", True),
        ("0.0.0.0:8000", True),
        ("[::1]", True),
        ("[::]:8000", True),
    ],
)
def test_an_address_of_this_computer_is_known_in_each_of_its_ways(
    app: Flask, host: str, here: bool
) -> None:
    with app.test_request_context(headers={"Host": host}):
        assert only_here() is here


def test_a_wrong_code_stays_in_the_box_and_a_guesser_rests_alone(
    evening: Evening, clock_stands: time_machine.Coordinates
) -> None:
    guesser, wrong = evening.app.test_client(), {"word": "nobody", "number": "123"}
    for _ in range(5):
        page = post(guesser, "/workshop", wrong)
        assert "Not that one. Look at the big screen." in wording(page)
        assert 'value="nobody"' in page.text
    facts = evening.facts
    right = {"word": facts.word, "number": facts.number}
    resting = post(guesser, "/workshop", right)
    assert resting.status_code == 429
    assert "Wait a little" in wording(resting)
    evening.phone()  # behind the same address, in the same second
    clock_stands.shift(timedelta(seconds=31))
    assert post(guesser, "/workshop", right).location == "/workshop/now"


def test_a_hall_of_guessers_keeps_nobody_out_and_writes_nothing(evening: Evening) -> None:
    written: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            written.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        for _ in range(40):
            guess = {"word": "nobody", "number": "123"}
            assert post(evening.app.test_client(), "/workshop", guess).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert written == []
    evening.phone()


def test_asking_where_the_hall_is_is_one_read_and_sets_no_cookie(evening: Evening) -> None:
    phone, asked = evening.phone(), list[str]()
    evening.press("Begin")

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        page = phone.get("/workshop/state")
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert page.json == {"question": 1, "state": "asks", "answered": 0, "phones": 1}
    assert len(asked) == 1
    assert len(page.data) < 80
    assert "Set-Cookie" not in page.headers
    assert evening.app.test_client().get("/workshop/state").json == {"state": "none"}


def test_two_quick_presses_of_join_are_one_phone(evening: Evening) -> None:
    phone, facts = evening.app.test_client(), evening.facts
    page = phone.get(f"/workshop?code={facts.word}-{facts.number}")
    assert f'value="{facts.word}"' in page.text
    for _ in range(2):
        sent = {"word": facts.word, "number": facts.number}
        assert press(phone, page, "Join in", **sent).location == "/workshop/now"
    assert evening.host.get(f"{evening.place}/now").json["phones"] == 1


def test_two_hosts_move_one_board_and_a_late_phone_comes_where_it_is(evening: Evening) -> None:
    other = evening.school.adult("DSL")
    seen = other.get(evening.place)
    evening.press("Begin")
    press(other, seen, "Begin")
    assert QUESTION in look(evening.phone())
    press(other, other.get(evening.place), "Show answer")
    assert "Answers are closed." in look(evening.phone())


def test_looking_at_a_board_by_itself_does_not_keep_a_sign_in_alive(
    evening: Evening, clock_stands: time_machine.Coordinates
) -> None:
    for _ in range(16):
        clock_stands.shift(timedelta(minutes=1))
        last = evening.host.get(f"{evening.place}/now")
        evening.host.get(f"{evening.place}/board?by=itself")
    assert last.status_code == 303


def test_whoever_looks_after_its_time_ends_it(
    evening: Evening, clock_stands: time_machine.Coordinates
) -> None:
    phone = evening.phone()
    clock_stands.shift(LASTS)
    assert "Your phone is forgotten." in look(phone)
    assert evening.facts.ended_at is not None
    again = Evening(evening.school, "office")
    clock_stands.shift(LASTS)
    page = again.school.adult("teacher").get("/workshops")
    assert "Going on now" not in wording(page)
    assert wording(page).count("phone") >= 2
    assert again.facts.ended_at is not None


def test_without_questions_no_workshop_begins(
    app: Flask, school: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.doors.teacher.workshops.asked_on", lambda *_: ())
    teacher = school.adult("teacher")
    page = teacher.get("/workshops")
    assert "the file of the workshop is missing" in wording(page)
    assert "Start a workshop" not in wording(page)


def test_a_phone_leaves_and_its_answer_counts_on(evening: Evening) -> None:
    phone = evening.phone()
    evening.press("Begin")
    answer(phone, 1)
    assert press(phone, phone.get("/workshop/now"), "Leave").location == "/workshop"
    assert phone.get("/workshop/now").location == "/workshop"
    assert "1 of 1 have answered" in wording(evening.board)


def test_where_a_pupil_is_signed_in_there_is_no_workshop(evening: Evening) -> None:
    pupil = evening.school.pupil("Amina")
    for path in ("/workshop", "/workshop/now", "/workshop/state", "/workshops"):
        assert pupil.get(path).status_code == 403, path

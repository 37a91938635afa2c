"""Pasting a class list: looked at first, saved only when somebody says so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.rules import Role
from tests.at_school import press, wording
from tests.founded import Founded, post

PASTED = "\n".join(
    ["Bethan Morris", "Lloyd, Darcey", "", '=HYPERLINK("http://x")', "Wei Chen", "Amina Khan"]
)


@pytest.fixture
def office(school: Founded) -> FlaskClient:
    return school.adult(Role.OFFICE)


def look(browser: FlaskClient, class_id: str, text: str) -> TestResponse:
    there = f"/classes/{class_id}"
    return post(browser, f"{there}/names", {"names": text}, page=there)


def save(browser: FlaskClient, page: TestResponse, **typed: Any) -> TestResponse:
    found = re.search(r"<button[^>]*>(Save [^<]+)</button>", page.text)
    assert found is not None
    return press(browser, page, found[1], **typed)


def test_a_paste_is_shown_line_by_line_and_nothing_is_saved(
    school: Founded, office: FlaskClient
) -> None:
    page = look(office, school.hazel, PASTED)
    said = wording(page)
    assert "3 ready, 1 to look at, 1 left out. Not saved yet." in said
    assert "1 Bethan Bethan Morris" in said
    assert "2 Darcey Darcey Lloyd" in said
    assert "— Left out: a formula, not a name" in said
    assert "5 Wei C Wei Chen More than one Wei, so more is shown" in said
    assert "6 — Amina Khan Same as a pupil of this class." in said
    assert "Save 3 pupils in Hazel" in said
    assert len(school.shown(school.hazel)) == 5


def test_what_was_ready_is_saved(school: Founded, office: FlaskClient) -> None:
    answer = save(office, look(office, school.hazel, PASTED))
    assert answer.status_code == 303
    assert "3 pupils saved." in wording(office.get(answer.location))
    shown = set(school.shown(school.hazel))
    assert {"Bethan", "Darcey", "Wei C", "Wei Z", "Amina"} <= shown
    assert len(shown) == 8


def test_two_pupils_of_one_name_are_saved_when_somebody_says_so(
    school: Founded, office: FlaskClient
) -> None:
    answer = save(office, look(office, school.hazel, PASTED), two="6")
    assert answer.status_code == 303
    assert {"Amina K 1", "Amina K 2"} <= set(school.shown(school.hazel))


def test_pressing_save_twice_saves_once(school: Founded, office: FlaskClient) -> None:
    page = look(office, school.hazel, PASTED)
    save(office, page, two="6")
    again = save(office, page, two="6")
    assert "The class list changed while you looked." in wording(again)
    assert 'name="two" value="6" checked' in again.text
    assert len(school.shown(school.hazel)) == 9


def test_the_paste_is_kept_untouched_for_another_look(school: Founded, office: FlaskClient) -> None:
    page = look(office, school.hazel, 'Zoe "Zed" <Smith>\nAm\u200bina Khan')
    assert "Zoe &#34;Zed&#34; &lt;Smith&gt;\nAm\u200bina Khan</textarea>" in page.text


def test_a_stale_preview_keeps_the_paste_and_the_ticks(
    school: Founded, office: FlaskClient
) -> None:
    there = f"/classes/{school.hazel}/names"
    for address in (there, f"{there}/save"):
        page = office.post(address, data={"names": PASTED, "two": "6", "csrf_token": "old"})
        assert "Nothing is lost" in page.text
        assert "Bethan Morris" in page.text
    assert 'name="two" value="6" checked' in page.text
    assert len(school.shown(school.hazel)) == 5


def test_an_empty_paste_says_what_to_do(school: Founded, office: FlaskClient) -> None:
    for nothing in ("", " \n \u2003 "):
        page = look(office, school.hazel, nothing)
        assert "Paste names to see them here." in page.text


def test_a_paste_without_names_offers_nothing_to_save(school: Founded, office: FlaskClient) -> None:
    page = look(office, school.hazel, "=1+1\n\u200b\x00\n12")
    assert "0 ready, 0 to look at, 2 left out." in wording(page)
    assert ">Save " not in page.text
    page = post(
        office,
        f"/classes/{school.hazel}/names/save",
        {"names": "=1+1", "mark": "x"},
        page=f"/classes/{school.hazel}",
    )
    assert "No line here can be saved yet." in page.text


def test_ten_thousand_lines_are_counted_and_the_first_two_hundred_shown(
    school: Founded, office: FlaskClient
) -> None:
    text = "\n".join(f"Pupil{n} Name" for n in range(10_000))
    page = look(office, school.elder, text)
    said = wording(page)
    assert "10000 ready" in said
    assert "The first 200 of 10000 lines" in said
    assert page.text.count('<th scope="row">') == 200
    assert "That makes 10000 pupils in Elder." in said


def test_a_class_of_more_than_sixty_is_a_warning_and_no_hindrance(
    school: Founded, office: FlaskClient
) -> None:
    sixty = "\n".join(f"Anna{chr(97 + n // 26)}{chr(97 + n % 26)} Reid" for n in range(61))
    assert "That makes" not in look(office, school.elder, sixty.rpartition("\n")[0]).text
    page = look(office, school.elder, sixty)
    assert "That makes 61 pupils in Elder." in wording(page)
    assert save(office, page).status_code == 303
    assert len(school.shown(school.elder)) == 61


def test_one_pupil_is_added_in_one_step(school: Founded, office: FlaskClient) -> None:
    there = f"/classes/{school.hazel}"
    answer = post(office, f"{there}/pupils", {"one": "Morris, Bethan"}, page=there)
    assert answer.location == f"{there}?saved=1"
    assert "Bethan" in school.shown(school.hazel)


def test_one_more_of_a_name_that_is_there_is_looked_at_first(
    school: Founded, office: FlaskClient
) -> None:
    there = f"/classes/{school.hazel}"
    page = post(office, f"{there}/pupils", {"one": "Amina Khan"}, page=there)
    assert "Same as a pupil of this class." in wording(page)
    assert len(school.shown(school.hazel)) == 5
    assert save(office, page, two="1").status_code == 303
    assert len(school.shown(school.hazel)) == 6


@pytest.mark.parametrize(
    ("typed", "says"),
    [("", "Type the name."), ("=1+1", "a formula, not a name"), ("A" * 101, "too long")],
)
def test_one_that_is_no_name_is_not_added(
    school: Founded, office: FlaskClient, typed: str, says: str
) -> None:
    there = f"/classes/{school.hazel}"
    page = post(office, f"{there}/pupils", {"one": typed}, page=there)
    assert page.status_code == 200
    assert says in page.text
    assert typed in page.text
    assert len(school.shown(school.hazel)) == 5


def test_a_teacher_pastes_names_into_the_own_class_alone(school: Founded) -> None:
    teacher = school.adult(Role.TEACHER)
    assert save(teacher, look(teacher, school.hazel, "Bethan Morris")).status_code == 303
    elder = f"/classes/{school.elder}/names"
    assert (
        post(teacher, elder, {"names": "X Y"}, page="/classes/" + school.hazel).status_code == 404
    )

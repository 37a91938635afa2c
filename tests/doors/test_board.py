"""A lesson on the board: one thing at a time, nothing given away, nothing about anybody."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.base import clock
from app.base.database import Store, writing
from app.content.values import Card, Lesson
from app.doors.teacher.board import slides_of
from app.people.actions.sign_ins import begin_for_staff
from app.people.tables import Staff
from tests.at_desk import AtDesk, school_with_team, tell
from tests.at_school import wording

BOARD = "/lessons/t-79/board"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    """A school in which Amina has told."""
    desk = school_with_team(app)
    tell(app, desk, to=(desk.school.okafor,))
    return desk


@pytest.fixture
def teacher(app: Flask, desk: AtDesk) -> FlaskClient:
    with app.app_context():
        token = begin_for_staff(desk.id, desk.school.okafor, clock.now())
    browser = app.test_client()
    with browser.session_transaction() as session:
        session |= {"_user_id": token, "_fresh": True}
    return browser


@pytest.fixture
def lesson(app: Flask) -> Lesson:
    found: Lesson = app.extensions["catkin"].catalogue.lessons["t-79"]
    return found


def card_of(lesson: Lesson, kind: str) -> Card:
    return next(card for card in lesson.cards if card.kind == kind)


def link(text: str, rel: str) -> str | None:
    """Where Back (prev) or Next leads."""
    _, found, rest = text.partition(f'rel="{rel}" href="')
    return unescape(rest.partition('"')[0]) if found else None


def test_the_lesson_page_leads_to_the_board_and_the_board_back(teacher: FlaskClient) -> None:
    assert f'href="{BOARD}/1"' in teacher.get("/lessons/t-79").text
    assert 'href="/lessons/t-79" aria-keyshortcuts="Escape"' in teacher.get(f"{BOARD}/1").text


def test_next_leads_through_every_card_and_question_to_the_end_and_back_again(
    teacher: FlaskClient, lesson: Lesson
) -> None:
    address: str | None = f"{BOARD}/1"
    seen = []
    while address is not None:
        text = teacher.get(address).text
        seen.append(address)
        address = link(text, "next")
    questions = sum(len(card.questions) for card in lesson.cards)
    words = sum(bool(card.html) for card in lesson.cards)
    assert len(seen) == len(set(seen)) == words + questions + 1
    for before, here in pairwise(seen):
        back = link(teacher.get(here).text, "prev")
        assert back is not None
        assert teacher.get(back).text == teacher.get(before).text
    assert link(teacher.get(seen[0]).text, "prev") is None


def test_after_the_last_card_the_class_is_sent_to_the_story(
    app: Flask, teacher: FlaskClient, lesson: Lesson
) -> None:
    said = wording(teacher.get(f"{BOARD}/{len(lesson.cards) + 1}"))
    assert "Now try it yourselves" in said
    assert app.extensions["catkin"].catalogue.quizzes[lesson.story].title in said


@pytest.mark.parametrize("path", ["t-79/board/0", "t-79/board/10", "t-79/board/x", "none/board/1"])
def test_a_card_that_is_not_there_is_not_found(teacher: FlaskClient, path: str) -> None:
    assert teacher.get(f"/lessons/{path}").status_code == 404


@pytest.mark.parametrize("asked", ["9", "-1", "x", ""])
def test_a_question_that_is_not_there_is_the_first_of_its_card(
    teacher: FlaskClient, asked: str
) -> None:
    page = teacher.get(f"{BOARD}/1?question={asked}")
    assert page.text == teacher.get(f"{BOARD}/1").text


def test_no_choice_is_marked_until_the_class_has_talked(
    teacher: FlaskClient, lesson: Lesson
) -> None:
    for card in lesson.cards:
        for question in card.questions:
            address = f"{BOARD}/{card.number}?question={question.number}"
            before, after = teacher.get(address), teacher.get(f"{address}&shown=1")
            alike = before.text.partition('<ul class="choices')[2].partition("</ul>")[0]
            assert alike.count("<li><span") == len(question.options)
            for option in question.options:
                assert option.text in wording(before)
                assert option.feedback not in wording(before)
                assert option.feedback in wording(after)
            good = sum(option.good for option in question.options)
            assert after.text.count('<li class="good">') == good
            assert after.text.count('<li class="hmm">') == len(question.options) - good


def test_asking_to_show_changes_nothing_on_a_card_of_words(teacher: FlaskClient) -> None:
    assert teacher.get(f"{BOARD}/2?shown=1").text == teacher.get(f"{BOARD}/2").text


def test_think_pair_share_stands_by_what_is_to_be_talked_about(
    teacher: FlaskClient, lesson: Lesson
) -> None:
    strip = "Think Pair Share"
    assert strip in wording(teacher.get(f"{BOARD}/{card_of(lesson, 'talk').number}"))
    assert strip in wording(teacher.get(f"{BOARD}/{card_of(lesson, 'check').number}"))
    assert strip not in wording(teacher.get(f"{BOARD}/{card_of(lesson, 'story').number}"))


def test_a_hard_word_can_be_opened(teacher: FlaskClient, lesson: Lesson) -> None:
    card = next(card for card in lesson.cards if card.words)
    said = wording(teacher.get(f"{BOARD}/{card.number}"))
    assert all(word.means in said for word in card.words)


def test_nothing_about_pupils_the_teacher_or_a_concern_stands_on_the_board(
    teacher: FlaskClient, lesson: Lesson
) -> None:
    for number in range(1, len(lesson.cards) + 2):
        text = teacher.get(f"{BOARD}/{number}").text
        for absent in ("Amina", "Finn", "Okafor", "Hazel", "C-", "not opened", "<nav class"):
            assert absent not in text.replace('<nav class="turn"', ""), (number, absent)


def test_the_notes_of_the_teacher_stay_on_the_teachers_page(
    teacher: FlaskClient, lesson: Lesson
) -> None:
    note = "Do not ask pupils what has happened to them"
    assert note in wording(teacher.get("/lessons/t-79"))
    for number in range(1, len(lesson.cards) + 2):
        assert note not in wording(teacher.get(f"{BOARD}/{number}"))


def test_a_worried_child_is_shown_the_way_and_no_key_that_the_class_could_press(
    teacher: FlaskClient,
) -> None:
    page = teacher.get(f"{BOARD}/2")
    assert "Something worrying you? Tap the yellow key on your own screen." in wording(page)
    assert "/tell" not in page.text


def test_a_board_that_is_left_asks_who_is_there_as_every_staff_page_does(
    teacher: FlaskClient,
) -> None:
    text = teacher.get(f"{BOARD}/2").text
    assert 'data-still="/staff/still-here?by=hand" data-warns="840"' in text
    assert 'content="840; url=/staff/still-here"' in text


def test_what_a_teacher_was_writing_is_not_spoken_of_on_the_board(
    teacher: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.pages.waits_for", lambda here: True)
    assert "What you were writing" in teacher.get("/lessons/t-79").text
    assert "What you were writing" not in teacher.get(f"{BOARD}/2").text


def test_a_card_with_words_and_questions_shows_its_words_first(lesson: Lesson) -> None:
    words, asks = card_of(lesson, "story"), card_of(lesson, "check")
    both = replace(words, questions=asks.questions)
    slides = slides_of(replace(lesson, cards=(both,)))
    assert [(slide.number, slide.question) for slide in slides] == [
        (words.number, None),
        *((words.number, question) for question in asks.questions),
        (words.number + 1, None),
    ]


def test_the_last_card_names_the_adults_whom_the_school_has_and_escapes_them(
    app: Flask, teacher: FlaskClient, desk: AtDesk, lesson: Lesson
) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        lane = update(Staff).where(Staff.id == desk.school.lane, Staff.school_id == desk.id)
        session.execute(lane.values(known_as="Mr <b>Lane</b>"))
    text = teacher.get(f"{BOARD}/{card_of(lesson, 'talk').number}").text
    assert "Mr &lt;b&gt;Lane&lt;/b&gt;" in text
    assert "{trusted_adults}" not in text

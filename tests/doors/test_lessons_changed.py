"""Lessons that change under a pupil: another band, taken away, a newer version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import db
from app.content.catalogue import Catalogue
from app.content.values import Card, Lesson
from app.learning.proof import progress_proof
from app.learning.queries import newest_run, pupil_progress
from app.learning.rules import Shown
from app.learning.runs import Run
from tests.playing import SCHOOL, add_school, press, sign_in
from tests.quick import content

LESSON = content().lessons["t-79"]
HOME = f"/lesson/{LESSON.id}"


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    return client


def run_of(app: Flask) -> Run:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", LESSON.id)
    assert run is not None
    return run


def change_content(app: Flask, known: Catalogue) -> None:
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)


def test_a_lesson_of_another_band_does_not_exist(app: Flask, amina: FlaskClient) -> None:
    older = replace(LESSON, band="9-11")
    change_content(app, replace(content(), lessons={LESSON.id: older}))
    assert amina.get(HOME).status_code == 404
    assert amina.get("/lesson/nothing").status_code == 404


def test_a_lesson_that_was_taken_away_leads_kindly_back_to_the_map(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    change_content(app, replace(content(), lessons={}))
    page = amina.get(f"{HOME}/1", follow_redirects=True)
    assert page.request.path == "/map"
    assert "That one is not here now" in page.text


def shown_by(app: Flask) -> dict[str, Shown]:
    with app.app_context():
        return pupil_progress(SCHOOL, "amina")


def newer_with(app: Flask, *cards: Card) -> Lesson:
    """Puts a newer version with these cards in the lesson's place."""
    numbered = tuple(replace(card, number=number) for number, card in enumerate(cards, 1))
    newer = replace(LESSON, version=LESSON.version + 1, cards=numbered)
    change_content(app, replace(content(), lessons={LESSON.id: newer}))
    return newer


def answer_card(client: FlaskClient, card: Card) -> None:
    """Answers each question of a card well."""
    for question in card.questions:
        good = next(option.number for option in question.options if option.good)
        press(client, f"{HOME}/{card.number}", choice=good)


def test_a_question_that_moved_to_another_card_counts_once(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    answer_card(amina, LESSON.cards[0])
    before = shown_by(app)
    assert before
    extra = replace(LESSON.cards[1], questions=())
    newer = newer_with(app, extra, *LESSON.cards)
    assert amina.get(HOME).headers["Location"] == f"{HOME}/1"
    press(amina, f"{HOME}/1", do="next")
    answer_card(amina, newer.cards[1])
    assert shown_by(app) == before
    with app.app_context():
        assert progress_proof(db.session()).agrees


def test_an_old_answer_never_stands_for_another_question(app: Flask, amina: FlaskClient) -> None:
    first = LESSON.cards[0]
    press(amina, HOME)
    press(amina, f"{HOME}/1", choice=1)
    turned = tuple(
        replace(question, number=number)
        for number, question in enumerate(reversed(first.questions), 1)
    )
    newer = newer_with(app, replace(first, questions=turned), *LESSON.cards[1:])
    page = amina.get(f"{HOME}/1").text
    assert "You chose" not in page
    assert "<legend>" in page
    answer_card(amina, newer.cards[0])
    press(amina, f"{HOME}/1", do="next")
    assert amina.get(HOME).headers["Location"] == f"{HOME}/2"
    assert [answer.place for answer in run_of(app).answers] == [
        "1.1",
        f"{newer.version}/1.1",
        f"{newer.version}/1.2",
    ]


def test_a_card_is_not_turned_before_its_new_questions_are_answered(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    answer_card(amina, LESSON.cards[0])
    newer_with(app, *LESSON.cards)
    press(amina, f"{HOME}/1", do="next")
    assert amina.get(HOME).headers["Location"] == f"{HOME}/1"


def test_a_lesson_that_was_finished_can_be_looked_through_in_its_new_version(
    app: Flask, amina: FlaskClient
) -> None:
    short = LESSON.cards[0]
    change_content(app, replace(content(), lessons={LESSON.id: replace(LESSON, cards=(short,))}))
    press(amina, HOME)
    answer_card(amina, short)
    press(amina, f"{HOME}/1", do="next")
    assert run_of(app).finished
    newer_with(app, short, *LESSON.cards[1:])
    page = amina.get(f"{HOME}/1").text
    assert "You chose" not in page
    assert "<legend>" not in page
    assert f'href="{HOME}/2"' in page
    assert f"Card 2 of {len(LESSON.cards)}" in amina.get(f"{HOME}/2").text


def test_after_a_new_version_the_first_version_of_a_run_counts_no_more(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    newer = newer_with(app, *LESSON.cards)
    answer_card(amina, newer.cards[0])
    assert shown_by(app) == {}


def test_a_new_version_goes_on_at_the_same_card_or_at_the_first(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    for _ in range(2):
        press(amina, f"{HOME}/1", choice=1)
    press(amina, f"{HOME}/1", do="next")
    newer = replace(LESSON, version=LESSON.version + 1)
    change_content(app, replace(content(), lessons={LESSON.id: newer}))
    assert amina.get(HOME).headers["Location"] == f"{HOME}/2"
    shorter = replace(newer, cards=LESSON.cards[:1])
    change_content(app, replace(content(), lessons={LESSON.id: shorter}))
    assert amina.get(HOME).headers["Location"] == f"{HOME}/1"
    assert (run_of(app).version, len(run_of(app).answers)) == (LESSON.version, 2)

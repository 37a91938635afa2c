"""Am I old enough? as pupils meet it on a day, and how the office hears that a rule is old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.config import ROOT
from app.content.catalogue import Catalogue, read_catalogue
from app.content.values import Card, Lesson
from app.learning.queries import newest_run, pupil_progress
from app.learning.runs import Run
from app.people.rules import GRANTABLE, Role
from app.web.parts import catalogue
from tests.at_school import wording
from tests.founded import Founded, add_adult
from tests.playing import SCHOOL, add_school, press, sign_in

QUIZ = "s-79-age-quiz"
HOME = f"/lesson/{QUIZ}"
NOVEMBER = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
JUNE = datetime(2027, 6, 1, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    return client


def quiz_of(app: Flask) -> Lesson:
    with app.app_context():
        return catalogue().lessons[QUIZ]


def run_of(app: Flask) -> Run:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", QUIZ)
    assert run is not None
    return run


def about(app: Flask, heading: str) -> Card:
    return next(card for card in quiz_of(app).cards if card.heading == heading)


def go_to(client: FlaskClient, quiz: Lesson, number: int) -> None:
    """Begin, and go on to a card with good answers all the way."""
    press(client, HOME)
    for card in quiz.cards[: number - 1]:
        for question in card.questions:
            good = next(one.number for one in question.options if one.good)
            press(client, f"{HOME}/{card.number}", choice=good)
        press(client, f"{HOME}/{card.number}", do="next")


def with_the_law(folder: Path, *, recheck: str) -> Catalogue:
    """The content that ships, with the law in force from April 2027 and these dates."""
    for path in [*ROOT.glob("lessons/*/*"), *ROOT.glob("quizzes/*/*")]:
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    file = folder / "lessons/facts/age-limits.yaml"
    text = file.read_text()
    text = text.replace("recheck_before: 2027-02-01", f"recheck_before: {recheck}")
    text = text.replace("    min_age: 16\n", "    min_age: 16\n    from: 2027-04-01\n", 1)
    file.write_text(text)
    return read_catalogue(folder)


def use(app: Flask, known: Catalogue) -> None:
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return with_the_law(tmp_path_factory.mktemp("fresh"), recheck="2027-12-01")


@pytest.fixture(scope="module")
def stale(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return with_the_law(tmp_path_factory.mktemp("stale"), recheck="2027-05-01")


def test_the_quiz_stands_at_the_safe_stop_and_opens(app: Flask, amina: FlaskClient) -> None:
    assert HOME in amina.get("/lesson/s-79").text
    front = wording(amina.get(HOME))
    assert "Am I old enough?" in front
    assert f"A quiz with {len(quiz_of(app).cards)} cards." in front


def test_an_age_that_is_named_counts_and_says_when_it_was_checked(
    app: Flask, amina: FlaskClient
) -> None:
    card = about(app, "TikTok")
    go_to(amina, quiz_of(app), card.number)
    before = shown(app)
    right = next(one.number for one in card.questions[0].options if one.text == "13 or older")
    assert "13 or older" in wording(amina.get(f"{HOME}/{card.number}"))
    press(amina, f"{HOME}/{card.number}", choice=right)
    says = wording(amina.get(f"{HOME}/{card.number}"))
    assert "Good choice. The rule today is 13 or older." in says
    assert "It is the company's job to keep it. Checked in November 2026." in says
    assert shown(app) == before + 1


def shown(app: Flask) -> int:
    with app.app_context():
        return pupil_progress(SCHOOL, "amina")["safe.age-rule"].good


def test_a_law_in_force_gives_the_question_its_new_answer(
    app: Flask, amina: FlaskClient, clock: time_machine.Traveller, fresh: Catalogue
) -> None:
    use(app, fresh)
    clock.move_to(datetime(2027, 3, 31, 10, 0, tzinfo=UTC))
    assert good_ages(about(app, "TikTok")) == {"13 or older"}
    clock.move_to(JUNE)
    sign_in(amina, "amina")
    card = about(app, "TikTok")
    assert good_ages(card) == {"16 or older"}
    go_to(amina, quiz_of(app), card.number)
    old = next(one.number for one in card.questions[0].options if not one.good)
    press(amina, f"{HOME}/{card.number}", choice=old)
    says = wording(amina.get(f"{HOME}/{card.number}"))
    assert "Not yet. Have a look. This one has changed. The law now says 16 or older" in says


def good_ages(card: Card) -> set[str]:
    options = card.questions[0].options
    return {one.text for one in options if one.good and one.text.endswith("older")}


def test_with_stale_dates_it_is_unscored_and_says_to_ask_a_grown_up(
    app: Flask, amina: FlaskClient, clock: time_machine.Traveller, stale: Catalogue
) -> None:
    use(app, stale)
    clock.move_to(JUNE)
    sign_in(amina, "amina")
    card = about(app, "TikTok")
    assert card.questions == ()
    go_to(amina, quiz_of(app), card.number)
    page = amina.get(f"{HOME}/{card.number}")
    assert "Ask a grown-up to check." in wording(page)
    assert 'name="choice"' not in page.text
    assert "16 or older" not in wording(page)
    before = len(run_of(app).answers)
    amina.post(f"{HOME}/{card.number}", data={"question": 1, "choice": 1})
    assert len(run_of(app).answers) == before


def test_labels_with_their_number_stand_in_for_rules_past_their_date(
    app: Flask, amina: FlaskClient, clock: time_machine.Traveller, stale: Catalogue
) -> None:
    use(app, stale)
    clock.move_to(JUNE)
    sign_in(amina, "amina")
    quiz = quiz_of(app)
    labels = [card for card in quiz.cards if card.label is not None]
    assert len(labels) == 4
    go_to(amina, quiz, labels[0].number)
    assert f"The label says {labels[0].label}" in wording(amina.get(f"{HOME}/{labels[0].number}"))


def test_a_run_that_was_open_when_the_rule_changed_goes_on_as_practice(
    app: Flask, amina: FlaskClient, clock: time_machine.Traveller, fresh: Catalogue
) -> None:
    use(app, fresh)
    card = about(app, "TikTok")
    go_to(amina, quiz_of(app), card.number)
    before = shown(app)
    clock.move_to(JUNE)
    sign_in(amina, "amina")
    says = amina.get(HOME, follow_redirects=True)
    assert says.request.path == f"{HOME}/{card.number}"
    assert "16 or older" in wording(says)
    options = about(app, "TikTok").questions[0].options
    new = next(one.number for one in options if one.text == "16 or older")
    press(amina, f"{HOME}/{card.number}", choice=new)
    assert "The law now says 16 or older." in wording(amina.get(f"{HOME}/{card.number}"))
    assert shown(app) == before
    assert run_of(app).answers[-1].place == f"{quiz_of(app).version}/{card.number}.1"


def test_the_quiz_can_be_finished_and_its_leaf_grows(app: Flask, amina: FlaskClient) -> None:
    quiz = quiz_of(app)
    go_to(amina, quiz, len(quiz.cards) + 1)
    assert "say why apps have an age number" in wording(amina.get(f"{HOME}/done"))
    assert run_of(app).finished


def test_teachers_find_it_on_the_shelf_with_notes_and_on_the_board(
    app: Flask, school: Founded
) -> None:
    teacher, cards = school.adult("teacher"), quiz_of(app).cards
    assert "Quiz, made from the rules of today, 8 minutes" in wording(
        teacher.get("/lessons?band=7-9")
    )
    assert "Where the numbers come from" in wording(teacher.get(f"/lessons/{QUIZ}"))
    for number in range(1, len(cards) + 2):
        assert teacher.get(f"/lessons/{QUIZ}/board/{number}").status_code == 200


LOOK_AFTER_FACTS = {Role.DSL, Role.HEAD, Role.OFFICE, Role.TECHNICIAN}


@pytest.mark.parametrize("role", sorted(LOOK_AFTER_FACTS))
def test_those_who_look_after_the_facts_are_told_what_is_past_its_date(
    app: Flask, school: Founded, clock: time_machine.Traveller, stale: Catalogue, role: Role
) -> None:
    use(app, stale)
    adult = school.adult(role)
    assert "past" not in wording(adult.get("/today"))
    assert "No age rule is past its date." in wording(adult.get("/facts"))
    clock.move_to(datetime(2027, 3, 2, 10, 0, tzinfo=UTC))
    adult = school.adult(role)
    says = wording(adult.get("/today"))
    assert "age rules are to be checked soon, the first by 1 May 2027." in says
    page = wording(adult.get("/facts"))
    assert "age rules are to be checked soon. The first by 1 May 2027." in page
    clock.move_to(JUNE)
    adult = school.adult(role)
    says = wording(adult.get("/today"))
    assert "age rules are past their date." in says
    page = wording(adult.get("/facts"))
    row = page.partition(" TikTok ")[2]
    assert row.startswith("16 or older, by law 20 November 2026 1 May 2027 contrib-versions")
    assert "contrib-versions TikTok/Terms of Service.md" in page
    assert "age-limits.yaml" in page


@pytest.mark.parametrize("role", sorted(set(GRANTABLE) - LOOK_AFTER_FACTS))
def test_nobody_else_is_told(
    app: Flask, school: Founded, clock: time_machine.Traveller, stale: Catalogue, role: Role
) -> None:
    use(app, stale)
    if role not in school.adults:
        school.adults[role] = add_adult(school, "Rosa Diaz", role)
    clock.move_to(JUNE)
    adult = school.adult(role)
    page = adult.get("/today")
    assert "age rule" not in wording(page)
    assert "/facts" not in page.text
    assert adult.get("/facts").status_code == 403


def test_the_day_turns_at_midnight_on_the_wall_clock(
    app: Flask, clock: time_machine.Traveller, fresh: Catalogue
) -> None:
    use(app, fresh)
    # An hour before midnight in UTC it is already the next day in April.
    clock.move_to(datetime(2027, 3, 31, 22, 59, tzinfo=UTC))
    assert good_ages(about(app, "TikTok")) == {"13 or older"}
    clock.move_to(datetime(2027, 3, 31, 23, 0, tzinfo=UTC))
    assert good_ages(about(app, "TikTok")) == {"16 or older"}
    assert date(2027, 4, 1) == catalogue_day(app)


def catalogue_day(app: Flask) -> date:
    with app.app_context():
        catalogue()
        kept: tuple[Catalogue, date, Catalogue] = app.extensions["catkin_today"]
    return kept[1]

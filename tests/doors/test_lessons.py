"""Lessons as a pupil meets them, a card a page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.base.database import Store, db, engine_of
from app.learning.proof import progress_proof
from app.learning.queries import newest_run, pupil_progress
from app.learning.runs import Run
from tests.at_school import wording
from tests.playing import SCHOOL, add_adult, add_school, hidden, press, sign_in
from tests.quick import content

LESSON = content().lessons["t-79"]
HOME = f"/lesson/{LESSON.id}"


def good(card: int, question: int) -> int:
    """The number of a good answer."""
    asked = LESSON.cards[card - 1].questions[question - 1]
    return next(option.number for option in asked.options if option.good)


def slip(card: int, question: int) -> int:
    """The number of a slip."""
    asked = LESSON.cards[card - 1].questions[question - 1]
    return next(option.number for option in asked.options if not option.good)


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


def card_url(number: int) -> str:
    return f"{HOME}/{number}"


def finish_lesson(client: FlaskClient) -> None:
    """Begin and go to the end, with every first answer good."""
    press(client, HOME)
    for card in LESSON.cards:
        for question in card.questions:
            press(client, card_url(card.number), choice=good(card.number, question.number))
        press(client, card_url(card.number), do="next")


def test_opening_a_lesson_writes_nothing(app: Flask, amina: FlaskClient) -> None:
    assert "Start" in amina.get(HOME).text
    assert amina.get(card_url(1)).headers["Location"] == HOME
    with app.app_context():
        assert newest_run(SCHOOL, "amina", LESSON.id) is None


def test_start_leads_to_the_first_card(amina: FlaskClient) -> None:
    assert press(amina, HOME).status_code == 303
    page = amina.get(HOME, follow_redirects=True)
    assert page.request.path == card_url(1)
    assert wording(page).startswith(LESSON.cards[0].heading)


def test_next_comes_when_every_question_has_an_answer(amina: FlaskClient) -> None:
    press(amina, HOME)
    assert "Next" not in amina.get(card_url(1)).text
    press(amina, card_url(1), choice=good(1, 1))
    assert "Next" not in amina.get(card_url(1)).text
    press(amina, card_url(1), choice=slip(1, 2))
    assert "Next" in amina.get(card_url(1)).text


def test_a_made_up_next_does_not_pass_a_question_by(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    assert press(amina, card_url(1), do="next").status_code == 303
    assert run_of(app).at == "1"


def test_a_slip_gets_its_feedback_and_another_try(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    after = press(amina, card_url(1), choice=slip(1, 1))
    assert after.headers["Location"] == f"{card_url(1)}#question-1"
    page = wording(amina.get(card_url(1)))
    chosen = LESSON.cards[0].questions[0].options[slip(1, 1) - 1]
    assert f"You chose: {chosen.text} Not yet. Have a look. {chosen.feedback} Try again" in page
    press(amina, f"{card_url(1)}?question=1", choice=good(1, 1))
    assert "Try again" not in amina.get(card_url(1)).text
    assert [answer.turn for answer in run_of(app).answers] == [1, 2]
    with app.app_context():
        assert [shown.slips for shown in pupil_progress(SCHOOL, "amina").values()] == [1]


def test_a_good_answer_is_not_asked_again(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    form = hidden(amina.get(card_url(1)))
    amina.post(card_url(1), data={**form, "choice": good(1, 1)})
    page = amina.get(f"{card_url(1)}?question=1")
    assert hidden(page)["question"] == "2"
    again = {**hidden(page), "question": "1", "choice": slip(1, 1)}
    assert amina.post(card_url(1), data=again).status_code == 303
    assert len(run_of(app).answers) == 1


def test_a_double_click_on_check_counts_once(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    form = {**hidden(amina.get(card_url(1))), "choice": slip(1, 1)}
    assert [amina.post(card_url(1), data=form).status_code for _ in range(2)] == [303, 303]
    assert len(run_of(app).answers) == 1


def test_a_double_click_on_next_turns_one_card(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    for question in (1, 2):
        press(amina, card_url(1), choice=good(1, question))
    form = {**hidden(amina.get(card_url(1))), "do": "next"}
    for _ in range(2):
        assert amina.post(card_url(1), data=form).headers["Location"] == HOME
    assert run_of(app).at == "2"


def test_of_two_devices_the_first_answer_wins_and_the_second_is_led_on(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    tablet = app.test_client()
    sign_in(tablet, "amina")
    late = {**hidden(tablet.get(card_url(1))), "choice": slip(1, 1)}
    press(amina, card_url(1), choice=good(1, 1))
    assert tablet.post(card_url(1), data=late, follow_redirects=True).status_code == 200
    assert [answer.good for answer in run_of(app).answers] == [True]


def test_a_pupil_goes_on_where_they_stopped_on_another_device(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    for question in (1, 2):
        press(amina, card_url(1), choice=good(1, question))
    press(amina, card_url(1), do="next")
    tablet = app.test_client()
    sign_in(tablet, "amina")
    assert tablet.get(HOME).headers["Location"] == card_url(2)
    assert tablet.get(card_url(1)).status_code == 200
    assert tablet.get(card_url(5)).headers["Location"] == card_url(2)


@pytest.mark.parametrize("number", ["0", "99", "9" * 40])
def test_a_card_that_is_not_there_leads_to_the_one_that_is(amina: FlaskClient, number: str) -> None:
    press(amina, HOME)
    assert amina.get(f"{HOME}/{number}").headers["Location"] == card_url(1)


def test_the_whole_lesson_ends_with_what_it_was_about(app: Flask, amina: FlaskClient) -> None:
    finish_lesson(amina)
    page = wording(amina.get(f"{HOME}/done"))
    assert "You did it" in page
    for objective in LESSON.objectives:
        assert content().objectives[objective].pupil in page
    assert run_of(app).finished
    with app.app_context():
        assert progress_proof(db.session()).agrees


def test_a_second_click_on_finish_still_says_you_did_it(amina: FlaskClient) -> None:
    press(amina, HOME)
    for card in LESSON.cards[:-1]:
        for question in card.questions:
            press(amina, card_url(card.number), choice=good(card.number, question.number))
        press(amina, card_url(card.number), do="next")
    last = card_url(LESSON.cards[-1].number)
    form = {**hidden(amina.get(last)), "do": "next"}
    for _ in range(2):
        assert amina.post(last, data=form).headers["Location"] == f"{HOME}/done"


def test_a_finished_lesson_is_read_again_and_only_play_again_begins_anew(
    app: Flask, amina: FlaskClient
) -> None:
    finish_lesson(amina)
    assert 'type="radio"' not in amina.get(card_url(1)).text
    assert "Do it again" in amina.get(HOME).text
    assert run_of(app).number == 1
    press(amina, HOME)
    assert run_of(app).number == 2


def test_an_old_start_page_begins_no_second_run(app: Flask, amina: FlaskClient) -> None:
    old = hidden(amina.get(HOME))
    finish_lesson(amina)
    assert amina.post(HOME, data=old).status_code == 303
    assert run_of(app).number == 1


def test_the_end_is_not_shown_before_it_is_reached(amina: FlaskClient) -> None:
    press(amina, HOME)
    assert amina.get(f"{HOME}/done").headers["Location"] == HOME


def test_the_play_card_leads_to_its_story_and_may_be_passed(amina: FlaskClient) -> None:
    press(amina, HOME)
    for card in LESSON.cards:
        if card.kind == "play":
            break
        for question in card.questions:
            press(amina, card_url(card.number), choice=good(card.number, question.number))
        press(amina, card_url(card.number), do="next")
    page = amina.get(card_url(card.number)).text
    assert f'href="/quiz/{LESSON.story}"' in page
    assert "Next" in page


def test_the_last_card_names_the_adults_of_the_pupils_own_school(
    app: Flask, amina: FlaskClient
) -> None:
    with app.app_context():
        add_school("other", "oak", ("zofia",))
        add_adult(SCHOOL, "Mrs Okafor", "DSL")
        add_adult(SCHOOL, "Mr <b>Lane</b>", "head")
        add_adult(SCHOOL, "Mx Governor", "chair of governors")
        add_adult(SCHOOL, "Miss Teach", "teacher")
        add_adult("other", "Mrs Elsewhere", "DSL")
    finish_lesson(amina)
    page = amina.get(card_url(LESSON.cards[-1].number)).text
    assert "Mrs Okafor, Mr &lt;b&gt;Lane&lt;/b&gt; or your teacher" in page
    for absent in ("Governor", "Miss Teach", "Elsewhere", "{trusted_adults}"):
        assert absent not in page


def test_nobody_plays_without_signing_in(app: Flask) -> None:
    answer = app.test_client().get(HOME)
    assert answer.headers["Location"].startswith("/sign-in")


def test_pages_and_answers_keep_to_their_number_of_reads(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    form = {**hidden(amina.get(card_url(1))), "choice": good(1, 1)}
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]).split()[0])

    with app.app_context():
        event.listen(engine_of(Store.LEARNING), "before_cursor_execute", note)
    amina.get(card_url(1))
    assert statements.count("SELECT") <= 4
    statements.clear()
    amina.post(card_url(1), data=form)
    assert statements.count("SELECT") <= 2
    assert sorted(s for s in statements if s not in {"SELECT", "BEGIN"}) == [
        "INSERT",
        "INSERT",
        "UPDATE",
    ]

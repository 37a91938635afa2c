"""Lessons and what no page of ours would send: nothing breaks, nothing counts."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.learning.queries import newest_run
from app.learning.runs import Run
from tests.playing import SCHOOL, add_school, hidden, press, sign_in
from tests.quick import content

LESSON = content().lessons["t-79"]
HOME = f"/lesson/{LESSON.id}"
CARD = f"{HOME}/1"
FIRST = LESSON.cards[0].questions[0]
GOOD = next(option.number for option in FIRST.options if option.good)
SLIP = next(option.number for option in FIRST.options if not option.good)


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


BAD = ["", "0", "99", "-1", "1.0", "٣", "9" * 10000, "😀", "\u202e1", "\u200b", "\x00", "<b>1</b>"]


@pytest.mark.parametrize("choice", BAD)
def test_a_choice_that_is_none_asks_again_in_plain_words(
    app: Flask, amina: FlaskClient, choice: str
) -> None:
    press(amina, HOME)
    page = press(amina, CARD, choice=choice)
    assert page.status_code == 200
    assert "Pick one first." in page.text
    assert run_of(app).answers == ()


@pytest.mark.parametrize("step", BAD)
def test_a_page_that_is_too_old_or_made_up_changes_nothing(
    app: Flask, amina: FlaskClient, step: str
) -> None:
    press(amina, HOME)
    press(amina, CARD, choice=GOOD)
    before = run_of(app)
    answer = press(amina, CARD, choice=1, step=step)
    assert answer.headers["Location"] == HOME
    assert run_of(app) == before


@pytest.mark.parametrize("field", ["choice", "step", "question", "csrf_token"])
def test_a_file_where_a_choice_was_expected_changes_nothing(
    app: Flask, amina: FlaskClient, field: str
) -> None:
    press(amina, HOME)
    form: dict[str, object] = {**hidden(amina.get(CARD)), "choice": str(GOOD)}
    answer = amina.post(CARD, data={**form, field: (io.BytesIO(b"1"), "one.txt")})
    assert answer.status_code in {200, 303}
    assert run_of(app).answers == ()


@pytest.mark.parametrize("token", ["", "stale", None])
def test_a_stale_token_draws_the_page_again_with_the_choice_kept(
    app: Flask, amina: FlaskClient, token: str | None
) -> None:
    press(amina, HOME)
    form = {**hidden(amina.get(CARD)), "choice": str(SLIP), "csrf_token": token}
    page = amina.post(CARD, data={k: v for k, v in form.items() if v is not None})
    assert page.status_code == 200
    assert "Press the button again" in page.text
    assert f'value="{SLIP}" required checked' in page.text
    assert run_of(app).answers == ()


def test_a_stale_token_begins_nothing(app: Flask, amina: FlaskClient) -> None:
    assert "Press the button again" in amina.post(HOME, data={"runs": "0"}).text
    with app.app_context():
        assert newest_run(SCHOOL, "amina", LESSON.id) is None

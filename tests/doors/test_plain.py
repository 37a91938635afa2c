"""A scene as words and a form: for who has no script, or wants no pictures."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content.story_values import Moment
from tests.at_school import wording
from tests.playing import add_school, hidden, press, sign_in
from tests.quick import content

STORY = content().quizzes["t-79-block-it"]
HOME = f"/quiz/{STORY.id}"
PLAY, PLAIN = f"{HOME}/play", f"{HOME}/play?plain=1"
AFTER = f"{HOME}/after?plain=1"
FIRST: Moment = STORY.scenes[STORY.start].seen_with(STORY.at_first)
RISKY = next(move for move in FIRST.moves if move.risk)


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    """Somebody at the first scene."""
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    press(client, HOME)
    return client


def test_the_drawn_page_leads_to_the_plain_one_without_script_and_that_one_back(
    amina: FlaskClient,
) -> None:
    drawn, plain = amina.get(PLAY).text, amina.get(PLAIN).text
    assert f'<noscript><a class="back" href="{PLAIN}">Plain page</a></noscript>' in drawn
    assert "Plain page" not in plain
    assert f'href="{PLAY}"' in plain


def test_lines_then_screen_then_memory_then_moves_in_order_and_none_chosen(
    amina: FlaskClient,
) -> None:
    page = amina.get(PLAIN)
    says = wording(page)
    order = [*FIRST.tell, FIRST.show[0].name, FIRST.show[0].words, "So far: nothing yet."]
    order += [f"{n}. {move.label}" for n, move in enumerate(FIRST.moves, 1)]
    places = [says.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    assert page.text.count('type="radio"') == len(FIRST.moves)
    assert " checked" not in page.text
    assert '<div class="device' not in page.text
    assert 'name="choice" value="1"> ' in page.text


def test_go_without_a_choice_asks_for_one_and_stays_plain(amina: FlaskClient) -> None:
    page = press(amina, PLAIN)
    assert "Pick one first." in wording(page)
    assert 'type="radio"' in page.text


def test_reply_and_feedback_come_first_and_next_stays_plain(amina: FlaskClient) -> None:
    answer = press(amina, PLAIN, choice=RISKY.number)
    assert answer.headers["Location"] == AFTER
    page = amina.get(AFTER)
    says = wording(page)
    assert str(RISKY.feedback.why) in says
    assert f"You {RISKY.label}" in says
    assert RISKY.reply[0].words in says
    assert f'class="btn go" href="{PLAIN}"' in page.text
    known = [kept.means for kept, number, _ in RISKY.changes if number and kept.most == 1]
    assert all(means in says for means in known)


def test_look_again_stays_plain(amina: FlaskClient) -> None:
    press(amina, PLAIN, choice=RISKY.number)
    fields = hidden(amina.get(AFTER))
    back = amina.post(f"{HOME}/look-again", data={**fields, "move": 1})
    assert back.headers["Location"] == PLAIN


def test_the_focus_goes_to_what_came_of_a_move(amina: FlaskClient) -> None:
    press(amina, PLAY, choice=RISKY.number)
    for address in (AFTER, f"{HOME}/after"):
        assert '<h1 tabindex="-1" autofocus>' in amina.get(address).text


def test_messages_are_a_log_and_say_text_speak_in_full(amina: FlaskClient) -> None:
    page = amina.get(PLAY).text
    assert 'role="log" aria-live="polite"' in page
    assert 'data-say="your so good!! you can have my fly. what school do you go to? ' in page

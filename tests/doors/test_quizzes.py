"""Quizzes as a pupil meets them: a story on the practice tablet, without script."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.base.database import Store, engine_of
from app.content.story_values import Story
from app.learning.queries import newest_run, pupil_progress
from app.learning.rules import Shown
from app.learning.runs import Run
from tests.at_school import wording
from tests.playing import SCHOOL, add_adult, add_school, hidden, pond, press, scene, sign_in, story
from tests.quick import content

STORY = content().quizzes["t-79-block-it"]
HOME = f"/quiz/{STORY.id}"
PLAY = f"{HOME}/play"
AFTER = f"{HOME}/after"
PATH = f"{HOME}/path"


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    return client


def run_of(app: Flask, piece: str = STORY.id) -> Run:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", piece)
    assert run is not None
    return run


def play_only(app: Flask, *stories: Story) -> None:
    """Give the app these stories and no others."""
    known = replace(content(), quizzes={one.id: one for one in stories})
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)


def play_to_the_end(app: Flask, client: FlaskClient, *, risky: bool = False) -> list[str]:
    """Begin and make the first safe (or risky) move of every scene; the labels pressed."""
    press(client, HOME)
    pressed = []
    while not run_of(app).finished:
        moves = STORY.scenes[run_of(app).at].moves
        move = next((m for m in moves if m.risk is risky), moves[0])
        press(client, PLAY, choice=move.number)
        pressed.append(move.label)
    return pressed


def test_opening_a_story_writes_nothing(app: Flask, amina: FlaskClient) -> None:
    assert "Start" in amina.get(HOME).text
    assert amina.get(PLAY).headers["Location"] == HOME
    with app.app_context():
        assert newest_run(SCHOOL, "amina", STORY.id) is None


def test_a_scene_shows_the_pretend_screen_and_every_move_once(amina: FlaskClient) -> None:
    press(amina, HOME)
    page = amina.get(PLAY)
    words = wording(page)
    first = STORY.scenes[STORY.start].seen_with(STORY.at_first)
    for said in (*first.tell, *(line.words for line in first.show), STORY.app):
        assert " ".join(said.split()) in words
    assert all(" ".join(move.label.split()) in words for move in first.moves)
    buttons = re.findall(r'name="choice" value="(\d+)"', page.text)
    assert sorted(buttons) == [str(move.number) for move in first.moves]


def test_a_story_always_says_that_it_is_practice_and_tell_is_for_real(amina: FlaskClient) -> None:
    press(amina, HOME)
    for url in (PLAY, HOME):
        words = wording(amina.get(url, follow_redirects=True))
        assert "Practice tablet. Nobody here is real." in words
        assert "for real Tell a teacher" in words


def test_a_move_leads_to_what_came_of_it_and_then_to_the_next_scene(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    move = next(m for m in STORY.scenes[STORY.start].moves if m.risk)
    assert press(amina, PLAY, choice=move.number).headers["Location"] == AFTER
    page = amina.get(AFTER)
    parts = ["Hmm, look what happened", move.feedback.think, move.feedback.why]
    parts += [move.feedback.do, move.label, move.reply[0].words]
    places = [wording(page).rindex(" ".join(str(part).split())) for part in parts]
    assert places == sorted(places)
    assert f'href="{PLAY}"' in page.text
    assert " ".join(STORY.scenes[move.to].tell[0].words.split()) in wording(amina.get(PLAY))
    assert run_of(app).at == move.to


def test_before_the_first_move_nothing_has_come_of_any(amina: FlaskClient) -> None:
    press(amina, HOME)
    assert amina.get(AFTER).headers["Location"] == PLAY


def test_a_good_move_is_praised(amina: FlaskClient) -> None:
    press(amina, HOME)
    move = next(m for m in STORY.scenes[STORY.start].moves if not m.risk)
    press(amina, PLAY, choice=move.number)
    assert f"Good move! You chose: {move.label}" in wording(amina.get(AFTER))


def test_the_end_names_who_to_tell_and_the_path_lists_the_moves(
    app: Flask, amina: FlaskClient
) -> None:
    with app.app_context():
        add_adult(SCHOOL, "Mrs Okafor", "DSL")
    pressed = play_to_the_end(app, amina)
    assert "Who would you tell? Mrs Okafor or your teacher" in wording(amina.get(PLAY))
    words = wording(amina.get(PATH))
    for label in pressed:
        assert label in words
    assert "Play again" in words


def test_risky_moves_still_reach_the_end_and_are_hmm_leaves_of_the_path(
    app: Flask, amina: FlaskClient
) -> None:
    play_to_the_end(app, amina, risky=True)
    slips = [made for made in run_of(app).answers if not made.good]
    assert slips
    page = amina.get(PATH).text
    assert page.count('<li class="hmm">') == len(slips)
    assert page.count('<li class="good">') == len(run_of(app).answers) - len(slips)


def test_only_play_again_begins_a_second_run_and_it_is_practice(
    app: Flask, amina: FlaskClient
) -> None:
    play_to_the_end(app, amina)
    with app.app_context():
        before = pupil_progress(SCHOOL, "amina")
    assert amina.get(HOME).status_code == 200
    assert run_of(app).number == 1
    play_to_the_end(app, amina, risky=True)
    assert run_of(app).number == 2
    with app.app_context():
        assert pupil_progress(SCHOOL, "amina") == before


def test_a_double_click_on_a_move_moves_once(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    form = {**hidden(amina.get(PLAY)), "choice": 1}
    for _ in range(2):
        assert amina.post(PLAY, data=form).headers["Location"] == AFTER
    assert (run_of(app).step, len(run_of(app).answers)) == (1, 1)


def test_a_second_tab_is_led_to_where_the_first_one_went(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    late = hidden(amina.get(PLAY))
    press(amina, PLAY, choice=2)
    for choice in ("1", "99"):
        answer = amina.post(PLAY, data={**late, "choice": choice})
        assert answer.headers["Location"] == AFTER
    assert [given.choice for given in run_of(app).answers] == [2]


def test_a_story_goes_on_on_another_device(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    press(amina, PLAY, choice=1)
    tablet = app.test_client()
    sign_in(tablet, "amina")
    assert tablet.get(HOME).headers["Location"] == PLAY
    assert wording(tablet.get(PLAY)) == wording(amina.get(PLAY))


def test_the_story_leads_back_to_the_lesson_that_sent_the_pupil(
    app: Flask, amina: FlaskClient
) -> None:
    play_to_the_end(app, amina)
    assert "Back to my lesson" not in amina.get(PATH).text
    lesson = replace(content().lessons["t-79"], story=STORY.id)
    known = replace(content(), lessons={lesson.id: lesson})
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)
    press(amina, "/lesson/t-79")
    assert "Back to my lesson" in amina.get(PATH).text


@pytest.mark.parametrize("choice", ["", "0", "99", "x", "9" * 10000, "😀", "\x00", "<b>"])
def test_a_move_that_is_none_asks_again_in_plain_words(
    app: Flask, amina: FlaskClient, choice: str
) -> None:
    press(amina, HOME)
    page = press(amina, PLAY, choice=choice)
    assert "Pick one first." in page.text
    assert run_of(app).answers == ()


@pytest.mark.parametrize("field", ["choice", "step", "csrf_token"])
def test_a_file_where_a_move_was_expected_changes_nothing(
    app: Flask, amina: FlaskClient, field: str
) -> None:
    press(amina, HOME)
    form: dict[str, object] = {**hidden(amina.get(PLAY)), "choice": "1"}
    answer = amina.post(PLAY, data={**form, field: (io.BytesIO(b"1"), "one.txt")})
    assert answer.status_code in {200, 303}
    assert run_of(app).answers == ()


def test_a_stale_token_keeps_the_move_that_was_picked(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    page = amina.post(PLAY, data={"step": "0", "choice": "2"})
    assert "Press the button again" in page.text
    assert 'value="2" class="picked" autofocus' in page.text
    assert run_of(app).answers == ()


def test_a_story_of_another_band_does_not_exist(app: Flask, amina: FlaskClient) -> None:
    play_only(app, replace(STORY, band="5-7"))
    assert amina.get(HOME).status_code == 404
    assert amina.get("/quiz/nothing/play").status_code == 404


def test_a_story_that_was_taken_away_leads_kindly_back_to_the_map(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    play_only(app)
    page = amina.get(PLAY, follow_redirects=True)
    assert page.request.path == "/map"
    assert "That one is not here now" in page.text


def test_a_scene_that_a_new_version_lost_starts_the_story_again(
    app: Flask, amina: FlaskClient
) -> None:
    play_only(app, pond())
    press(amina, "/quiz/t-pond")
    press(amina, "/quiz/t-pond/play", choice=2)
    newer = story(pond().scenes["fly"], scene("rain2"), scene("home"), version=2)
    play_only(app, newer)
    words = wording(amina.get("/quiz/t-pond/play"))
    assert "Good move!" not in words
    assert "Move 1" in words
    assert run_of(app, "t-pond").version == 1


def test_a_scene_that_became_an_ending_lets_the_pupil_finish(
    app: Flask, amina: FlaskClient
) -> None:
    play_only(app, pond())
    press(amina, "/quiz/t-pond")
    press(amina, "/quiz/t-pond/play", choice=2)
    play_only(app, story(pond().scenes["fly"], scene("rain"), version=2))
    assert "Finish" in amina.get("/quiz/t-pond/play").text
    press(amina, "/quiz/t-pond/play")
    assert run_of(app, "t-pond").finished
    assert "Play again" in amina.get("/quiz/t-pond/path").text


def test_an_ending_that_a_new_version_lost_lets_the_pupil_go_on(
    app: Flask, amina: FlaskClient
) -> None:
    play_only(app, story(pond().scenes["fly"], scene("rain")))
    press(amina, "/quiz/t-pond")
    press(amina, "/quiz/t-pond/play", choice=2)
    play_only(app, pond())
    assert amina.get("/quiz/t-pond").headers["Location"] == "/quiz/t-pond/play"
    assert "Move 1" in amina.get("/quiz/t-pond/play").text


def test_scenes_and_moves_keep_to_their_number_of_reads(app: Flask, amina: FlaskClient) -> None:
    press(amina, HOME)
    form = {**hidden(amina.get(PLAY)), "choice": 1}
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]).split()[0])

    with app.app_context():
        event.listen(engine_of(Store.LEARNING), "before_cursor_execute", note)
    amina.get(PLAY)
    assert statements.count("SELECT") <= 4
    statements.clear()
    amina.post(PLAY, data=form)
    assert statements.count("SELECT") <= 2


def test_what_was_played_counts_for_the_storys_objectives(app: Flask, amina: FlaskClient) -> None:
    play_only(app, pond())
    press(amina, "/quiz/t-pond")
    press(amina, "/quiz/t-pond/play", choice=1)
    press(amina, "/quiz/t-pond/play", choice=2)
    with app.app_context():
        assert pupil_progress(SCHOOL, "amina") == {
            "tell.block": Shown(1, 1),
            "tell.helpers": Shown(1, 0),
        }

"""Look again: back to a moment of a story, with what was remembered then."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import db
from app.content.story_values import Story
from app.learning.proof import progress_proof
from app.learning.queries import newest_run, pupil_progress
from app.learning.runs import Run, path_of, scene_of
from tests.at_school import wording
from tests.playing import SCHOOL, add_school, hidden, press, sign_in
from tests.quick import content

STORY: Story = content().quizzes["m-79-golden-welly"]
HOME = f"/quiz/{STORY.id}"
PLAY, AFTER, PATH, AGAIN = (f"{HOME}/{page}" for page in ("play", "after", "path", "look-again"))
TELLS = ("I'm Tomos!", "Puddlewick library!", "I'll stay on the big pond")


@pytest.fixture
def tomos(app: Flask) -> FlaskClient:
    """Somebody at the first scene."""
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    press(client, HOME)
    return client


def run_of(app: Flask) -> Run:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", STORY.id)
    assert run is not None
    return run


def makes(app: Flask, client: FlaskClient, *labels: str) -> None:
    for label in labels:
        move = next(m for m in scene_of(run_of(app), STORY).moves if m.label == label)
        press(client, PLAY, choice=move.number)


def to_an_end(app: Flask, client: FlaskClient) -> None:
    """Play on by the last move of each scene."""
    while not (scene := scene_of(run_of(app), STORY)).ending:
        press(client, PLAY, choice=scene.moves[-1].number)


def looks_again(client: FlaskClient, move: int) -> None:
    page = client.get(AFTER, follow_redirects=True)
    if page.request.path == PLAY:
        page = client.get(PATH)
    assert client.post(AGAIN, data={**hidden(page), "move": move}).headers["Location"] == PLAY


def labels(app: Flask) -> list[str]:
    return [move.label for _, move in path_of(run_of(app), STORY)]


def test_the_last_move_is_taken_back_with_what_was_remembered(
    app: Flask, tomos: FlaskClient
) -> None:
    before = wording(tomos.get(PLAY))
    makes(app, tomos, TELLS[0])
    looks_again(tomos, 1)
    assert wording(tomos.get(PLAY)) == before
    makes(app, tomos, "Call me Frog Boss")
    assert "for you Tomos" not in wording(tomos.get(PLAY))
    assert labels(app) == ["Call me Frog Boss"]


def test_the_first_path_stays_evidence_and_what_comes_later_is_practice(
    app: Flask, tomos: FlaskClient
) -> None:
    makes(app, tomos, *TELLS)
    with app.app_context():
        before = pupil_progress(SCHOOL, "amina")
    looks_again(tomos, 2)
    assert labels(app) == [TELLS[0]]
    to_an_end(app, tomos)
    with app.app_context():
        assert pupil_progress(SCHOOL, "amina") == before
        assert progress_proof(db.session()).agrees
    assert [made.place for made in run_of(app).answers[:3]] == [
        scene.id for scene, _ in path_of(run_of(app), STORY)[:1]
    ] + [made.place for made in run_of(app).answers[1:3]]
    assert len(run_of(app).answers) > len(labels(app))


def test_after_the_end_any_moment_can_be_gone_back_to_and_the_end_stays_reached(
    app: Flask, tomos: FlaskClient
) -> None:
    to_an_end(app, tomos)
    assert run_of(app).finished
    moves = labels(app)
    looks_again(tomos, 3)
    assert run_of(app).finished
    assert labels(app) == moves[:2]
    assert tomos.get(HOME).headers["Location"] == PLAY
    assert tomos.get(PATH).headers["Location"] == PLAY
    to_an_end(app, tomos)
    assert "Your path" in tomos.get(PATH).text


def test_the_first_path_can_be_seen_after_another_was_gone(app: Flask, tomos: FlaskClient) -> None:
    to_an_end(app, tomos)
    moves = labels(app)
    looks_again(tomos, 1)
    other = scene_of(run_of(app), STORY).moves[0]
    assert other.label != moves[0]
    press(tomos, PLAY, choice=other.number)
    to_an_end(app, tomos)
    page = tomos.get(PATH).text
    assert "See my first path" in page
    assert f"<span>{other.label}</span>".replace("'", "&#39;") in page
    first = wording(tomos.get(f"{PATH}?first=1"))
    assert "Your first path" in first
    assert [label for label in moves if " ".join(label.split()) not in first] == []
    assert other.label not in first.partition("Your first path stays")[2]


def test_whoever_presses_the_same_again_is_back_on_the_first_path(
    app: Flask, tomos: FlaskClient
) -> None:
    makes(app, tomos, *TELLS)
    looks_again(tomos, 3)
    with app.app_context():
        before = pupil_progress(SCHOOL, "amina")
    makes(app, tomos, TELLS[2])
    assert len(run_of(app).answers) == 3
    assert run_of(app).first_way
    scene = scene_of(run_of(app), STORY)
    press(tomos, PLAY, choice=scene.moves[0].number)
    with app.app_context():
        assert pupil_progress(SCHOOL, "amina") != before
        assert progress_proof(db.session()).agrees


def test_another_way_is_shown_until_it_is_tried(app: Flask, tomos: FlaskClient) -> None:
    to_an_end(app, tomos)
    assert "Not tried yet" in wording(tomos.get(PATH))


def test_look_again_with_an_older_page_changes_nothing(app: Flask, tomos: FlaskClient) -> None:
    makes(app, tomos, TELLS[0])
    late = hidden(tomos.get(AFTER))
    makes(app, tomos, TELLS[1])
    tomos.post(AGAIN, data={**late, "move": 1})
    assert labels(app) == list(TELLS[:2])


@pytest.mark.parametrize("move", ["0", "4", "-1", "x", "", "9" * 999, "1.5"])
def test_a_moment_that_never_was_changes_nothing(app: Flask, tomos: FlaskClient, move: str) -> None:
    makes(app, tomos, *TELLS)
    page = tomos.get(AFTER)
    assert tomos.post(AGAIN, data={**hidden(page), "move": move}).status_code == 303
    assert labels(app) == list(TELLS)


def test_what_is_kept_with_each_move_is_what_was_remembered(app: Flask, tomos: FlaskClient) -> None:
    makes(app, tomos, *TELLS)
    states = [made.state for made in run_of(app).answers]
    assert states[0] == '{"knows_name":1}'
    assert all(state.startswith('{"knows_name":1') for state in states)


def test_a_moment_that_the_story_names_is_offered_by_how_it_began(
    app: Flask, tomos: FlaskClient
) -> None:
    story = content().quizzes["a-79-coin-rain"]
    press(tomos, f"/quiz/{story.id}")
    first = story.scenes[story.start].moves[0]
    press(tomos, f"/quiz/{story.id}/play", choice=first.number)
    while True:
        with app.app_context():
            run = newest_run(SCHOOL, "amina", story.id)
        assert run is not None
        scene = scene_of(run, story)
        if scene.ending:
            break
        press(tomos, f"/quiz/{story.id}/play", choice=scene.moves[-1].number)
    assert story.scenes["bucket"].rewind_here
    words = wording(tomos.get(f"/quiz/{story.id}/path"))
    assert "Go back to: Forty golden conkers!" in words

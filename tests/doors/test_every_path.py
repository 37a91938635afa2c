"""Every move of every story, pressed on its real pages, with Look again between the ways."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import Store, db, writing
from app.content.story_values import Moment, Move, Story
from app.learning.proof import progress_proof
from app.learning.queries import newest_run
from app.learning.runs import scene_of, steps_of
from app.people.tables import SchoolClass
from tests.at_school import wording
from tests.playing import CLASS, SCHOOL, add_school, hidden, press, shortest_ways, sign_in
from tests.quick import content

YEAR_OF = {"5-7": "1", "7-9": "4", "9-11": "6"}
Way = list[tuple[Moment, Move]]


@pytest.mark.parametrize("story", content().quizzes.values(), ids=lambda story: story.id)
def test_every_move_is_pressed_and_answers(app: Flask, story: Story) -> None:
    with app.app_context():
        add_school()
        with writing(Store.LEARNING) as session:
            room = session.get(SchoolClass, CLASS)
            assert room is not None
            room.years = YEAR_OF[story.band]
    client = app.test_client()
    sign_in(client, "amina")
    press(client, f"/quiz/{story.id}")
    pressed: set[tuple[str, int]] = set()
    for way in sorted(shortest_ways(story), key=len, reverse=True):
        if _edge(*way[-1]) not in pressed:
            _go(app, client, story, way)
            pressed |= {_edge(*step) for step in way}
    assert pressed == {(s.id, m.number) for s in story.scenes.values() for m in s.moves}
    with app.app_context():
        assert progress_proof(db.session()).agrees


def _edge(scene: Moment, move: Move) -> tuple[str, int]:
    return scene.id, move.number


def _go(app: Flask, client: FlaskClient, story: Story, way: Way) -> None:
    """Look again where the way so far leaves this one, and go on."""
    with app.app_context():
        run = newest_run(SCHOOL, "amina", story.id)
        assert run is not None
        gone = [_edge(step.scene, step.move) for step in steps_of(run, story)]
    wanted = [_edge(*step) for step in way]
    same = next((n for n, (a, b) in enumerate(zip(gone, wanted, strict=False)) if a != b), None)
    same = min(len(gone), len(wanted)) if same is None else same
    if same < len(gone):
        page = client.get(f"/quiz/{story.id}/after")
        client.post(f"/quiz/{story.id}/look-again", data={**hidden(page), "move": same + 1})
    for scene, move in way[same:]:
        _make(app, client, story, scene, move)


def _make(app: Flask, client: FlaskClient, story: Story, scene: Moment, move: Move) -> None:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", story.id)
        assert run is not None
        assert scene_of(run, story) == scene
    page = client.get(f"/quiz/{story.id}/play")
    # A box for the youngest has its own cross and Tap besides the tiles.
    buttons = re.findall(
        r'<button( class="[^"]*twin[^"]*")?[^>]*name="choice" value="(\d+)"', page.text
    )
    numbers = [m.number for m in scene.moves]
    assert sorted(int(number) for twin, number in buttons if not twin) == numbers
    assert {int(number) for _, number in buttons} == set(numbers)
    sent = {**hidden(page), "choice": move.number}
    answer = client.post(f"/quiz/{story.id}/play", data=sent)
    assert answer.headers["Location"] == f"/quiz/{story.id}/after"
    words = wording(client.get(f"/quiz/{story.id}/after"))
    said = move.feedback
    for part in (said.think, said.why, said.do, said.did, said.fact):
        assert part is None or " ".join(part.split()[:3]) in words

"""Quizzes: a story on the practice tablet, a scene a page."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.content.story_values import Moment, Story
from app.content.values import Lesson
from app.doors.pupil.door import door
from app.doors.pupil.pieces import (
    PICK_ONE,
    Elsewhere,
    draw,
    number_given,
    others_of,
    piece_and_run,
    seen_of,
)
from app.doors.pupil.tablet import Steps, good_verbs, in_the_room, placed, tablet_after
from app.doors.pupil.tiles import of_the_box, picture_of
from app.learning import actions
from app.learning.actions import begin, finish, make_move
from app.learning.queries import pieces_state
from app.learning.runs import Run, Step, another_way, path_of, scene_of, steps_of
from app.people.rights import May
from app.web.forms import STALE, pressed
from app.web.parts import catalogue
from app.web.viewer import the_pupil

ANSWERS = ("GET", "POST")
PLAIN = frozenset({"scene", "after"})
"""The pages that are there as words and a form too."""
FIRST_SENTENCE = re.compile(r"[^.!?]*[.!?]*[\"”]?")


def _story(quiz_id: str) -> tuple[Story, Run | None]:
    return piece_and_run(catalogue().quizzes, quiz_id)


def _to_play(story: Story) -> Response:
    return redirect(url_for("pupil.play", quiz_id=story.id, plain=_plain()), code=303)


def _to_what_came(story: Story) -> Response:
    return redirect(url_for("pupil.after_move", quiz_id=story.id, plain=_plain()), code=303)


def _plain() -> int | None:
    """1 where the pupil reads the story as words and a form: chosen in the address, and kept."""
    return 1 if number_given("plain") == 1 else None


@door.opens("/quiz/<quiz_id>", may=May.LEARN, methods=ANSWERS)
def quiz(quiz_id: str) -> str | Response:
    """The front of a quiz, or the scene where the pupil stopped."""
    fresh = pressed()
    story, run = _story(quiz_id)
    if fresh:
        pupil, seen = the_pupil(), number_given("runs")
        newest = catalogue().quizzes[story.id]
        begin(pupil.school_id, pupil.id, piece=newest, runs_seen=seen, moment=clock.now())
        return _to_play(story)
    if run is not None and _under_way(story, run):
        return _to_play(story)
    fault = STALE if request.method == "POST" else None
    others = others_of(story)
    return _page("front", story, run=run, fault=fault, others=others)


@door.opens("/quiz/<quiz_id>/play", may=May.LEARN, methods=ANSWERS)
def play(quiz_id: str) -> str | Response:
    """The scene the pupil has reached, and the moves to make there."""
    fresh = pressed()
    story, run, scene = _scene(quiz_id)
    if not fresh:
        return _draw(story, run, scene, fault=STALE if request.method == "POST" else None)
    seen = seen_of(run)
    if seen.overtaken:
        return _to_what_came(story)
    if scene.ending is not None:
        finish(the_pupil().school_id, seen, moment=clock.now())
        return _to_play(story)
    chosen = number_given("choice")
    move = next((m for m in scene.moves if m.number == chosen), None)
    if move is None:
        return _draw(story, run, scene, fault=PICK_ONE)
    make_move(the_pupil().school_id, seen, story=story, move=move, moment=clock.now())
    return _to_what_came(story)


@door.opens("/quiz/<quiz_id>/after", may=May.LEARN)
def after_move(quiz_id: str) -> str | Response:
    """What came of the last move, on the tablet and beside it."""
    story, run, scene = _scene(quiz_id)
    steps = path_of(run, story)
    if not steps or steps[-1][1].to != scene.id:
        return _to_play(story)
    before, last = steps[-1]
    return _page(
        "after",
        story,
        run=run,
        last=last,
        picture=picture_of(before, last),
        made=len(steps),
        said=in_the_room(story, last),
        fault=None,
        **_tablet(story, steps),
    )


@door.opens("/quiz/<quiz_id>/look-again", may=May.LEARN, methods=("POST",))
def look_again(quiz_id: str) -> Response:
    """Back to the scene of a move, as it was then; from there on all is practice."""
    fresh = pressed()
    story, run, _ = _scene(quiz_id)
    steps, number = steps_of(run, story), number_given("move")
    if fresh and 1 <= number <= len(steps):
        actions.look_again(the_pupil().school_id, seen_of(run), to=steps[number - 1])
    return _to_play(story)


@door.opens("/quiz/<quiz_id>/path", may=May.LEARN)
def path(quiz_id: str) -> str | Response:
    """The way of a pupil who has come to an end, a leaf for each move; ?first=1 the first one."""
    story, run, scene = _scene(quiz_id)
    if scene.ending is None:
        return _to_play(story)
    first = "first" in request.args and not run.first_way
    steps = steps_of(run, story, first=first)
    return draw(
        "pupil/quiz/path",
        story,
        story=story,
        run=run,
        steps=steps,
        first=first,
        other=None if first else another_way(run, steps),
        ending=None if first else scene.ending,
        named=[] if first else _named(story, steps),
        lesson=_open_lesson(story),
        fault=None,
    )


def _named(story: Story, steps: list[Step]) -> list[tuple[int, str]]:
    """The moments that the story itself offers to go back to: the step, and how it began."""
    found = ((n, step.scene) for n, step in enumerate(steps, 1))
    return [
        (n, FIRST_SENTENCE.match(scene.tell[0])[0])  # type: ignore[index]  # it fits any words
        for n, scene in found
        if story.scenes[scene.id].rewind_here and scene.tell
    ]


def _under_way(story: Story, run: Run) -> bool:
    """Whether a scene waits for a move: in an open run, or after a Look again."""
    return not run.finished or (run.at in story.scenes and scene_of(run, story).ending is None)


def _scene(quiz_id: str) -> tuple[Story, Run, Moment]:
    story, run = _story(quiz_id)
    if run is None or (run.finished and run.at not in story.scenes):
        # Never begun, or a newer version has lost the ending that the pupil reached.
        raise Elsewhere(url_for("pupil.quiz", quiz_id=story.id))
    return story, run, scene_of(run, story)


def _draw(story: Story, run: Run, scene: Moment, *, fault: str | None) -> str:
    steps = path_of(run, story)
    shared = {"run": run, "scene": scene, "fault": fault, **_tablet(story, steps, scene)}
    if scene.ending is None:
        chosen, places = number_given("choice"), placed(scene)
        if story.band == "5-7":
            shared |= {"box": of_the_box(scene), "picture_of": picture_of}
        return _page("scene", story, chosen=chosen, places=places, **shared)
    return _page("ending", story, **shared)


def _page(kind: str, story: Story, **values: Any) -> str:
    """A page of a story; for the youngest one of big pictures and few words."""
    template = f"young/{kind}" if story.band == "5-7" else kind
    if _plain() and kind in PLAIN:
        template = f"plain/{kind}"
    return draw(f"pupil/quiz/{template}", story, story=story, **values)


def _tablet(story: Story, steps: Steps, scene: Moment | None = None) -> dict[str, Any]:
    tablet = tablet_after(story, steps, scene)
    return {"tablet": tablet, "good_verbs": good_verbs(steps)}


def _open_lesson(story: Story) -> Lesson | None:
    """The lesson that sent the pupil here and waits to be gone on with."""
    pupil = the_pupil()
    states = pieces_state(pupil.school_id, pupil.id)
    lessons = catalogue().lessons_for(pupil.band)
    mine = (lesson for lesson in lessons if lesson.story == story.id)
    return next((x for x in mine if x.id in states and states[x.id].open), None)

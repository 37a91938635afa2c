"""The pieces by band; of each its cards or scenes, with a way into every one."""

from __future__ import annotations

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.content.story_values import Move, Story
from app.content.values import BANDS, Lesson
from app.doors.author.door import door
from app.doors.author.shelf import be_pupil, piece_named, shelf_here
from app.doors.author.ways import looks_of
from app.learning.actions import Seen, begin, finish, make_move, turn_card
from app.learning.queries import newest_run
from app.learning.rules import Piece
from app.learning.runs import Run, scene_of
from app.people.rights import May
from app.web.pages import page
from app.web.parts import catalogue


@door.opens("", may=May.READ_ANYWHERE)
def shelf() -> str:
    """Every lesson and story, and everything that is to be mended."""
    known = catalogue()
    pieces = {band: (known.lessons_for(band), known.quizzes_for(band)) for band in BANDS}
    return page("author/shelf", pieces=pieces, problems=shelf_here().problems)


@door.opens("/<piece_id>", may=May.READ_ANYWHERE)
def piece(piece_id: str) -> str:
    """The cards of a lesson, or the scenes of a story with the looks that each may have."""
    found = _piece(piece_id)
    looks = looks_of(found) if isinstance(found, Story) else {}
    return page("author/piece", piece=found, looks=looks, problems=shelf_here().problems)


@door.opens("/<piece_id>/<place>/<int:look>", may=May.READ_ANYWHERE)
def play(piece_id: str, place: str, look: int) -> Response:
    """A run that is begun afresh, and stands at this card or scene."""
    found = _piece(piece_id)
    if isinstance(found, Lesson):
        if place not in {str(card.number) for card in found.cards}:
            abort(404)
        turn_card(shelf_here().school, _step(_begun(found)), to=int(place))
        return redirect(url_for("pupil.lesson_card", lesson_id=found.id, number=place), code=303)
    looks = looks_of(found).get(place, [])
    if look >= len(looks):
        abort(404)
    _walk(found, looks[look].moves)
    return redirect(url_for("pupil.play", quiz_id=found.id), code=303)


def _piece(piece_id: str) -> Piece:
    found = piece_named(piece_id)
    if found is None:
        abort(404)
    return found


def _begun(found: Piece) -> Run:
    """A new run of the made-up pupil; an open one is ended."""
    here = shelf_here()
    pupil, moment = be_pupil(here, found.band), clock.now()
    run = newest_run(here.school, pupil, found.id)
    if run is not None and not run.finished:
        finish(here.school, _step(run), moment=moment)
    seen = run.number if run else 0
    begin(here.school, pupil, piece=found, runs_seen=seen, moment=moment)
    return _newest(pupil, found)


def _walk(story: Story, moves: tuple[Move, ...]) -> None:
    run = _begun(story)
    for move in moves:
        offered = {one.number: one for one in scene_of(run, story).moves}
        seen, chosen = _step(run), offered[move.number]
        make_move(shelf_here().school, seen, story=story, move=chosen, moment=clock.now())
        run = _newest(run.pupil_id, story)


def _newest(pupil: str, found: Piece) -> Run:
    run = newest_run(shelf_here().school, pupil, found.id)
    assert run is not None
    return run


def _step(run: Run) -> Seen:
    return Seen(run, run.step)

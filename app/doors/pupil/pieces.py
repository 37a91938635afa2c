"""What lessons and quizzes share: whose piece this is, and what a form says."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from werkzeug.routing import RequestRedirect

from app.learning.actions import Seen
from app.learning.queries import newest_run
from app.learning.rules import LETTERS, Piece, Run
from app.web.pages import page
from app.web.slots import filler
from app.web.viewer import the_pupil

PICK_ONE = "Pick one first."


class Elsewhere(RequestRedirect):
    """Ends a view: the pupil belongs on another page."""

    code = 303


def run_of(piece: Piece | None, piece_id: str) -> Run | None:
    """The pupil's newest run through a piece of their own band.

    A piece that was taken away, or left behind with the band, leads the pupil back to the map;
    one that was never theirs does not exist for them.
    """
    pupil = the_pupil()
    run = newest_run(pupil.school_id, pupil.id, piece_id)
    if piece is not None and piece.band == pupil.band:
        return run and run.in_version(piece.version)
    if run is None:
        abort(404)
    raise Elsewhere(url_for("pupil.map", gone=1))


def draw(template: str, /, piece: Piece, **values: Any) -> str:
    """A page of a piece: at its stop of the map, with the school's words for its slots."""
    says = filler(the_pupil().school_id)
    return page(template, stop=LETTERS[piece.letter], says=says, **values)


def number_given(name: str) -> int:
    """A small whole number from the form or address; -1 for anything else."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1


def seen_of(run: Run) -> Seen:
    """The run, and the step that the page in front of the pupil was drawn at."""
    return Seen(run, number_given("step"))

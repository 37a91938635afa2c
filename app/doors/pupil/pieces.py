"""What lessons and quizzes share: whose piece this is, and what a form says."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar, cast

from flask import abort, request, url_for
from werkzeug.routing import RequestRedirect

from app.content.story_values import Story
from app.content.values import Lesson
from app.learning.actions import Seen
from app.learning.queries import newest_run
from app.learning.rules import LETTERS, Piece
from app.learning.runs import Run
from app.web.drawn_once import page_once
from app.web.pages import page
from app.web.parts import catalogue, editions
from app.web.slots import filler
from app.web.viewer import the_pupil

PICK_ONE = "Pick one first."
FRIENDS = {"S": "sloe", "M": "moss", "A": "aster", "R": "rowan", "T": "tansy"}
"""The friend who lives at each letter's stop; also the name of its drawing."""


class Elsewhere(RequestRedirect):
    """Ends a view: the pupil belongs on another page."""

    code = 303


P = TypeVar("P", Lesson, Story)


def piece_and_run(known: Mapping[str, P], piece_id: str) -> tuple[P, Run | None]:
    """A piece of the pupil's own band as it is played, and their newest run through it.

    A piece that was taken away, or left behind with the band, leads the pupil back to the map;
    one that was never theirs does not exist for them.
    """
    pupil, piece = the_pupil(), known.get(piece_id)
    run = newest_run(pupil.school_id, pupil.id, piece_id)
    if piece is not None and piece.band == pupil.band:
        if run is None:
            return piece, None
        played = _as_begun(piece, run)
        return played, run.in_version(played.version, played.edition)
    if run is None:
        abort(404)
    raise Elsewhere(url_for("pupil.map", gone=1))


def _as_begun(piece: P, run: Run) -> P:
    """The piece in the text that a run began with; a lesson that was finished is today's."""
    if run.edition in {None, piece.edition} or (run.finished and isinstance(piece, Lesson)):
        return piece
    begun = editions().read(piece.id, str(run.edition))
    same = isinstance(begun, type(piece)) and begun.version == run.version
    return cast(P, begun) if same else piece


def draw(template: str, /, piece: Piece, **values: Any) -> str:
    """A page of a piece: at its stop of the map, with the school's words for its slots."""
    return page(template, says=filler(the_pupil().school_id), **_stop_of(piece), **values)


def draw_once(
    template: str, /, piece: Piece, *, texts: Iterable[str], same: Hashable, **values: Any
) -> str:
    """The same, drawn once for all pupils who stand where this one does.

    `texts` are those of the page: what a school's words make of them is part of what is the same.
    """
    says = filler(the_pupil().school_id)
    said = tuple(says(text) for text in texts if "{" in text)
    of = (piece, *(value for value in values.values() if isinstance(value, Lesson | Story)))
    return page_once(template, same=(same, said), of=of, says=says, **_stop_of(piece), **values)


def _stop_of(piece: Piece) -> dict[str, str]:
    letter = piece.letter
    return {"letter": letter, "stop": LETTERS[letter], "friend": FRIENDS[letter]}


def others_of(piece: Piece) -> list[Piece]:
    """The other lessons and quizzes of this piece's stop on the map."""
    known = catalogue()
    both: list[Piece] = [*known.lessons_for(piece.band), *known.quizzes_for(piece.band)]
    return [one for one in both if one.letter == piece.letter and one.id != piece.id]


def number_given(name: str) -> int:
    """A small whole number from the form or address; -1 for anything else."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1


def seen_of(run: Run) -> Seen:
    """The run, and the step that the page in front of the pupil was drawn at."""
    return Seen(run, number_given("step"))

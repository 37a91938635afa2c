"""The certificate: for whoever has finished everything that there is for them."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.doors.pupil.door import door
from app.learning.queries import first_finishes
from app.learning.rules import LETTERS, Piece
from app.people.queries.schools import the_school
from app.people.queries.staff import adults_of_class
from app.people.rights import May
from app.people.rules import Role
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_pupil


@door.opens("/certificate", may=May.LEARN)
def certificate() -> str | Response:
    """One page to print; until every leaf has grown, the map."""
    grown_at = _every_leaf_grown_at()
    if grown_at is None:
        return redirect(url_for("pupil.map"), code=303)
    pupil, day = the_pupil(), clock.local(grown_at)
    return page(
        "pupil/certificate",
        name=pupil.shown_name,
        class_name=pupil.class_name,
        school=the_school(pupil.school_id).name,
        teacher=_signed_by(),
        date=f"{day.day} {day:%B %Y}",
        weekday=f"{day:%A}",
        letters={key: name for key, name in LETTERS.items() if key in _letters()},
    )


def _pieces() -> list[Piece]:
    band, known = the_pupil().band, catalogue()
    return [*known.lessons_for(band), *known.quizzes_for(band)]


def _letters() -> set[str]:
    """The letters that have leaves: a certificate claims no other."""
    return {piece.letter for piece in _pieces()}


def _every_leaf_grown_at() -> datetime | None:
    """When the last of the pieces was first finished; None while one of them is not."""
    pupil, pieces = the_pupil(), _pieces()
    finished = first_finishes(pupil.school_id, pupil.id)
    if not pieces or any(piece.id not in finished for piece in pieces):
        return None
    return max(finished[piece.id] for piece in pieces)


def _signed_by() -> str:
    """The class's teachers by the names that pupils use."""
    pupil = the_pupil()
    adults = adults_of_class(pupil.school_id, pupil.class_id)
    return " and ".join(one.known_as for one in adults if Role.TEACHER in one.roles)

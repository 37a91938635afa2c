"""The proof of the record, for the team to print and file."""

from __future__ import annotations

from datetime import timedelta

from app.base import clock
from app.doors.desk.door import door
from app.people.queries.schools import the_school
from app.people.rights import May
from app.safeguarding import queries
from app.web.pages import page
from app.web.squares import square_of
from app.web.viewer import the_adult

STALE = timedelta(days=2)
"""A look that is older than this says nothing of today."""


@door.opens("/concerns/proof", may=May.PROVE_RECORD)
def proof() -> str:
    """Last night's proof as signs and as a square, and what the last look found."""
    school_id = the_adult().school_id
    made, look = queries.record.proof(school_id), queries.record.last_look(school_id)
    return page(
        "desk/proof",
        proof=made,
        square=made and square_of(made.signs, "Square code of the proof"),
        school=the_school(school_id).name,
        look=look,
        team=queries.team.team_lines(school_id),
        fresh=look is not None and abs(clock.now() - look.at) < STALE,
    )

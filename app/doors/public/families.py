"""What anybody sees who needs help: no child, no sign-in, no code."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.doors.public.door import door
from app.people.queries import schools
from app.people.rights import May
from app.people.viewers import PupilHere
from app.web.help_lines import for_parents
from app.web.pages import page
from app.web.viewer import viewer_here


@door.opens("/help", may=May.READ_ANYWHERE)
def where_to_get_help() -> str | Response:
    """For parents: the school first, then the lines of its nation. A pupil's help is Tell."""
    here = viewer_here()
    if isinstance(here, PupilHere):
        return redirect(url_for("pupil.tell"), code=303)
    school_id = here.school_id if here else schools.lone_school()
    nation = schools.the_school(school_id).nation if school_id else None
    lines = for_parents(nation)
    return page("public/help", tabs=[], people=[], more=bool(school_id), nations=(), **lines)

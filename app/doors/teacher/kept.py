"""What was being written when the sign-in ended: shown again to the adult who wrote it."""

from __future__ import annotations

import re

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.doors.teacher.door import door
from app.people.rights import May
from app.safeguarding import queries
from app.safeguarding.actions.handle import open_concern
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import ERASED
from app.web.forms import pressed
from app.web.kept import Unsent, forget_unsent, the_unsent
from app.web.pages import page
from app.web.step_up import is_stepped_up
from app.web.viewer import the_adult

OF_A_CONCERN = re.compile(r"/concerns/([^/]+)/")


@door.opens("/kept", may=May.WORK_HERE)
def kept() -> str | Response:
    """What you wrote, ready to be sent again."""
    unsent = the_unsent(the_adult())
    if unsent is None:
        return redirect(url_for("teacher.today"), code=303)
    facts = _its_concern(unsent)
    if facts is not None:
        if not is_stepped_up(the_adult()):
            return redirect(url_for("desk.concern", reference=facts.reference), code=303)
        open_concern(facts.school_id, facts, the_adult().id)
    return page("teacher/kept", unsent=unsent)


def _its_concern(unsent: Unsent) -> ConcernFacts | None:
    """The concern that it was written about, if that can still be opened."""
    found, viewer = OF_A_CONCERN.match(unsent.path), the_adult()
    facts = queries.desk.concern(viewer.school_id, viewer, found[1]) if found else None
    return None if facts is None or facts.state == ERASED else facts


@door.opens("/kept/forget", may=May.WORK_HERE, methods=("POST",))
def forget_kept() -> Response:
    """Let it go."""
    if pressed():
        forget_unsent(the_adult())
    return redirect(url_for("teacher.today"), code=303)

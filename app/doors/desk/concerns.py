"""The queue of concerns, as far as the viewer may see them."""

from __future__ import annotations

from flask import request

from app.doors.desk.door import door
from app.people.rules import STAFF
from app.web.concern_rows import rows_for
from app.web.pages import page
from app.web.viewer import the_adult

READERS = STAFF
"""Any adult may be chosen by a child; what each sees is decided concern by concern."""


@door.opens("/concerns", admits=READERS)
def concerns() -> str:
    """The queue: act now first, then by when it was told."""
    state = "closed" if request.args.get("show") == "closed" else "open"
    return page("desk/concerns", rows=rows_for(the_adult(), state=state), state=state)

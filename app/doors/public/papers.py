"""The papers that every school asks for, open to everybody: privacy, access, credits, news."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, render_template
from werkzeug.wrappers import Response

from app.base.throttle import KEPT_FOR
from app.content.registers import FACTS
from app.content.rendering import render
from app.doors.public.door import door
from app.papers import news, records, thanks
from app.people.queries import let_in
from app.people.rights import May
from app.people.rules import IDLE, INVITATION_LASTS, LONGEST
from app.people.second_step import WAITS
from app.safeguarding import draft_files
from app.web.pages import page


def _long(time: timedelta) -> str:
    """A time as people say it."""
    seconds = int(time.total_seconds())
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {unit}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"


TIMES = {
    "asking": _long(let_in.ASK_LASTS),
    "draft": _long(draft_files.LASTS),
    "invitation": _long(INVITATION_LASTS),
    "misses": _long(KEPT_FOR),
    "pupil_idle": _long(IDLE["pupil"]),
    "staff_idle": _long(IDLE["staff"]),
    "staff_longest": _long(LONGEST),
    "code_waits": _long(WAITS),
}
"""How long things last, as the code says; a record names them in {brackets}."""


def _told(text: str) -> str:
    return text.format_map(TIMES)


@door.opens("/privacy", may=May.READ_ANYWHERE)
def privacy() -> str:
    """What is kept, why, for how long and who sees it; first of all in a child's words."""
    return page("public/privacy", kept=records.kept(), told=_told)


@door.opens("/privacy/dpia", may=May.READ_ANYWHERE)
def dpia() -> str:
    """A data protection impact assessment to begin with."""
    return page("public/dpia", kept=records.kept(), of=records.assessment(), told=_told)


@door.opens("/privacy/dpia.md", may=May.READ_ANYWHERE)
def dpia_as_text() -> Response:
    """The same as a text that can be edited."""
    facts = {"kept": records.kept(), "of": records.assessment(), "told": _told}
    text = render_template("public/dpia.md", **facts, version=news.version())
    return _text(text, "text/markdown")


@door.opens("/accessibility", may=May.READ_ANYWHERE)
def accessibility() -> str:
    """The accessibility statement."""
    return page("public/accessibility", of=records.accessibility(), told=_told)


@door.opens("/credits", may=May.READ_ANYWHERE)
def credits_page() -> str:
    """Whose ideas, letters, pictures, packages and facts Catkin stands on."""
    return page(
        "public/credits",
        fonts=thanks.fonts(),
        packages=thanks.packages(),
        registers=thanks.registers(current_app.extensions["catkin"].settings.content_dir / FACTS),
    )


@door.opens("/credits/licences.txt", may=May.READ_ANYWHERE)
def licences() -> Response:
    """The licences of all packages in full."""
    return _text(thanks.licence_texts(), "text/plain")


@door.opens("/new", may=May.READ_ANYWHERE)
def whats_new() -> str:
    """What came with each version."""
    versions = [(one, render(one.lines)) for one in news.versions()]
    return page("public/new", versions=versions)


def _text(text: str, kind: str) -> Response:
    return Response(text, content_type=f"{kind}; charset=utf-8")

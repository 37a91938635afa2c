"""Text: bigger letters, more space, another paper; without script."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.doors.pupil.door import door
from app.people.rights import May
from app.web.forms import pressed
from app.web.guards import safe_path
from app.web.pages import page
from app.web.text_settings import CHOICES, choose_text, text_choice


@door.opens("/text", may=May.READ_ANYWHERE, methods=("GET", "POST"))
def text_settings() -> str | Response:
    """Choose how to read, and go back to the page it was for."""
    after = safe_path(request.values.get("after"))
    if after is None or after == request.path:
        after = url_for("public.start")  # Leads everybody home: it is not only pupils who look.
    if pressed():
        choose_text(**{about: request.form.get(about, "") for about in CHOICES})
        return redirect(after, code=303)
    now = {about: text_choice(about) for about in CHOICES}
    return page("pupil/text", choices=CHOICES, now=now, after=after)

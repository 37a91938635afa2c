"""A printed sign-in card: its link asks "Is this you?" and signs nobody in by being opened."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock, ids
from app.doors.pupil.door import door
from app.people.actions import sign_ins
from app.people.actions.sign_ins import WayIn
from app.people.queries import classes
from app.people.queries.sign_ins import card_owner
from app.people.rights import May
from app.web.class_pass import open_now, remember_class
from app.web.forms import pressed
from app.web.pages import page
from app.web.viewer import sign_in


@door.opens("/card/<token>", may=May.SIGN_IN, methods=("GET", "POST"))
def card(token: str) -> str | Response | tuple[str, int]:
    """Is this you? Only a press signs in, and only while the class is open."""
    owner = card_owner(ids.fingerprint(token))
    facts = classes.class_(owner.school_id, owner.class_id) if owner else None
    yes = pressed()
    if owner is None or facts is None:
        return page("pupil/card/gone"), 404
    if not open_now(facts):
        return page("pupil/card/closed", name=facts.name)
    if not yes:
        facts_shown = {"shown_name": owner.shown_name, "avatar": owner.avatar}
        return page("pupil/card/ask", **facts_shown, link=request.path)
    remember_class(facts)
    way = WayIn("card", owner.made_by)
    sign_in(sign_ins.begin_for_pupil(owner.school_id, owner.pupil_id, clock.now(), way=way))
    return redirect(url_for("pupil.map"), code=303)

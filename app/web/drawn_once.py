"""Pages drawn once for all who see the same, and filled in with what is each pupil's own.

A class turns the same cards within minutes of each other. What differs between two pupils who
stand at the same place is their name, their picture and the token of their forms: in the page that
is kept, marks that nobody can type stand for these.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from app.people.viewers import PupilHere
from app.web.pages import page
from app.web.text_settings import CHOICES, text_choice
from app.web.viewer import the_pupil

MOST = 1_000
"""Pages that a worker keeps, about 10 MB; then it begins anew."""
_SECRET = secrets.token_hex(8)
NAME, AVATAR, TOKEN = (f"{_SECRET}-{what}" for what in ("name", "avatar", "token"))
MARKS = re.compile(f"({NAME}|{AVATAR}|{TOKEN})")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page cut at its marks: every other part is a mark."""

    parts: tuple[str, ...]
    holds: tuple[object, ...]
    """What the page was drawn from. Held, so that nothing else can take its place in memory."""


def page_once(template: str, /, *, same: Hashable, of: tuple[object, ...], **values: Any) -> str:
    """The page of the pupil who is signed in, as `page` draws it.

    `same` and `of` tell apart all that the values can make of the template: `of` by what it is,
    such as a lesson as it was read, `same` by what it says.
    """
    if not current_app.config["DRAWS_ONCE"]:
        return page(template, **values)
    pupil, known = the_pupil(), _known()
    text = tuple(text_choice(about) for about in CHOICES)
    asked = (request.method, request.root_path, request.path)
    key = (template, asked, pupil.band, text, same, tuple(map(id, of)))
    drawn = known.get(key)
    if drawn is None:
        if len(known) >= MOST:
            known.clear()
        drawn = known[key] = Drawn(tuple(MARKS.split(_draw(template, pupil, values))), of)
    own = {NAME: str(escape(pupil.shown_name)), AVATAR: str(escape(pupil.avatar))}
    if TOKEN in drawn.parts:
        own[TOKEN] = generate_csrf()
    return "".join([own.get(part, part) for part in drawn.parts])


def _known() -> dict[Hashable, Drawn]:
    known: dict[Hashable, Drawn] = current_app.extensions.setdefault("catkin_drawn", {})
    return known


def _draw(template: str, pupil: PupilHere, values: dict[str, Any]) -> str:
    """The page with marks for what is the pupil's own, and with nothing else of this pupil."""
    nobody = replace(
        pupil, sign_in="", id="", class_id="", class_name="", shown_name=NAME, avatar=AVATAR
    )
    g.token_of_page = TOKEN
    try:
        return page(template, viewer=_saying(nobody), **values)
    finally:
        del g.token_of_page


def _saying(nobody: PupilHere) -> Callable[[], PupilHere]:
    return lambda: nobody

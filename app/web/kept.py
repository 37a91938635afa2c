"""What an adult was writing when the sign-in ended: kept sealed, and given back to that adult.

The words lie in the Tell file under a key that only this browser holds, as a child's draft does.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from flask import request, session

from app.base import clock, ids, sealing
from app.base.errors import KeyMissing, StoreAway
from app.people.queries.ended import was_here
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.actions import drafts

HELD = "unsent"
OF_A_CONCERN = re.compile(r"/concerns/(C-\w+)(?:/|\Z)")
NEVER_KEPT = ("csrf_token", "password", "code")


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was sent too late: where it was going and what it held."""

    path: str
    fields: tuple[tuple[str, str], ...]


def typed_fields() -> tuple[tuple[str, str], ...]:
    """What a form brought, without its token and without passwords."""
    return tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if not name.startswith(NEVER_KEPT)
    )


def keep_unsent() -> None:
    """Keep the form of this request for whoever was signed in a moment ago."""
    person = was_here(ids.fingerprint(str(session.get("_user_id", ""))))
    fields = typed_fields()
    if person is None or person.staff_id is None or not fields:
        return
    key, token = sealing.new_key(), ids.new_token()
    text = json.dumps({"path": request.path, "fields": fields}, ensure_ascii=False).encode()
    sealed = sealing.seal(key, text, "unsent", person.school_id, person.staff_id, token)
    drafts.keep_draft(person.school_id, ids.fingerprint(token), sealed)
    held = {"token": token, "key": b64encode(key).decode(), "person": person.staff_id}
    session[HELD] = held


def waits_for(here: object) -> bool:
    """Whether a form waits for this adult that they may still see."""
    if not isinstance(here, StaffHere) or _held_for(here) is None:
        return False
    try:
        return the_unsent(here) is not None
    except StoreAway:
        return False


def _held_for(here: object) -> dict[str, Any] | None:
    """What this browser holds, if it is this adult's own."""
    held: dict[str, Any] | None = session.get(HELD)
    mine = held and isinstance(here, StaffHere) and held["person"] == here.id
    return held if mine else None


def the_unsent(here: StaffHere) -> Unsent | None:
    """The form that waits for this adult."""
    held = _held_for(here)
    if held is None:
        return None
    token = held["token"]
    sealed = queries.drafts.draft(here.school_id, ids.fingerprint(token), clock.now())
    if sealed is None:
        return None
    try:
        place = ("unsent", here.school_id, here.id, token)
        kept = json.loads(sealing.unseal(b64decode(held["key"]), sealed, *place))
    except (KeyMissing, ValueError):
        return None
    if _is_gone(here, kept["path"]):
        return None
    return Unsent(kept["path"], tuple((name, value) for name, value in kept["fields"]))


def _is_gone(here: StaffHere, path: str) -> bool:
    """Whether it was written about a concern that does not exist for this adult (any more)."""
    found = OF_A_CONCERN.match(path)
    return found is not None and queries.desk.concern(here.school_id, here, found[1]) is None


def forget_unsent(here: StaffHere) -> None:
    """Let it go: it was sent again, or is not wanted."""
    held = _held_for(here)
    session.pop(HELD, None)
    if held is not None:
        drafts.forget_draft(here.school_id, ids.fingerprint(held["token"]))

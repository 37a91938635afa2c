"""A telling in progress: sealed in the Tell file under a key that only this browser holds.

Nothing of it is in a cookie or an address; the cookie holds random keys, and a page holds it only
sealed under one of them (see app/web/carried.py).
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from flask import Flask, g, request, session, url_for

from app.base import clock, ids, sealing
from app.base.errors import KeyMissing, StoreAway
from app.people.queries import schools
from app.people.rules import IDLE
from app.safeguarding import queries
from app.safeguarding.actions import drafts
from app.safeguarding.rules import FEELINGS, HAPPENED, Told
from app.web.class_pass import class_here
from app.web.viewer import LOOKS_BY_ITSELF, viewer_here

WITHOUT_A_NAME = timedelta(minutes=2)
"""How long a telling without a name is still found when its child comes back to the page."""

PAGE_KEY = "page_key"
"""Where the cookie keeps the key to what pages carry. It stays where a draft goes by itself."""
ROOM = 4 * 1024 * 1024
"""How many bytes a page of Tell may bring."""
NO_PAGES = frozenset(
    {"static", "public.favicon", "public.touch_icon", "public.old_touch_icon", "public.healthz"}
    | LOOKS_BY_ITSELF
)
"""What is asked for without anybody going anywhere."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a child has said so far."""

    began_as: str | None = None
    """The pupil who was signed in when it began."""
    told: Told = field(default_factory=Told)
    is_about: bool = False
    """Whether it is about an adult here, before it is said about whom."""
    short: bool = False
    """Whether something that was said before is missing."""


def telling_school() -> str | None:
    """The school a telling on this browser belongs to; None before there is any school."""
    here = viewer_here()
    if here is not None:
        return here.school_id
    found = class_here()
    return found.school_id if found is not None else schools.lone_school()


def the_draft() -> Draft:
    """The draft of this browser, or an empty one."""
    return kept_draft() or Draft()


def kept_draft() -> Draft | None:
    """The draft of this browser; None where it has none, or it is away (g.draft_away).

    A draft belongs to the child who is signed in, and lasts as long as a sign-in does. The next
    child at the browser never finds it: only a press on the very page it was typed on still
    knows it after the sign-in ended, for that child may be the one who typed.
    """
    kept, school_id = session.get("draft"), telling_school()
    if not kept or school_id is None:
        return None
    if request.method != "POST" and not _still_mine(kept):
        forget_draft()
        return None
    try:
        sealed = queries.drafts.draft(school_id, ids.fingerprint(kept["token"]), clock.now())
    except StoreAway:
        g.draft_away = True
        return None
    if sealed is None:
        return None
    try:
        text = sealing.unseal(b64decode(kept["key"]), sealed, "draft", school_id, kept["token"])
    except (KeyMissing, ValueError):
        return None
    return read_draft(json.loads(text))


def _still_mine(kept: dict[str, Any]) -> bool:
    sign_in = _sign_in()
    lasts = IDLE["pupil"] if sign_in is not None else WITHOUT_A_NAME
    quiet = clock.now().timestamp() - float(kept["at"])
    return bool(kept["sign_in"] == sign_in) and quiet < lasts.total_seconds()


def _sign_in() -> str | None:
    here = viewer_here()
    return here.sign_in if here is not None else None


def read_draft(kept: dict[str, Any]) -> Draft:
    """A draft from the form in which it is sealed."""
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept["told"].items()
    }
    is_about, short = kept.get("is_about", False), kept.get("short", False)
    return Draft(kept["began_as"], Told(**told), is_about, short)


def keep_draft(draft: Draft) -> None:
    """Keep what the child said so far, sealed; by itself where its page is of another telling."""
    school_id = telling_school()
    if school_id is None:
        return
    kept = None if g.get("apart", False) else session.get("draft")
    if not kept:
        key = b64encode(sealing.new_key()).decode()
        kept = {"token": ids.new_token(), "key": key}
    session["draft"] = {**kept, "sign_in": _sign_in(), "at": clock.now().timestamp()}
    here = viewer_here()
    if here is not None and draft.began_as is None:
        draft = replace(draft, began_as=here.id)
    text = json.dumps(asdict(draft), ensure_ascii=False).encode()
    sealed = sealing.seal(b64decode(kept["key"]), text, "draft", school_id, kept["token"])
    drafts.keep_draft(school_id, ids.fingerprint(kept["token"]), sealed)


def draft_fingerprint() -> str | None:
    """The fingerprint under which this browser's draft lies, if it has one."""
    kept = session.get("draft")
    return ids.fingerprint(kept["token"]) if kept else None


def draft_mark() -> str:
    """By which a page knows later whether what it went on from is still there."""
    lies_under = draft_fingerprint()
    return ids.fingerprint(lies_under)[:16] if lies_under else ""


def forget_draft() -> None:
    """Let this browser's draft go: hidden, or signed out."""
    fingerprint, school_id = draft_fingerprint(), telling_school()
    session.pop("draft", None)
    if fingerprint and school_id:
        drafts.forget_draft(school_id, fingerprint)


def known_only(told: Told) -> Told:
    """Without choices that no page of ours offers; the words stay as they came."""
    return replace(
        told,
        happened=tuple(key for key in HAPPENED if key in told.happened),
        feelings=tuple(key for key in FEELINGS if key in told.feelings),
    )


def let_go_when_left() -> None:
    """A child who told without a name and went elsewhere leaves nothing for the next child."""
    if "draft" not in session and "sent" not in session:
        return
    if viewer_here() is None and _opens_another_page():
        session.pop("sent", None)
        forget_draft()


def _opens_another_page() -> bool:
    """Whether somebody left Tell for a page of ours; a browser also asks for things by itself."""
    endpoint = request.endpoint
    if endpoint is None or request.method != "GET" or endpoint in NO_PAGES:
        return False
    by_hand = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return by_hand and not endpoint.startswith("pupil.tell") and not _on_the_way_back(endpoint)


def _on_the_way_back(endpoint: str) -> bool:
    """Whether this is how to read, asked for in Tell: it leads back to the very step."""
    in_tell = request.args.get("after", "").startswith(url_for("pupil.tell"))
    return endpoint == "pupil.text_settings" and in_tell


def make_room() -> None:
    """A child who says very much is not refused for it: these take more than other pages do."""
    if (request.endpoint or "").startswith(("pupil.tell", "pupil.notes_add")):
        request.max_content_length = request.max_form_memory_size = ROOM


def prepare_drafts(app: Flask) -> None:
    """Make room for a telling, and look at each request for one that was left."""
    app.before_request(make_room)
    app.before_request(let_go_when_left)

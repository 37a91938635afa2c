"""What a page of Tell went on from, sealed in the page: for where the draft is gone or away.

It opens with a key that lies in this browser's cookie alone, and that Hide and signing out let
go of; so a page that was left open brings all that was said on the steps before it, once more.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, replace
from typing import NamedTuple

from flask import request, session

from app.base import sealing
from app.base.errors import KeyMissing
from app.web.drafts import PAGE_KEY, Draft, read_draft, telling_school

MOST_BYTES = 64 * 1024
"""How much a page carries; more than this is words enough for a small book."""


class Carried(NamedTuple):
    """What a page went on from."""

    draft: Draft
    is_newest: bool
    """Whether nothing was kept in this browser since the page was drawn."""


def carry(draft: Draft) -> str:
    """What a page is to bring back; empty where nothing was said."""
    if draft == Draft():
        return ""
    sealed = _sealed(draft)
    if len(sealed) > MOST_BYTES:
        told = replace(draft.told, words="", drawing="")
        sealed = _sealed(replace(draft, told=told, short=True))
    return sealed


def carried() -> Carried | None:
    """What the page that was pressed brought; None where there is nothing that opens."""
    sealed, key = request.form.get("so_far", ""), session.get(PAGE_KEY)
    if not sealed or not key:
        return None
    try:
        packed = sealing.unseal(b64decode(key), urlsafe_b64decode(sealed), *_place())
    except (KeyMissing, ValueError):
        return None
    content = json.loads(zlib.decompress(packed))
    return Carried(read_draft(content["draft"]), content["kept_at"] == _kept_at())


def _sealed(draft: Draft) -> str:
    key = session.setdefault(PAGE_KEY, b64encode(sealing.new_key()).decode())
    content = {"draft": asdict(draft), "kept_at": _kept_at()}
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode())
    return urlsafe_b64encode(sealing.seal(b64decode(key), packed, *_place())).decode()


def _kept_at() -> float | None:
    kept = session.get("draft")
    return float(kept["at"]) if kept else None


def _place() -> tuple[str, ...]:
    return ("page of Tell", telling_school() or "")

"""Whether the store in which children tell can be written: asked whether or not anybody tells.

What the page of concerns says by this must not move with what is told. So the keeper asks the store
itself, and a small file keeps the answer for all processes.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from flask import current_app

from app.base.database import Store, writing_rows
from app.base.errors import StoreAway

EVERY, STUCK = 10.0, 120.0
"""Seconds between two questions; and after how many without a good answer that is said."""
PATIENCE = 0.3


def is_stuck(data: Path, school_id: str) -> bool:
    """Whether nothing could be filed for minutes, as the keeper saw it."""
    return _file(data, school_id).exists()


def store_works() -> bool:
    """Whether the store takes a write; asked every ten seconds at most."""
    here = current_app.extensions.setdefault("catkin_store_asked", {"at": None, "works": True})
    if here["at"] is None or time.monotonic() - here["at"] >= EVERY:
        here.update(works=_asked(), at=time.monotonic())
    return bool(here["works"])


def _asked() -> bool:
    try:
        with writing_rows(Store.SAFEGUARDING, within=PATIENCE):
            return True
    except (StoreAway, OSError):
        return False


def note_down(data: Path, school_id: str, *, works: bool) -> None:
    """Remember how a round of the keeper went."""
    since: dict[str, float] = current_app.extensions.setdefault("catkin_stuck_since", {})
    file = _file(data, school_id)
    with suppress(OSError):
        if works:
            since.pop(school_id, None)
            file.unlink(missing_ok=True)
        elif time.monotonic() - since.setdefault(school_id, time.monotonic()) > STUCK:
            file.touch(mode=0o600)


def _file(data: Path, school_id: str) -> Path:
    return data / f"stuck-{school_id}"

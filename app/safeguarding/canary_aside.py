"""What came of a canary that the database could not be told: in a small file of the data folder.

A database that takes nothing is just what the canary must be able to say.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from app.base.once import write_once
from app.safeguarding.canary import Look, Station, Why


def _file() -> Path:
    folder: Path = current_app.extensions["catkin"].folders.data
    return folder / "canary.json"


def set_aside(school_id: str, day: str, looks: list[Look]) -> None:
    """Keep looks in the file; where not even that can be written, nobody knows of them."""
    file, kept = _file(), {look.station: look for look in aside(school_id, day)}
    kept |= {look.station: look for look in looks}
    lines = {one.value: [look.why, look.at.isoformat()] for one, look in kept.items()}
    draft = file.with_name(f".{file.name}")
    with suppress(OSError):
        draft.unlink(missing_ok=True)
        text = json.dumps({"school": school_id, "day": day, "looks": lines})
        write_once(draft, text.encode() + b"\n")
        os.replace(draft, file)


def aside(school_id: str, day: str) -> list[Look]:
    """What the file says of a day; nothing where there is none, or of another school."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_file().read_bytes())
        if (kept["school"], kept["day"]) == (school_id, day):
            return [
                Look(Station(one), Why(why).works, why, datetime.fromisoformat(at).astimezone(UTC))
                for one, (why, at) in kept["looks"].items()
            ]
    return []


def forget_aside() -> None:
    """The database could be told again."""
    with suppress(OSError):
        _file().unlink(missing_ok=True)

"""`python -m app demo`: the pretend school made, listed, and made anew."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.base.errors import CannotStart
from app.base.folders import prepare_folders
from app.base.running import hold_folder
from app.config import Settings
from app.demo.kept import Demo, read_demo
from app.demo.listing import listed
from app.demo.seed import MOST, PUPILS, clear, seed_demo


def demo(settings: Settings, *, as_json: bool, pupils: int | None, reset: bool) -> int:
    """Print every sign-in of the demo, which is made if there is none, or made anew if asked."""
    if pupils is not None and not PUPILS <= pupils <= MOST:
        raise CannotStart(f"--pupils is {pupils}. Give a number from {PUPILS} to {MOST}.")
    found = listed(settings, _the_demo(settings, pupils, reset=reset))
    print(json.dumps(found, ensure_ascii=False, indent=1) if as_json else _in_words(found))
    return 0


def _the_demo(settings: Settings, pupils: int | None, *, reset: bool) -> Demo:
    folders = prepare_folders(settings.data_dir, settings.keys_dir, demo=True)
    if read_demo(folders.data) is not None and not reset:
        return seed_demo(settings, pupils)
    with _held(folders.data):
        if reset:
            clear(folders)
        return seed_demo(replace(settings, demo=True), pupils)


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """Nobody serves the demo meanwhile, or a sentence says who does."""
    lock = hold_folder(data, "the command “demo”")
    try:
        yield
    finally:
        os.close(lock)


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"{found['school']}, a pretend school, made on {found['made']}."]
    for one in found["staff"]:
        lines.append(
            f"{one['name']} ({', '.join(one['roles'])}): {one['email']}, {one['password']}"
        )
    for one in found["classes"]:
        code = one["code"]
        lines.append(f"{one['name']}: {code['word']} {code['number']}, {len(one['pupils'])} pupils")
    lines.append("Start it with DEMO=1. Its pupils’ pictures are on its page /demo.")
    return "\n".join(lines)

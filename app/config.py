"""Settings, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.base.errors import CannotStart

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds app/, lessons/, quizzes/, static/ and templates/."""

PORT, DEMO_PORT = 8000, 8001


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Catkin listens and where it keeps things.

    `keys_dir` is None for the default: the user's configuration folder, by installation id.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    data_dir: Path = ROOT / "data"
    keys_dir: Path | None = None
    content_dir: Path = ROOT
    demo: bool = False
    """Whether this is the pretend school: it has a port, data, keys and a cookie of its own."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment; CannotStart for an impossible one."""
    given = os.environ if environment is None else environment
    demo = _is_demo(given.get("DEMO", "").strip())
    port = given.get("PORT", "").strip() or str(DEMO_PORT if demo else PORT)
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT is “{port}”. Give a number from 1 to 65535.")
    keys = given.get("KEYS_DIR", "").strip()
    data = given.get("DATA_DIR", "").strip()
    return Settings(
        host=given.get("HOST", "").strip() or "127.0.0.1",
        port=int(port),
        data_dir=_folder(data or str(ROOT / "data"), demo=demo),
        keys_dir=_folder(keys, demo=demo) if keys else None,
        demo=demo,
    )


def _is_demo(given: str) -> bool:
    if given not in ("", "0", "1"):
        raise CannotStart(f"DEMO is “{given}”. Give 1 for the pretend school, or leave it out.")
    return given == "1"


def _folder(given: str, *, demo: bool) -> Path:
    """The folder as it was named; the demo's lies beside it."""
    folder = Path(given).expanduser().absolute()
    return Path(f"{folder}-demo") if demo else folder

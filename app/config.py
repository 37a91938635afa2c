"""Settings, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.base.errors import CannotStart

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds app/, lessons/, quizzes/, static/ and templates/."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Catkin listens and where it keeps things.

    `keys_dir` is None for the default: the user's configuration folder, by installation id.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = ROOT / "data"
    keys_dir: Path | None = None
    content_dir: Path = ROOT


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from HOST, PORT, DATA_DIR and KEYS_DIR; CannotStart for an impossible one."""
    given = os.environ if environment is None else environment
    port = given.get("PORT", "").strip() or "8000"
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT is “{port}”. Give a number from 1 to 65535.")
    keys = given.get("KEYS_DIR", "").strip()
    data = given.get("DATA_DIR", "").strip()
    return Settings(
        host=given.get("HOST", "").strip() or "127.0.0.1",
        port=int(port),
        data_dir=Path(data).expanduser().absolute() if data else ROOT / "data",
        keys_dir=Path(keys).expanduser().absolute() if keys else None,
    )

"""Backups: both stores as of one moment, with what belongs to them; whole, or not there at all."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.base.errors import CannotStart
from app.base.manifest import Manifest, read_manifest

LAST = "last-backup.json"
"""In the data folder: where the newest backup was put, wherever that is."""


def backups_folder(data: Path) -> Path:
    """Where backups go unless another place is named: beside the data folder."""
    return data.with_name(f"{data.name}-backups")


def last_backup(data_dir: Path) -> datetime | None:
    """When the newest backup of this data folder was made, in UTC; None where there is none."""
    made = [manifest.made for _path, manifest in backups_in(backups_folder(data_dir))]
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads((data_dir / LAST).read_bytes())
        place = Path(said["place"])
        # A stick that was pulled out still holds its backup; one that was deleted is gone.
        if place.exists() or not place.parent.exists():
            made.append(datetime.fromisoformat(said["made"]))
    return max(made, default=None)


def backups_in(folder: Path) -> list[tuple[Path, Manifest]]:
    """The whole backups in a folder, the newest first."""
    found: list[tuple[Path, Manifest]] = []
    with suppress(OSError):
        for place in folder.glob("catkin-*"):
            with suppress(CannotStart):
                found.append((place, read_manifest(place)))
    return sorted(found, key=lambda each: each[1].made, reverse=True)

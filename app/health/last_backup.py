"""When the data was last backed up, from what a backup leaves beside it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


def last_backup(data_dir: Path) -> datetime | None:
    """When the newest backup was finished; None where there is none."""
    found = []
    for note in data_dir.with_name(f"{data_dir.name}-backups").glob("*/backup.json"):
        with suppress(OSError):
            found.append(datetime.fromtimestamp(note.stat().st_mtime, UTC))
    return max(found, default=None)

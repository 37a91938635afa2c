"""Heads of chains that lie in backups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.base.backup import LAST, backups_folder, backups_in
from app.base.folders import installation_id
from app.base.manifest import Manifest
from app.safeguarding.held import plain
from app.safeguarding.proof_links import Known, known_head


def heads_of_backups(data: Path, *, elsewhere: bool) -> Iterator[Known]:
    """What backups of a data folder say of the newest links of their days.

    `elsewhere` also looks where the last backup was put, which may be a share that never answers.
    """
    folders, own = {backups_folder(data)}, installation_id(data)
    if elsewhere:
        with suppress(OSError, ValueError, KeyError, TypeError):
            folders.add(Path(json.loads((data / LAST).read_bytes())["place"]).parent)
    for folder in sorted(folders):
        for place, manifest in backups_in(folder):
            if manifest.installation == own:
                yield from heads_in_account(manifest, f"the backup {place.name}")


def heads_in_account(manifest: Manifest, where: str) -> Iterator[Known]:
    """The heads that a backup's own account names."""
    for school_id, head in manifest.heads.items():
        yield known_head(head, where, plain(manifest.made), school_id)

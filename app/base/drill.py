"""A backup restored to a place of its own and looked at, to know that it can be; then removed."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from app.base.backup import backups_folder, clear
from app.base.database import Store, file_of
from app.base.disks import explained, remove
from app.base.manifest import Manifest
from app.base.restore import staged
from app.base.snapshot import open_whole, same

FAILED = "The backup could not be tried out"
PLACE = ".drill-"


@contextmanager
def restored(backup: Path, data: Path) -> Iterator[tuple[Path, Manifest]]:
    """A backup as a restore would put it back: copied, proved, and gone after the block."""
    folder = backups_folder(data)
    with explained(FAILED, folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear(folder, PLACE)
        place = Path(tempfile.mkdtemp(prefix=PLACE, dir=folder))
    try:
        with staged(backup, place) as (half, manifest):
            yield half, manifest
    finally:
        remove(place)


def counts_agree(backup: Path, half: Path) -> bool:
    """Whether every table has as many rows as the backup's own, and the same guards."""
    for store in Store:
        with closing(open_whole(file_of(backup, store))) as source:
            if not same(source, file_of(half, store)):
                return False
    return True


LINKS = "SELECT number, holds, digest, mac, made_at FROM link WHERE school_id = ? ORDER BY number"


def begins_todays(half: Path, data: Path, school_id: str, shared: int) -> bool:
    """Whether the links of a restored copy are the first of those that are here today.

    The newest link of the copy is its head, so today's chain must hold that very link as well;
    `shared` says how many there are, for what was struck out of a backup left a link of its own.
    """
    with (
        closing(open_whole(file_of(half, Store.SAFEGUARDING))) as copy,
        closing(_reading(file_of(data, Store.SAFEGUARDING))) as live,
    ):
        today = live.execute(LINKS, (school_id,))
        links = islice(enumerate(copy.execute(LINKS, (school_id,)), start=1), shared)
        return all(link[0] == number and today.fetchone() == link for number, link in links)


def _reading(file: Path) -> sqlite3.Connection:
    """The store that is in use, to read only."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)

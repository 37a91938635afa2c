"""Putting a backup back: read whole beside its place, and only then moved in.

What is moved in lies ready in one folder, so that a start after a power cut finishes the move.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from app.base import demo_mark
from app.base.backup import clear
from app.base.database import Store, file_of
from app.base.disks import explained, keep_free, remove
from app.base.errors import CannotStart
from app.base.folders import usable
from app.base.manifest import (
    SPOOL,
    Manifest,
    damaged,
    piece_of,
    read_manifest,
    refuse_newer_backup,
)
from app.base.migrations import TABLES, version_of
from app.base.once import keep_name, write_once
from app.base.running import hold_folder
from app.base.snapshot import MINE, faults_of, sync

READY = "restoring"
"""In the data folder: a whole backup that is being moved in."""
HALF = ".restoring-"
MARK = "was-restored"
"""In the data folder, until the next start has noted in the record that a backup was put back."""
NAME = "installation.json"
"""Moved in first: it says where the keys are."""
FAILED = "Nothing was put back"
LOOKS = {"canary_look", "drill"}
"""Tables of what a computer found about itself."""


@contextmanager
def room_for_a_school(data: Path) -> Iterator[None]:
    """The data folder, ours for the block, where no school lives; CannotStart if one does."""
    if demo_mark.is_demo(data):
        raise CannotStart(
            f"The data folder {data} holds the demo, and no real school is ever put there:"
            " name another with DATA_DIR."
        )
    there = data.exists()
    usable("data folder", data, "DATA_DIR")
    lock = hold_folder(data, 'the command "data restore"')
    try:
        finish_restore(data)
        _refuse_a_school(data)
        yield
    finally:
        os.close(lock)
        if not there:
            _tidy(data)


@contextmanager
def staged(backup: Path, data: Path) -> Iterator[tuple[Path, Manifest]]:
    """A backup, read whole into the data folder and proved; it goes again unless it is moved in."""
    manifest = read_manifest(backup)
    refuse_newer_backup(backup, manifest)
    with explained(FAILED, data):
        clear(data, HALF)
        keep_free(data, sum(piece.bytes for piece in manifest.files.values()))
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=data))
    try:
        with explained(FAILED, data):
            _copy_all(backup, manifest, half)
        for store in Store:
            _prove(backup, half, store, manifest)
        yield half, manifest
    finally:
        remove(half)


def move_in(half: Path, data: Path, mark: bytes = b"") -> None:
    """Make a proved backup the school of the data folder; `mark` says that it was lawful."""
    with explained("The backup was not wholly put back; do the same again", data):
        write_once(half / MARK, mark)
        half.rename(data / READY)
        keep_name(data)
        finish_restore(data)


def finish_restore(data: Path) -> bool:
    """Move in what lies ready, from a restore just now or one cut short; whether there was any."""
    ready = data / READY
    if not ready.is_dir():
        return False
    for path in sorted(ready.iterdir(), key=lambda path: (path.name != NAME, path.name)):
        place = data / path.name
        if path.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        for beside in ("-wal", "-shm", "-journal"):  # They would be taken for the new store's.
            place.with_name(place.name + beside).unlink(missing_ok=True)
        path.replace(place)
    keep_name(data)
    ready.rmdir()
    return True


def forget_looks(half: Path) -> None:
    """Take out what another computer found when it tried itself; this one has tried nothing yet.

    None of it is part of the record of what children told, and its chain holds none of it.
    """
    with (
        explained(FAILED, half),
        closing(sqlite3.connect(file_of(half, Store.SAFEGUARDING))) as put,
    ):
        there = {name for (name,) in put.execute(TABLES)}
        for table in LOOKS & there:  # An older Catkin kept none.
            put.execute(f"DELETE FROM {table}")  # noqa: S608  # our names
        put.commit()
    sync(file_of(half, Store.SAFEGUARDING))


def _copy_all(backup: Path, manifest: Manifest, half: Path) -> None:
    for name, piece in manifest.files.items():
        source, to = backup / name, half / name
        if not source.is_file() or source.is_symlink():
            raise damaged(backup, name)
        to.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(source, to)
        with suppress(OSError):
            to.chmod(MINE)
        sync(to)
        if piece_of(to) != piece:
            raise damaged(backup, name)
    for folder in {(half / name).parent for name in manifest.files}:
        keep_name(folder)


def _prove(backup: Path, half: Path, store: Store, manifest: Manifest) -> None:
    copy = file_of(half, store)
    if faults_of(copy) or version_of(half, store) != manifest.stores[store]:
        raise damaged(backup, copy.name)


def _refuse_a_school(data: Path) -> None:
    if any(path.is_file() for path in (data / SPOOL).rglob("*")):
        raise CannotStart(
            f"What children told or began to tell lies unfiled in {data / SPOOL}, and"
            " no backup is ever put over it: move that folder away first,"
            " or name another with DATA_DIR."
        )
    questions = {Store.LEARNING: "school", Store.SAFEGUARDING: "concern"}
    for store, table in questions.items():
        file = file_of(data, store)
        if version_of(data, store) is None:
            continue
        with explained(f"{FAILED}: {file} is there", data), closing(sqlite3.connect(file)) as old:
            tables = {name for (name,) in old.execute(TABLES)}
            lives = table in tables and old.execute(f"SELECT 1 FROM {table}").fetchone()  # noqa: S608
        if lives:
            raise CannotStart(
                f"A school lives in {data}, and no backup is ever put over it:"
                " move that folder away first, or name another with DATA_DIR."
            )


def _tidy(data: Path) -> None:
    """Leave no trace of a restore that was refused, where there was no folder before."""
    with suppress(OSError):
        if [path.name for path in data.iterdir()] == ["running.lock"]:
            (data / "running.lock").unlink()
            data.rmdir()

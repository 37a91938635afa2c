"""Copies of both stores as they stood at one moment, while everybody goes on writing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from app.base.database import Store, file_of, gate_of
from app.base.gate import no_writer_at
from app.base.migrations import TABLES

SHAPE = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
MINE = 0o600


@contextmanager
def one_moment(data: Path) -> Iterator[dict[Store, sqlite3.Connection]]:
    """Both stores, open for reading, as they stood at the same moment.

    Both gates are kept only until each store has its reading transaction; from then on SQLite
    shows the same to us, and writers go on. No concern here points to a pupil who is not.
    """
    with ExitStack() as stack:
        # Where there are no gates between processes (Windows), what children told comes first:
        # whoever told was in the other store before.
        stores = sorted(Store, key=lambda store: store is Store.LEARNING)
        opened = {
            s: stack.enter_context(closing(_open(file_of(data, s), readable=False))) for s in stores
        }
        with no_writer_at([gate_of(data, store) for store in stores]):
            for connection in opened.values():
                connection.execute("BEGIN")
                connection.execute(TABLES).fetchall()
        yield opened


def copy_store(source: sqlite3.Connection, to: Path) -> None:
    """A store as one new file that needs no other, on the disk on return."""
    with closing(sqlite3.connect(to, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # A half copy is thrown away; a whole one is synced.
        copy.execute("PRAGMA journal_mode=OFF")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    with suppress(OSError):  # A memory stick may know no owners.
        to.chmod(MINE)
    sync(to)


def put_back_store(source: Path, to: Path) -> None:
    """Write a whole store over another, in one transaction of SQLite's own."""
    with (
        closing(open_whole(source)) as whole,
        closing(sqlite3.connect(to, isolation_level=None)) as store,
    ):
        store.execute("PRAGMA synchronous=FULL")
        whole.backup(store)


def faults_of(file: Path) -> list[str]:
    """What SQLite finds wrong in a copy; nothing where it is whole."""
    try:
        with closing(open_whole(file)) as copy:
            found = [str(says) for (says,) in copy.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as problem:
        return [str(problem)]
    return [] if found == ["ok"] else found


def same(source: sqlite3.Connection, file: Path) -> bool:
    """Whether a copy holds the tables, the guards and as many rows of each as its source."""
    with closing(open_whole(file)) as copy:
        return _outline(source) == _outline(copy)


def _outline(store: sqlite3.Connection) -> tuple[list[tuple[str, ...]], dict[str, int]]:
    tables = [str(name) for (name,) in store.execute(TABLES)]
    count = "SELECT count(*) FROM "
    rows = {name: store.execute(f'{count}"{name}"').fetchone()[0] for name in tables}
    return store.execute(SHAPE).fetchall(), rows


def open_whole(file: Path) -> sqlite3.Connection:
    """A finished copy, to read only: beside it nothing is written."""
    return _open(file, readable=True)


def _open(file: Path, *, readable: bool) -> sqlite3.Connection:
    """A store, never made anew; `readable` for a finished copy, beside which nothing is written."""
    how = "immutable=1" if readable else "mode=rw"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def sync(file: Path) -> None:
    """Wait until a file is on the disk."""
    handle = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

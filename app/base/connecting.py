"""Connections to the very file that lies there, which wait no longer than they are told to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from app.base.errors import StoreAway


def never_make_anew(_dialect: Any, _record: Any, given: list[Any], _more: Any) -> None:
    """A store that is gone while Catkin runs is away: an empty one must not take its place."""
    if not os.path.exists(given[0]):
        raise StoreAway("unable to open database file")


def which(file: str | Path) -> tuple[int, int] | None:
    """Which file lies there, by the disk's own number; None for none."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def connected(engine: Engine, file: Path) -> Iterator[Connection]:
    """A connection to the file that lies there now: what is written to one that was moved away
    or deleted would be gone with it."""
    with engine.connect() as connection:
        if connection.info["file"] == which(file):
            yield connection
            return
    engine.dispose()
    with engine.connect() as connection:
        yield connection


@contextmanager
def patient(connection: Connection, within: float | None) -> Iterator[None]:
    """Let SQLite wait no longer than this for whoever has the file."""
    driver = connection.connection.driver_connection
    if within is None or connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={min(usual, max(1, int(within * 1000)))}")
    try:
        yield
    finally:
        with suppress(Exception):  # A file that is broken must not hide why.
            driver.execute(f"PRAGMA busy_timeout={usual}")

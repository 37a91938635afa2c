"""Bringing a store's tables to the newest form, behind its gate, and standing its guards."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.base.database import METADATA, Store, address_of, file_of, gate_of, stand_guards
from app.base.errors import CannotStart, StoreAway

VERSIONS = Path(__file__).resolve().parent.parent / "migrations"
BOOK = "alembic_version"
"""Alembic's own table, with one row: the version."""
VERSION = "SELECT version_num FROM alembic_version"
PUT_BACK = (
    "Move the data folder away, then put a backup back there:"
    " .venv/bin/python -m app data restore BACKUP"
)
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def versions(store: Store) -> list[str]:
    """The store's migrations in order, by number."""
    return sorted(p.name.split("_")[0] for p in (VERSIONS / store.value).glob("[0-9]*_*.py"))


def version_of(data_dir: Path, store: Store) -> str | None:
    """The version of the store on disk; None where there is none yet."""
    file = file_of(data_dir, store)
    if not file.exists():
        return None
    if not os.access(file, os.R_OK):  # SQLite would say no more than that it cannot be opened.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    try:
        with closing(sqlite3.connect(file)) as connection:
            tables = {name for (name,) in connection.execute(TABLES)}
            rows = connection.execute(VERSION).fetchall() if BOOK in tables else []
    except sqlite3.DatabaseError as problem:
        refuse_locked(file, problem)
        raise CannotStart(
            f"{file} is not a Catkin database, or it is damaged. {PUT_BACK}"
        ) from None
    if len(rows) == 1:
        return str(rows[0][0])
    if rows or tables - {BOOK}:
        raise CannotStart(f"{file} does not say which Catkin wrote it: it is damaged. {PUT_BACK}")
    return None


def refuse_locked(file: Path, problem: Exception) -> None:
    """CannotStart where a file is only in use elsewhere: nothing is wrong with it."""
    if isinstance(problem, sqlite3.OperationalError) and "locked" in str(problem):
        raise CannotStart(f"{file} is in use by another program. Close that one.") from problem


def refuse_newer(data_dir: Path, store: Store) -> None:
    """Stop where the data was written by a newer Catkin: an older one would not know it all."""
    found = version_of(data_dir, store)
    if found is not None and found not in versions(store):
        raise CannotStart(
            f"The data in {data_dir} was written by a newer Catkin. "
            "Update Catkin, or give another DATA_DIR."
        )


def migrate(data_dir: Path, store: Store, target: str = "head") -> None:
    """Bring a store to `target`; nothing heavy is read when it is there already."""
    if target == "head" and version_of(data_dir, store) == versions(store)[-1]:
        return
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = Config()
    for option, value in (
        ("script_location", str(VERSIONS)),
        ("version_locations", str(VERSIONS / store.value)),
        ("path_separator", "newline"),
    ):
        settings.set_main_option(option, value.replace("%", "%%"))  # One % is a mark of its own.
    settings.attributes.update(metadata=METADATA[store], address=address_of(data_dir, store))
    present = version_of(data_dir, store)
    down = target == "base" or (present is not None and target != "head" and target < present)
    with _explained(file_of(data_dir, store)), gate_of(data_dir, store).hold():
        (command.downgrade if down else command.upgrade)(settings, target)


def restore_guards(data_dir: Path, store: Store, declared: dict[str, str]) -> list[str]:
    """Put back guards that are missing or altered; the names of those that were."""
    from sqlalchemy import create_engine

    file, engine = file_of(data_dir, store), create_engine(address_of(data_dir, store))
    try:
        with _explained(file), gate_of(data_dir, store).hold(), engine.connect() as connection:
            fallen = stand_guards(connection, declared)
            connection.commit()
            return fallen
    finally:
        engine.dispose()


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Turn what the database says into a sentence for the person at the keyboard."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, StoreAway) as problem:
        if "locked" in str(problem):
            raise CannotStart(f"{file} is in use by another program. Close that one.") from problem
        if "disk is full" in str(problem):
            raise CannotStart(f"The disk of {file} is full. Make room there.") from problem
        raise CannotStart(f"{file} is damaged. {PUT_BACK}") from problem

"""Disks that fill up: how much is left alone, and what is said."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.base.errors import CannotStart

SPARE = 32 << 20
"""Bytes that a copy leaves free, so that what a child tells just then finds room."""
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def keep_free(folder: Path, size: int) -> None:
    """OSError as of a full disk, before anything is written that would leave too little."""
    if shutil.disk_usage(folder).free < size + SPARE:
        raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def explained(what: str, folder: Path) -> Iterator[None]:
    """Turn what the disk or SQLite says into one sentence that begins with `what`."""
    try:
        yield
    except (OSError, sqlite3.Error) as problem:
        raise CannotStart(f"{what}: {_why(problem, folder)}") from problem


def is_full(problem: BaseException) -> bool:
    """Whether it is for want of room."""
    if isinstance(problem, OSError):
        return problem.errno in _FULL
    return "disk is full" in str(problem)


def _why(problem: OSError | sqlite3.Error, folder: Path) -> str:
    if is_full(problem):
        return f"the disk of {folder} is full. Make room there, or name a folder on another disk."
    if isinstance(problem, OSError):
        return f"the folder {folder} cannot be used ({problem.strerror}). Name another."
    return f"a database could not be read or written ({problem})."


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, as far as can be."""
    shutil.rmtree(folder, ignore_errors=True)

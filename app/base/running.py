"""Locks in the data folder: one server serves it, for as long as any of its processes lives."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.base.errors import CannotStart

FAR_AWAY = 1 << 30
"""Windows locks bytes and lets nobody read them: the locked one lies beyond the text."""


def hold_folder(data: Path, address: str) -> int:
    """Lock the data folder for this process and its workers; the open file that holds the lock.

    Nothing has to be tidied up: the system lets go when the last of them has gone, however.
    """
    try:
        handle = held(data / "running.lock")
    except Taken as taken:
        raise CannotStart(
            f"Another Catkin, at {taken.by or 'another port'}, is using the data folder {data}:"
            " stop that one, or choose another folder with DATA_DIR."
        ) from taken
    os.ftruncate(handle, 0)
    os.write(handle, address.encode("ascii", "replace") + b"\n")
    return handle


class Taken(Exception):
    """Another process holds the lock; `by` is what it wrote into the file."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def held(path: Path) -> int:
    """The open file of a lock that is ours until it is closed; Taken where it is another's."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise CannotStart(f"The file {path} cannot be used: {problem.strerror}.") from problem
    try:
        _lock(handle)
    except (BlockingIOError, PermissionError) as problem:
        by = os.read(handle, 200).decode("ascii", "replace").strip()
        os.close(handle)
        raise Taken(by) from problem
    except OSError as problem:
        os.close(handle)
        raise CannotStart(
            f"The data folder {path.parent} cannot be locked ({problem.strerror}):"
            " choose a folder on this computer’s own disk with DATA_DIR."
        ) from problem
    return handle


def hold_alone(path: Path) -> int | None:
    """Lock a file for as long as this process lives; None where another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _lock(handle)
    except OSError:
        os.close(handle)
        return None
    return handle


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, FAR_AWAY, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

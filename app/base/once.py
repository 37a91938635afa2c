"""Writing a file once and for good: whole, never over an older one, on the disk on return."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a file is never renamed over another.
    fcntl = None  # type: ignore[assignment]


def write_once(path: Path, content: bytes) -> None:
    """Write a new file for its owner only; FileExistsError where there is one already."""
    # A draft of an earlier start that was killed has another name, and so is in nobody's way.
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            put_down(file.fileno(), content)
        _put_in_place(Path(draft), path)
    finally:
        with suppress(OSError):  # It has its name, or it is nothing.
            os.unlink(draft)
    keep_name(path.parent)


def put_down(file: int, content: bytes) -> None:
    """Write all of it, and wait until it is on the disk."""
    left = memoryview(content)
    while left:  # A disk that fills up takes a part, and says so only when asked again.
        left = left[os.write(file, left) :]
    os.fsync(file)


def _put_in_place(draft: Path, path: Path) -> None:
    """Give a finished draft its name; FileExistsError when another start was first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # A memory stick or a share of another computer may know no links.
        with _alone(path):
            if os.path.lexists(path):
                raise FileExistsError(path) from None
            os.rename(draft, path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else gives a file this name meanwhile; a killed holder is in nobody's way."""
    if fcntl is None:
        yield
        return
    lock = path.with_name(f".{path.name}.lock")
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with suppress(OSError):  # A share that knows no locks either: looking must do.
                fcntl.flock(handle, fcntl.LOCK_EX)
            if not _is_still(handle, lock):  # The holder before us took it away.
                continue
            try:
                yield
            finally:
                with suppress(OSError):
                    lock.unlink()
            return
        finally:
            os.close(handle)


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def keep_name(folder: Path) -> None:
    """Bring the folder's list of names to the disk; Windows has no way to."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

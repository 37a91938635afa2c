"""Writing a file once and for good: whole, never over an older one, on the disk on return."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Write a new file for its owner only; FileExistsError where there is one already."""
    # A draft of an earlier start that was killed has another name, and so is in nobody's way.
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            put_down(file.fileno(), content)
        _put_in_place(Path(draft), path, content)
    finally:
        os.unlink(draft)
    keep_name(path.parent)


def put_down(file: int, content: bytes) -> None:
    """Write all of it, and wait until it is on the disk."""
    left = memoryview(content)
    while left:  # A disk that fills up takes a part, and says so only when asked again.
        left = left[os.write(file, left) :]
    os.fsync(file)


def _put_in_place(draft: Path, path: Path, content: bytes) -> None:
    """Give a finished draft its name; FileExistsError when another start was first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # A memory stick or a share of another computer may know no links.
        _write_there(path, content)


def _write_there(path: Path, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            put_down(file, content)
        finally:
            os.close(file)
    except OSError:
        path.unlink()  # What is not whole must not stand in the way of what will be.
        raise


def keep_name(folder: Path) -> None:
    """Bring the folder's list of names to the disk; Windows has no way to."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

"""The keys folder: made once, never beside the database, read afresh when a file changes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from flask import current_app

from app.base.errors import KeyMissing


class KeyFolder:
    """Keys by name, one file each (0600 in a 0700 folder)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: dict[str, tuple[tuple[int, int], bytes]] = {}

    def file(self, name: str) -> Path:
        """Where a key lies."""
        return self.path / f"{name}.key"

    def has(self, name: str) -> bool:
        """Whether the key's file is there."""
        return self.file(name).is_file()

    def read(self, name: str) -> bytes:
        """The key; KeyMissing when its file is not there or is not whole.

        The file is looked at each time, so a key that is put back works without a restart.
        """
        path = self.file(name)
        try:
            facts = path.stat()
            stamp = (facts.st_mtime_ns, facts.st_ino)
            known = self._seen.get(name)
            if known is None or known[0] != stamp:
                known = (stamp, bytes.fromhex(path.read_text("ascii").strip()))
                self._seen[name] = known
        except (OSError, ValueError):
            self._seen.pop(name, None)
            raise KeyMissing(f"The key “{name}” is not in the keys folder.") from None
        return known[1]

    def make_once(self, name: str, key: bytes) -> None:
        """Write a new key for good: never over an old one, and on the disk before returning."""
        # Written whole beside its place, then linked in: a power cut leaves no half key.
        draft = self.path / f".{name}.{os.getpid()}"
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, key.hex().encode("ascii") + b"\n")
            os.fsync(file)
            os.link(draft, self.file(name))
        finally:
            os.close(file)
            draft.unlink()
        with suppress(OSError):  # Windows has no way to sync a folder.
            folder = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def read_or_make(self, name: str) -> bytes:
        """The key, made now if this installation never had it."""
        if not self.has(name):
            with suppress(FileExistsError):
                self.make_once(name, os.urandom(32))
        return self.read(name)


def keys_here() -> KeyFolder:
    """The keys folder of the current app."""
    folder: KeyFolder = current_app.extensions["catkin"].keys
    return folder

"""The keys folder: made once, never beside the database, read afresh when a file changes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from flask import current_app

from app.base.errors import KeyMissing
from app.base.once import keep_name, put_down, write_once

KEY_BYTES = 32


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
        """The key, KEY_BYTES long; KeyMissing when its file is not there or is not whole.

        The file is looked at each time, so a key that is put back works without a restart.
        """
        path = self.file(name)
        try:
            facts = path.stat()
            stamp = (facts.st_mtime_ns, facts.st_ino)
            known = self._seen.get(name)
            if known is None or known[0] != stamp:
                known = (stamp, _whole(path.read_text("ascii")))
                self._seen[name] = known
        except OSError:
            self._seen.pop(name, None)
            raise KeyMissing(f"The key “{name}” is not in the keys folder.") from None
        except ValueError:
            self._seen.pop(name, None)
            raise KeyMissing(f"The key “{name}” in the keys folder is damaged.") from None
        return known[1]

    def make_once(self, name: str, key: bytes) -> None:
        """Write a new key for good; FileExistsError where there is one, whole or not."""
        write_once(self.file(name), key.hex().encode("ascii") + b"\n")

    def destroy(self, name: str) -> None:
        """Write over a key and take it away, for good; one that is not there is gone already.

        What a disk keeps of a file that was written over, in a snapshot or a spare cell, is beyond
        any program.
        """
        path = self.file(name)
        self._seen.pop(name, None)
        try:
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            return
        try:
            put_down(handle, os.urandom(os.fstat(handle).st_size))
        finally:
            os.close(handle)
        path.unlink()
        keep_name(path.parent)

    def read_or_make(self, name: str) -> bytes:
        """The key, made now if this installation never had it."""
        if not self.has(name):
            with suppress(FileExistsError):
                self.make_once(name, os.urandom(KEY_BYTES))
        return self.read(name)


def _whole(text: str) -> bytes:
    """The key in a file's text; ValueError for any other text, so that none is ever half a key."""
    key = bytes.fromhex(text.strip())
    if len(key) != KEY_BYTES:
        raise ValueError("not a whole key")
    return key


def keys_here() -> KeyFolder:
    """The keys folder of the current app."""
    folder: KeyFolder = current_app.extensions["catkin"].keys
    return folder

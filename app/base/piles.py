"""A folder of files that wait: each written whole and synced, and never over another."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.base.once import keep_name, put_down, write_once

DAMAGED = ".damaged"


@dataclass(frozen=True, slots=True)
class Pile:
    """The folder, made when the first file comes."""

    folder: Path

    def put(self, name: str, content: bytes) -> None:
        """Write a new file; FileExistsError where one of this name lies already."""
        self._make()
        write_once(self.folder / name, content)

    def put_over(self, name: str, content: bytes) -> None:
        """Write a file in the place of the one before, which stays until this one is whole."""
        self._make()
        handle, draft = tempfile.mkstemp(prefix=f".{name}.", dir=self.folder)
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                put_down(file.fileno(), content)
            os.replace(draft, self.folder / name)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft)
            raise
        keep_name(self.folder)

    def read(self, name: str) -> bytes | None:
        """What lies under this name; None for nothing."""
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self) -> list[str]:
        """The files, the oldest first; not those that are half written or set aside."""
        return [name for _, name in sorted(self._found()) if not name.endswith(DAMAGED)]

    def damaged(self) -> list[str]:
        """Those that were set aside."""
        return [name for _, name in sorted(self._found()) if name.endswith(DAMAGED)]

    def oldest(self) -> float | None:
        """When the oldest file was written, as the disk says; None for an empty pile."""
        return min((at for at, name in self._found() if not name.endswith(DAMAGED)), default=None)

    def remove(self, name: str) -> None:
        """Let a file go, for good before this returns."""
        try:
            (self.folder / name).unlink()
        except (FileNotFoundError, NotADirectoryError):
            return
        keep_name(self.folder)

    def set_aside(self, name: str) -> None:
        """Keep a file that cannot be read under a name that says so."""
        with suppress(FileNotFoundError):
            os.replace(self.folder / name, self.folder / f"{name}{DAMAGED}")
            keep_name(self.folder)

    def _make(self) -> None:
        if self.folder.is_dir():
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError as problem:  # To whoever writes, that would say: it is there.
            raise NotADirectoryError(errno.ENOTDIR, "not a folder") from problem
        keep_name(self.folder.parent)

    def _found(self) -> Iterator[tuple[float, str]]:
        try:
            entries = os.scandir(self.folder)
        except (FileNotFoundError, NotADirectoryError):
            return
        with entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    with suppress(FileNotFoundError):
                        if entry.is_file(follow_symlinks=False):
                            yield entry.stat().st_mtime, entry.name

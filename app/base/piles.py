"""A folder of files that wait: each written whole and synced, and never over another."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.base.once import keep_name, put_down, write_once

DAMAGED = ".damaged"
LEFT = 3600
"""Seconds after which a half-written file is nobody's any more."""
_halves: dict[Path, float] = {}
"""Half-written files, and when this process saw each for the first time."""


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

    def try_it(self) -> None:
        """Put a file down and take it away again; OSError where that cannot be."""
        self._make()
        handle, draft = tempfile.mkstemp(prefix=".try.", dir=self.folder)
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                put_down(file.fileno(), b"whether it can be written")
        finally:
            os.unlink(draft)

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

    def unread(self) -> list[str]:
        """Those that wait and cannot be read just now."""
        return [name for name in self.names() if not self._can_read(name)]

    def _can_read(self, name: str) -> bool:
        try:
            self.read(name)
        except OSError:
            return False
        return True

    def late(self, seconds: float) -> bool:
        """Whether a file has waited for longer; also one of days to come, by a clock put back."""
        waiting = [at for at, name in self._found() if not name.endswith(DAMAGED)]
        return any(abs(time.time() - at) > seconds for at in waiting)

    def remove(self, name: str) -> None:
        """Let a file go, for good before this returns."""
        try:
            (self.folder / name).unlink()
        except (FileNotFoundError, NotADirectoryError):
            return
        keep_name(self.folder)

    def set_aside(self, name: str) -> None:
        """Keep a file that cannot be read under a name that says so, beside any earlier one."""
        numbered = (f"{name}.{number}{DAMAGED}" for number in range(2, 1000))
        names = (f"{name}{DAMAGED}", *numbered)
        free = next(each for each in names if not os.path.lexists(self.folder / each))
        with suppress(FileNotFoundError):
            os.replace(self.folder / name, self.folder / free)
            keep_name(self.folder)

    def put_back(self, aside: str) -> None:
        """Let a file that was set aside wait again, unless another of its name waits."""
        name = name_before(aside)
        if not os.path.lexists(self.folder / name):
            with suppress(FileNotFoundError):
                os.rename(self.folder / aside, self.folder / name)
                keep_name(self.folder)

    def sweep(self) -> None:
        """Let go what a killed start left half written, when it has lain there for an hour.

        By no clock but this process's own: a share has another, and what is being written just now
        must not go.
        """
        try:
            halves = {self.folder / name for name in os.listdir(self.folder) if name[0] == "."}
        except (FileNotFoundError, NotADirectoryError):
            halves = set()
        now = time.monotonic()
        for path in [path for path in _halves if path.parent == self.folder]:
            if path not in halves:
                del _halves[path]
        for path in halves:
            if now - _halves.setdefault(path, now) > LEFT:
                with suppress(OSError):
                    path.unlink()

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
                            yield _written(entry), entry.name


def name_before(aside: str) -> str:
    """The name that a file had before it was set aside."""
    return aside.partition(".")[0]


def _written(entry: os.DirEntry[str]) -> float:
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:
        raise
    except OSError:  # It is there, and a disk that does not say since when has it too long.
        return 0.0

"""Disks that are small or cannot be written: real mounts, which need root and Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.table import CannotHere


def must_mount() -> None:
    """CannotHere where this user may not mount."""
    if sys.platform == "win32" or os.geteuid() != 0 or not shutil.which("mount"):
        raise CannotHere("only root may mount a disk of its own")


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotHere(f"mount is not allowed here: {done.stderr.strip()[:80]}")


def _unmount(place: Path) -> None:
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def bound_read_only(place: Path) -> Iterator[None]:
    """Nobody, not even root, may open this file or folder for writing within the block."""
    must_mount()
    _mount("--bind", str(place), str(place))
    try:
        _mount("-o", "remount,ro,bind", str(place))
        yield
    finally:
        _unmount(place)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[None]:
    """An empty disk of so many bytes at a folder."""
    must_mount()
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield
    finally:
        _unmount(place)


def fill(folder: Path, leave: int) -> None:
    """Write a file that leaves so many bytes of the disk."""
    rest = shutil.disk_usage(folder).free - leave
    with (folder / "somebody-elses-film").open("wb") as film:
        for start in range(0, rest, 1 << 16):
            film.write(b"\1" * min(1 << 16, rest - start))

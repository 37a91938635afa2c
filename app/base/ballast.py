"""The ballast: room on the disk that nothing fills but what a child tells when all else is full.

It is a file of random bytes. To let it go is to make it empty, which asks the disk for nothing;
while it is empty, the store of lessons takes no writes but sign-ins, so that they do not eat it up.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from app.base.disks import is_full
from app.base.errors import StoreAway
from app.base.once import put_down

NAME = "ballast"
SIZE = 8 << 20
"""Bytes: some thousands of tellings."""
BESIDE = 16 << 20
"""Bytes that must be free beside it, or it would be let go again at once."""
HARDLY_ANY = 1 << 20
"""With less than this free, any fault of a disk is taken for want of room."""
FULL = "database or disk is full"


def is_away(data: Path) -> bool:
    """Whether it was let go and has not come back. One that was never made is not away."""
    try:
        return (data / NAME).stat().st_size < SIZE
    except OSError:
        return False


def let_go(data: Path) -> bool:
    """Free the room; whether there was any."""
    try:
        file = os.open(data / NAME, os.O_RDWR)
    except OSError:
        return False
    try:
        if os.fstat(file).st_size == 0:
            return False
        os.truncate(file, 0)
        with suppress(OSError):
            os.fsync(file)  # Some disks give room back only with the next sync.
        return True
    finally:
        os.close(file)


def lay(data: Path) -> bool:
    """Make it, or put it back, where there is room beside it; whether it lies there whole."""
    place = data / NAME
    try:
        if place.exists() and not is_away(data):
            return True
        if shutil.disk_usage(data).free < SIZE + BESIDE:
            return False
        file = os.open(place, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            # Zeros would take no room on a disk that packs what it keeps.
            put_down(file, os.urandom(SIZE))
        except OSError:
            os.truncate(file, 0)
            raise
        finally:
            os.close(file)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        return False
    return True


def wants_room(problem: BaseException, data: Path) -> bool:
    """Whether something failed because the disk is full, whatever it said of itself."""
    if is_full(problem):
        return True
    with suppress(OSError):
        return "disk I/O" in str(problem) and shutil.disk_usage(data).free < HARDLY_ANY
    return False


def refuse_while_away(data: Path) -> None:
    """StoreAway while the room that is left belongs to what children tell."""
    if is_away(data):
        raise StoreAway(FULL)

"""The machine: its folders, the space on its disk, its clock, and the last backup."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from app.base import ballast, clock
from app.base.backup import last_backup
from app.base.copies import Beside, how_beside
from app.base.demo_mark import is_demo
from app.base.folders import is_within
from app.base.manifest import SPOOL
from app.health.findings import Finding, look, mend, ok

FIRST_YEAR, LAST_YEAR = 2025, 2099
FRESH, OLD = timedelta(hours=36), timedelta(days=8)
"""A backup a night, and one missed week."""
TIGHT, ROOMY = 200 * 1024**2, 1024**3
"""Bytes that must be free beside those that another copy of the data takes."""
MANY = 5
NOT_WELL = {
    Beside.MISSING: "The last backup is not where it was put, beside the data folder.",
    Beside.DAMAGED: "The last backup is damaged.",
}
HOW = {
    Beside.MISSING: "If the folder of the backups was moved, put it back.",
    Beside.DAMAGED: "Keep the older ones.",
}
A_TELLING = 64 * 1024
"""Bytes that must be free for a telling to be kept at all."""


def folders(data: Path, keys: Path | None) -> Finding:
    """Both folders there, writable, apart, and nobody else's to read."""
    name = "Folders"
    if keys is None:
        return mend(
            name,
            f"The data folder {data} does not say where its keys are.",
            "Start Catkin once, or put installation.json back, or give KEYS_DIR.",
        )
    for folder, setting in ((data, "DATA_DIR"), (keys, "KEYS_DIR")):
        if not folder.is_dir():
            return mend(name, f"There is no folder {folder}.", f"Give another {setting}.")
    for folder in (data, keys, *filter(Path.exists, [data / SPOOL])):
        if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return mend(name, f"{folder} cannot be written to.", "Let Catkin’s user write to it.")
    if is_within(keys, data) or is_within(data, keys):
        return mend(
            name,
            "The data folder and the keys folder lie in each other.",
            "Move the keys elsewhere and name their place with KEYS_DIR.",
        )
    open_to_others = list(_readable_by_others(data, keys))
    if open_to_others:
        named = ", ".join(open_to_others[:MANY])
        return mend(
            name,
            f"Other users of this machine can read {named}.",
            f"Take that away: chmod -R go-rwx {quote(str(data))} {quote(str(keys))}",
        )
    return ok(name, "The data and the keys lie apart, can be written, and are nobody else’s.")


def _readable_by_others(*folders: Path) -> Iterator[str]:
    if os.name != "posix":
        return  # Windows keeps its own lists of who may read.
    for folder in folders:
        for path in (folder, *sorted(folder.rglob("*"))):
            if path.lstat().st_mode & 0o077 and not path.is_symlink():
                yield str(path)


def space(data: Path) -> Finding:
    """Whether the disk has room for what comes, and for a copy of what is there."""
    name, free = "Space", shutil.disk_usage(data).free
    if not room_to_tell(data):
        return mend(
            name,
            "The disk of the data folder is full. Children cannot tell now.",
            "Ask every teacher to listen in person. The technician makes room on its disk at once.",
        )
    if ballast.is_away(data):
        return mend(
            name,
            "The disk of the data folder was full: what was kept free for tellings is in use."
            " Children can tell, and lessons wait.",
            "Make room on its disk at once. The rest comes right by itself.",
        )
    need = sum(path.stat().st_size for path in data.glob("*.db*") if path.is_file())
    do = "Make room on its disk, or move the data folder to a larger one."
    if free < TIGHT + need:
        return mend(name, "The disk of the data folder is nearly full.", do)
    if free < ROOMY + need:
        return look(name, "The disk of the data folder gets full.", do)
    return ok(name, "The disk of the data folder has room.")


def room_to_tell(data: Path) -> bool:
    """Whether what a child tells finds room: on the disk, or in the ballast that gives way."""
    if shutil.disk_usage(data).free >= A_TELLING:
        return True
    return (data / ballast.NAME).is_file() and not ballast.is_away(data)


def the_clock(newest: datetime | None) -> Finding:
    """Whether the clock can be right: the year, the UK's summer time, and what was written."""
    name, now = "Clock", clock.now()
    do = "Set the clock of this machine, and let it be kept by NTP."
    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        return mend(name, f"The clock says {now.year}.", do)
    if clock.local(datetime(2026, 7, 1, 12, tzinfo=UTC)).hour != 13:
        return mend(
            name, "The rules of UK time are not those in use.", "Install Catkin’s tzdata again."
        )
    if newest is not None and newest > now + timedelta(minutes=5):
        return mend(name, f"The clock is behind: somebody signed in on {day_of(newest)}.", do)
    here = clock.local(now)
    return ok(name, f"It is {here.hour}:{here:%M} on {day_of(now)}, in UK time.")


def backup(data: Path, *, needed: bool = True, wholly: bool = False) -> Finding:
    """Whether the last backup is there and how old it is; nobody misses a pretend school's."""
    name, last, now = "Backup", last_backup(data), clock.now()
    if is_demo(data):
        return ok(name, "The demo is not backed up: it can be made anew.")
    do = "Make one now: .venv/bin/python -m app data backup"
    if last is None:
        says = "There is no backup beside the data folder."
        return mend(name, says, do) if needed else look(name, says, do)
    beside = how_beside(data, wholly=wholly)
    if beside is not Beside.WELL:
        return mend(name, NOT_WELL[beside], f"{HOW[beside]} {do}")
    age, at = now - last, clock.local(last)
    says = f"The last backup is from {day_of(last)}, {at.hour}:{at:%M}."
    if age > OLD:
        return mend(name, says, do)
    return look(name, says, do) if age > FRESH or age < -FRESH else ok(name, says)


def day_of(moment: datetime) -> str:
    """The day of a moment, by the school's clock."""
    here = clock.local(moment)
    return f"{here:%A} {here.day} {here:%B %Y}"

"""Bringing a school's tables to this version: never without a backup from just before."""

from __future__ import annotations

from pathlib import Path

from app.base import clock, demo_mark
from app.base.backup import back_up, backups_folder, thin_out
from app.base.database import Store, file_of, gate_of
from app.base.errors import CannotStart
from app.base.manifest import Kind, read_manifest
from app.base.migrations import migrate, version_of, versions
from app.base.snapshot import put_back_store


def bring_up_to_date(data: Path, *, school: bool) -> Path | None:
    """Migrate both stores; the backup that was made first, where a school needed one."""
    behind = [s for s in Store if version_of(data, s) != versions(s)[-1]]
    if not school or not behind or demo_mark.is_demo(data):
        for store in behind:
            migrate(data, store)
        return None
    backup = _backup_first(data)
    try:
        for store in behind:
            migrate(data, store)
    except BaseException as problem:
        _put_back(data, backup)
        if not isinstance(problem, Exception):
            raise
        says = str(problem) if isinstance(problem, CannotStart) else f"({type(problem).__name__})"
        raise CannotStart(
            f"This Catkin could not take over the data, which stand as they were: {says} Go back to"
            f" the Catkin that you had. A backup from before is {backup}."
        ) from problem
    return backup


def _backup_first(data: Path) -> Path:
    folder = backups_folder(data)
    try:
        backup = back_up(data, folder, Kind.UPGRADE, clock.now())
    except CannotStart as problem:
        raise CannotStart(
            "Catkin was updated and must change its tables, which it never does without a backup."
            f" {problem} Nothing was changed."
        ) from problem
    thin_out(data, folder, Kind.UPGRADE)
    return backup


def _put_back(data: Path, backup: Path) -> None:
    """Each store was migrated wholly or not at all: put those back that were."""
    before = read_manifest(backup).stores
    for store in Store:
        if version_of(data, store) == before[store]:
            continue
        with gate_of(data, store).hold():
            put_back_store(file_of(backup, store), file_of(data, store))

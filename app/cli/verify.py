"""`python -m app data verify`: whether the record of what children told is as Catkin wrote it."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.base.database import Store, file_of
from app.base.errors import CannotStart
from app.base.folders import default_keys_folder, installation_id, nothing_in
from app.base.keys import KeyFolder
from app.base.manifest import Manifest, damaged, piece_of, read_manifest
from app.base.migrations import refuse_newer, version_of, versions
from app.cli.words import count
from app.config import Settings
from app.health.stores import reading, rows
from app.safeguarding.faults import Fault, What, when
from app.safeguarding.kept_heads import heads_in_account, heads_of_backups
from app.safeguarding.proof import (
    Found,
    Keys,
    Known,
    keys_of,
    known_head,
    look,
    of_file,
    schools_in,
    whole,
)


def verify(settings: Settings, asked: Namespace) -> int:
    """Look at the data folder, or at the backups that are named; 1 if anything is wrong."""
    given = [_head(text) for text in asked.head]
    if not asked.backup:
        _must_hold_a_record(settings.data_dir)
        keys = _keys(settings, settings.data_dir)
        heads = [*given, *heads_of_backups(settings.data_dir, keys, elsewhere=True)]
        return 0 if _is_well(settings, settings.data_dir, heads) else 1
    well = True
    for backup in asked.backup:
        manifest = read_manifest(backup)
        for name, piece in manifest.files.items():
            if not (backup / name).is_file() or piece_of(backup / name) != piece:
                print(f"{damaged(backup, name)}")
                well = False
        heads = [*given, *heads_in_account(manifest, "its own account", _keys(settings, backup))]
        well = _is_well(settings, backup, heads, as_of=manifest) and well
    return 0 if well else 1


def _head(text: str) -> Known:
    try:
        return known_head(text, "the head that you gave")
    except ValueError:
        raise CannotStart(
            f"“{text}” is no head of a chain. Give it as it is written, as 312-9f04ac1b2d3e4f50."
        ) from None


def _is_well(
    settings: Settings, folder: Path, heads: list[Known], *, as_of: Manifest | None = None
) -> bool:
    """Look at one folder, and say what was found."""
    file = _must_hold_a_record(folder)
    refuse_newer(folder, Store.SAFEGUARDING)
    if version_of(folder, Store.SAFEGUARDING) != versions(Store.SAFEGUARDING)[-1]:
        raise CannotStart(
            f"The data in {folder} is of an older Catkin. "
            + ("Restore it first." if as_of else "Start Catkin once first.")
        )
    keys = _keys(settings, folder)
    names = dict(rows(folder, Store.LEARNING, "SELECT id, name FROM school"))
    with reading(file) as store:
        store.isolation_level = None
        # Before the moment of the file that is looked at: what is told meanwhile is newer.
        known = [
            (school_id, _keys_of(keys, school_id, folder, backup=as_of is not None), mine)
            for school_id, mine in _by_school(store, heads, names)
        ]
        store.execute("BEGIN")
        faults = [*_file_faults(store), *of_file(store)]
        found = {
            school_id: whole(look(store, school_id, chain, mine))
            for school_id, chain, mine in known
        }
    _say(folder, found, names, faults, backup=as_of is not None)
    return not faults and all(one.worst is None for one in found.values())


def _must_hold_a_record(folder: Path) -> Path:
    file = file_of(folder, Store.SAFEGUARDING)
    if not file.exists():
        raise nothing_in(folder)
    return file


def _keys(settings: Settings, folder: Path) -> KeyFolder:
    return KeyFolder(settings.keys_dir or default_keys_folder(installation_id(folder)))


def _keys_of(keys: KeyFolder, school_id: str, folder: Path, *, backup: bool) -> Keys:
    """What the keys folder knows; its newest head says nothing of a backup, which is older."""
    known = keys_of(keys, school_id, folder)
    return replace(known, head=None, damaged=None) if backup else known


def _file_faults(store: sqlite3.Connection) -> list[Fault]:
    try:
        said = [str(text) for (text,) in store.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as problem:
        said = [str(problem)]
    return [Fault(What.DAMAGED, f"The file is damaged: {s}.") for s in said if s != "ok"]


def _by_school(
    store: sqlite3.Connection, heads: list[Known], names: dict[str, str]
) -> Iterator[tuple[str, list[Known]]]:
    """Each school that has a record, or should have one, with the heads that are its own."""
    schools = {*names, *(head.school_id for head in heads if head.school_id)}
    with suppress(sqlite3.DatabaseError):  # The look itself says that the file is damaged.
        schools |= set(schools_in(store))
    for school_id in sorted(schools):
        own = [head for head in heads if head.school_id == school_id]
        free = [head for head in heads if head.school_id is None]
        if len(schools) > 1:  # A head on paper does not say whose it is.
            free = [head for head in free if _has(store, school_id, head)]
        yield school_id, [*own, *free]


def _has(store: sqlite3.Connection, school_id: str, head: Known) -> bool:
    asked = "SELECT 1 FROM link WHERE school_id = ? AND lower(hex(mac)) LIKE ? || '%' LIMIT 1"
    return store.execute(asked, [school_id, head.hex]).fetchone() is not None


def _say(
    folder: Path,
    found: dict[str, Found],
    names: dict[str, str],
    faults: Iterable[Fault],
    *,
    backup: bool,
) -> None:
    print(f"The record in {folder}:")
    for fault in faults:
        print(f"- {fault.says}")
    for school_id, one in found.items():
        print(f"\n{names.get(school_id, f'A school {school_id} that is not here')}")
        if one.links:
            print(
                f"{count(one.links, 'link')} from {when(one.began)} to {when(one.newest)},"
                f" beside {count(one.rows, 'row')}. The head is {one.head}."
            )
        for fault in one.faults:
            print(f"- {fault.says}")
        for remark in one.remarks if not backup else []:
            print(remark)
        if one.worst is None:
            fit = f" {count(one.heads, 'head')} kept elsewhere fitted." if one.heads else ""
            print(f"All is as Catkin wrote it.{fit}" if one.links else "Nothing was told yet.")

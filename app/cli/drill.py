"""`python -m app data drill`: is the backup one that a school could be put back from?"""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from app.base.backup import backups_folder
from app.base.copies import newest_to_read
from app.base.database import Store, address_of, connect_stores, db, engine_of, file_of
from app.base.drill import begins_todays, counts_agree, restored
from app.base.errors import CannotStart
from app.base.folders import default_keys_folder, installation_id, nothing_in
from app.base.keys import KeyFolder, keys_here
from app.base.manifest import Damaged, Manifest, read_manifest
from app.base.migrations import refuse_newer, version_of, versions
from app.config import Settings
from app.health.paper import opens_all
from app.people.queries import schools
from app.safeguarding.actions.drill import keep_drill
from app.safeguarding.canary import Why
from app.safeguarding.canary_in_backup import open_canary
from app.safeguarding.kept_heads import heads_in_account
from app.safeguarding.queries.canary import first_flown
from app.safeguarding.queries.retention import shared_links
from app.safeguarding.restored import parts_after

COUNTS, CHAIN, PAPER, WHOLE = "counts differ", "chain differs", "paper differs", ""
NO_BACKUP = "There is no backup to try out. Make one: .venv/bin/python -m app data backup"
FAULTS: dict[str, str] = {
    COUNTS: "not all rows came back",
    CHAIN: "its record is not the beginning of today’s: run .venv/bin/python -m app data verify",
    PAPER: "the recovery key on paper would not open it: see what the doctor says of that key",
    Why.NOT_IN_IT: "the test concern that Catkin told itself is not in it",
    Why.CLOSED: "what children told does not open with the keys that are here",
    Why.ALTERED: "the test concern in it does not say what was told",
}


@dataclass(frozen=True, slots=True)
class _Keys:
    """What opening words asks of the app."""

    keys: KeyFolder


def drill(settings: Settings, asked: Namespace) -> int:
    """Try out the newest backup, or the one that is named; 1 where it cannot be relied on."""
    backup = asked.backup and asked.backup.absolute()
    if backup is None:
        _must_hold_a_school(settings.data_dir)
        _newest_is_whole(settings.data_dir)
        found = newest_to_read(settings.data_dir)
        if found is None:
            raise CannotStart(NO_BACKUP)
        backup = found[0]
    return 0 if try_out(settings, backup) else 1


def _must_hold_a_school(data: Path) -> None:
    if not all(file_of(data, store).exists() for store in Store):
        raise nothing_in(data)


def _newest_is_whole(data: Path) -> None:
    """Damaged where the newest folder beside the data does not say what it holds any more: an
    older one must not be tried out in its place."""
    named = max(backups_folder(data).glob("catkin-*"), default=None)
    if named is not None:
        read_manifest(named)


def try_out(settings: Settings, backup: Path) -> bool:
    """Restore a backup to a place of its own, look at it, and say and keep what was found."""
    with _stores(settings):
        before = time.monotonic()
        try:
            found = _found(settings.data_dir, backup)
        except Damaged as damage:
            print(damage)
            found = dict.fromkeys(schools.all_schools(), f"damaged: {damage.name}")
        took = time.monotonic() - before
        for school_id, why in found.items():
            keep_drill(school_id, backup.name, why, round(took * 1000))
    faults = {why for why in found.values() if why}
    for why in sorted(faults & set(FAULTS)):
        print(settings.whole(f"The backup {backup} cannot be relied on: {FAULTS[why]}."))
    if not faults:
        print(f"The backup {backup} was put back to try it out, in {took:.1f} s: it can be read.")
    return not faults


def _found(data: Path, backup: Path) -> dict[str, str]:
    """By school what is wrong, in one of a few words; nothing where all is well."""
    with restored(backup, data) as (half, manifest):
        if not counts_agree(backup, half):
            return dict.fromkeys(schools.all_schools(), COUNTS)
        found = {}
        for school_id in schools.all_schools():
            first = first_flown(school_id)
            if not _is_of_our_chain(half, data, school_id, manifest):
                found[school_id] = CHAIN
            elif not _paper_opens(half, school_id):
                found[school_id] = PAPER
            elif first is None or first > manifest.made:  # There was none yet to be opened.
                found[school_id] = WHOLE
            else:
                found[school_id] = open_canary(file_of(half, Store.SAFEGUARDING), school_id).value
        return found


def _is_of_our_chain(half: Path, data: Path, school_id: str, manifest: Manifest) -> bool:
    """Whether its links are ours; a backup from before there were any has none to compare.

    Of one from before another was put back, those that both have.
    """
    if version_of(half, Store.SAFEGUARDING) != versions(Store.SAFEGUARDING)[-1]:
        return True
    engine = create_engine(address_of(half, Store.SAFEGUARDING), poolclass=NullPool)
    with Session(engine) as session:
        shared = shared_links(school_id, session)
    for head in heads_in_account(manifest, "the backup", keys_here()):
        if head.school_id == school_id:
            shared = parts_after(data, keys_here(), head, shared)
    return begins_todays(half, data, school_id, shared)


def _paper_opens(half: Path, school_id: str) -> bool:
    """Whether each paper opens it; one of an older Catkin does not say who wrapped the keys."""
    if version_of(half, Store.SAFEGUARDING) != versions(Store.SAFEGUARDING)[-1]:
        return True
    return opens_all(half, keys_here(), school_id, of_today=False)


@contextmanager
def _stores(settings: Settings) -> Iterator[None]:
    """Both stores of a data folder that was served before, and its keys."""
    data = settings.data_dir
    _must_hold_a_school(data)
    for store in Store:
        refuse_newer(data, store)
        if version_of(data, store) != versions(store)[-1]:
            raise CannotStart(f"The data in {data} is of an older Catkin. Start Catkin once first.")
    keys = settings.keys_dir or default_keys_folder(installation_id(data))
    app = Flask("catkin")
    app.extensions["catkin"] = _Keys(KeyFolder(keys))
    connect_stores(app, data)
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            for store in Store:
                engine_of(store).dispose()

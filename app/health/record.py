"""The record of what children told, compared with its chain: as `data verify` does, in one line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.base.database import Store, file_of
from app.base.keys import KeyFolder
from app.base.migrations import VERSION, versions
from app.health.findings import Finding, look, mend, ok
from app.health.stores import reading, rows
from app.safeguarding import proof
from app.safeguarding.faults import IN_SHORT, What
from app.safeguarding.kept_heads import heads_of_backups

NAME = "Record"
DO = (
    "Change nothing, and keep all backups. See what was altered: .venv/bin/python -m app data"
    " verify. Then tell the safeguarding lead."
)


def record(data: Path, keys: Path) -> Finding:
    """Whether the record is as Catkin wrote it."""
    file = file_of(data, Store.SAFEGUARDING)
    if not file.exists():
        return look(NAME, "There is no record yet.", "Start Catkin once: make run")
    try:
        if rows(data, Store.SAFEGUARDING, VERSION) != [(versions(Store.SAFEGUARDING)[-1],)]:
            says = "The record has the form of another Catkin, so it was not looked through."
            return look(NAME, says, "Start Catkin, and look again.")
        worst = _worst(data, keys, file)
    except sqlite3.DatabaseError:
        worst = What.DAMAGED
    if worst is not None:
        return mend(NAME, IN_SHORT[worst], DO)
    return ok(NAME, "The record of concerns is as Catkin wrote it.")


def _worst(data: Path, keys: Path, file: Path) -> What | None:
    heads = list(heads_of_backups(data, KeyFolder(keys), elsewhere=True))
    here = {school_id for (school_id,) in rows(data, Store.LEARNING, "SELECT id FROM school")}
    named = {head.school_id for head in heads if head.school_id}
    with reading(file) as store:
        store.isolation_level = None
        # Before the moment of the file that is looked at: what is told meanwhile is newer.
        schools = {*here, *proof.schools_in(store), *named}
        chains = {one: proof.keys_of(KeyFolder(keys), one, data) for one in schools}
        store.execute("BEGIN")
        kinds = {fault.what for fault in proof.of_file(store)}
        for school_id, chain in chains.items():
            own = [head for head in heads if head.school_id == school_id]
            found = proof.whole(proof.look(store, school_id, chain, own))
            kinds |= {fault.what for fault in found.faults}
    return next((what for what in What if what in kinds), None)

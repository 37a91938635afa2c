"""What two databases hold: to see whether anything changed, to put it back, to find halves."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from app.base.database import Store, file_of

Rows = dict[str, list[Any]]
OPENING = {"view", "entry", "notice", "link"}
"""That a concern was looked at is recorded, whatever was pressed on its page."""
BASES_OWN = {"throttle", "alembic_version"}
"""Counting misses is no change of anything a school keeps."""


class Kept:
    """Both files of a data folder, looked at past the app."""

    def __init__(self, folder: Path) -> None:
        self._files = {store: sqlite3.connect(file_of(folder, store)) for store in Store}
        self._as_built: dict[Store, sqlite3.Connection] = {}
        for store, file in self._files.items():
            self._as_built[store] = sqlite3.connect(":memory:")
            file.backup(self._as_built[store])
        self._seen = self._changes()

    def _changes(self) -> dict[Store, Any]:
        return {
            s: file.execute("PRAGMA data_version").fetchone() for s, file in self._files.items()
        }

    def put_back(self) -> None:
        """Make it all as it was when the schools were built."""
        now = self._changes()
        for store, file in self._files.items():
            if now[store] != self._seen[store]:
                self._as_built[store].backup(file)
        self._seen = self._changes()

    def untouched(self) -> bool:
        """Whether nobody has written anything since it was put back."""
        return self._changes() == self._seen

    def rows(self, school_id: str | None = None) -> Rows:
        """Every row of every table but base's own; of one school, or of all.

        When somebody was last seen is no change: looking at a page may note it.
        """
        found: Rows = {}
        for file in self._files.values():
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
            for (table,) in file.execute(tables).fetchall():
                columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
                if table in BASES_OWN or (school_id and table == "school"):
                    continue
                kept = [c for c in columns if (table, c) != ("sign_in", "seen_at")]
                where = f" WHERE school_id = '{school_id}'" if school_id else ""
                asked = f"SELECT {', '.join(kept)} FROM {table}{where}"
                found[table] = sorted(file.execute(asked).fetchall(), key=repr)
        return found

    def ask(self, store: Store, query: str) -> list[Any]:
        """What a query finds."""
        return self._files[store].execute(query).fetchall()

    def halves(self) -> list[str]:
        """Each thing that was written by half, as a sentence."""
        found = [
            f"{store}: {row}"
            for store in Store
            for row in self.ask(store, "PRAGMA foreign_key_check")
        ]
        for (store, says), query in HALVES.items():
            found += [f"{says}: {row}" for row in self.ask(store, query)]
        return found


def changed(before: Rows, after: Rows) -> list[str]:
    """The tables that differ."""
    return sorted(table for table in after if before.get(table) != after[table])


def _without(store: Store, one: str, other: str, where: str) -> tuple[tuple[Store, str], str]:
    says = f"a {one} without {other}"
    return (
        store,
        says,
    ), f"SELECT * FROM {one} WHERE NOT EXISTS (SELECT 1 FROM {other} WHERE {where})"


HALVES: dict[tuple[Store, str], str] = dict(
    (
        _without(Store.SAFEGUARDING, "concern", "words", "words.concern_id = concern.id"),
        _without(Store.SAFEGUARDING, "concern", "notice", "notice.concern_id = concern.id"),
        _without(Store.SAFEGUARDING, "concern", "entry", "entry.concern_id = concern.id"),
        _without(Store.LEARNING, "staff", "staff_role", "staff_role.staff_id = staff.id"),
    )
) | {
    (Store.SAFEGUARDING, "words without a key, of a concern that nobody erased"): (
        "SELECT words.id FROM words JOIN concern ON concern.id = words.concern_id "
        "WHERE (SELECT count(*) FROM concern_key WHERE concern_key.id = words.key_id) "
        "!= (concern.state != 'erased')"
    ),
    (Store.SAFEGUARDING, "an entry that lost its words"): (
        "SELECT id FROM entry WHERE sealed IS NULL "
        "AND kind IN ('spoken', 'note', 'answer', 'shared', 'closed', 'reopened', "
        "'held', 'released', 'erase asked')"
    ),
    (Store.LEARNING, "a class without name, years or code"): (
        "SELECT id FROM school_class WHERE '' IN (trim(name), years, code_word, code_number)"
    ),
    (Store.LEARNING, "a pupil without a name"): (
        "SELECT id FROM pupil WHERE '' IN (trim(given_name), trim(shown_name))"
    ),
    (Store.LEARNING, "an adult without a name or address"): (
        "SELECT id FROM staff WHERE '' IN (trim(name), trim(known_as), trim(email))"
    ),
    (Store.LEARNING, "an answer that progress does not know"): (
        "SELECT id FROM answer WHERE evidence AND NOT EXISTS "
        "(SELECT 1 FROM progress WHERE progress.pupil_id = answer.pupil_id)"
    ),
}

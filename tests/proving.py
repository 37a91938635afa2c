"""Looking at the record of a test as `data verify` does, and changing its file as a thief would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.base.database import Store, file_of
from app.base.keys import KeyFolder
from app.safeguarding.faults import Fault, What
from app.safeguarding.proof import Found, Keys, Known, keys_of, look, schools_in, whole
from app.safeguarding.tables import TRIGGERS


def proved(data: Path, school_id: str, keys: Path, heads: Iterable[Known] = ()) -> Found:
    """What a look at a school's record finds."""
    with closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as file:
        return whole(look(file, school_id, keys_of(KeyFolder(keys), school_id), heads))


def all_that_is_wrong(file: Path) -> list[Fault]:
    """What is wrong in a file, whoever's keys are away just now."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as store:
        if (
            store.execute("SELECT 1 FROM sqlite_master WHERE name = 'recovery_key'").fetchone()
            is None
        ):
            return []  # The tables of an older Catkin.
        found = [whole(look(store, school, Keys(None, None))) for school in schools_in(store)]
    return [f for one in found for f in one.faults if f.what not in {What.NO_KEY, What.UNSIGNED}]


@contextmanager
def tampering(data: Path) -> Iterator[sqlite3.Connection]:
    """The file in the hands of somebody who has it, and knows of the guards, but has no key."""
    with closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as file:
        for name in TRIGGERS:
            file.execute(f"DROP TRIGGER IF EXISTS {name}")
        yield file
        for sql in TRIGGERS.values():
            file.execute(sql)
        file.commit()

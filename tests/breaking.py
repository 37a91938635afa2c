"""Breaking the databases of a running school, for a moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from flask import Flask

from app.base.database import Store, file_of


@contextmanager
def table_away(app: Flask, store: Store, table: str) -> Iterator[None]:
    file = file_of(app.extensions["catkin"].folders.data, store)
    for one, other in ((table, "away"), ("away", table)):
        with closing(sqlite3.connect(file)) as opened:
            opened.execute("PRAGMA legacy_alter_table=ON")
            opened.execute(f"ALTER TABLE {one} RENAME TO {other}")
        if one == table:
            yield

"""Looking through the whole record because somebody asked: now, and to its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from flask import current_app

from app.base import clock
from app.base.database import Store, file_of
from app.base.keys import keys_here
from app.safeguarding.actions.prove import keep_look
from app.safeguarding.faults import Fault, What
from app.safeguarding.held import plain
from app.safeguarding.kept_heads import heads_of_backups
from app.safeguarding.proof import keys_of, look, of_file, whole

FRESH = timedelta(days=7)
"""For so long links without a signature keep the page red; `data verify` names them for ever."""


def look_now(school_id: str) -> None:
    """Compare the record with its chain and with the heads beside the data, and keep the result."""
    data: Path = current_app.extensions["catkin"].folders.data
    day = clock.local(clock.now()).date().isoformat()
    keys = keys_of(keys_here(), school_id, data)
    known = heads_of_backups(data, keys_here(), elsewhere=False)
    heads = [one for one in known if one.school_id == school_id]
    address = f"{file_of(data, Store.SAFEGUARDING).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as file:
        file.execute("BEGIN")
        try:
            faults = [*whole(look(file, school_id, keys, heads)).faults, *of_file(file)]
        except sqlite3.DatabaseError as problem:
            faults = [Fault(What.DAMAGED, f"The file is damaged: {problem}.")]
    keep_look(school_id, day, worst_now(faults))


def worst_now(faults: Iterable[Fault]) -> What | None:
    """What is worst of what calls for somebody today."""
    recent = plain(clock.now() - FRESH)
    kinds = {f.what for f in faults if f.what is not What.UNSIGNED or f.until >= recent}
    return next((what for what in What if what in kinds), None)

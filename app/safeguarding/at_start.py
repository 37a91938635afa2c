"""What a start has to note in the record, before anybody is served."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

from app.base.database import Store, connect_stores, engine_of
from app.base.keys import KeyFolder
from app.safeguarding.chain import note_down

BEGAN = "chain began"
"""What children told before there were chains was taken up into one, as it lay there."""
GUARD_MISSING = "guard was missing"


def note_at_start(data: Path, keys: KeyFolder, notes: Iterable[tuple[str, str, str]]) -> None:
    """Write these into the chains: school, kind and what it says. The tables are the newest."""
    wanted = list(notes)
    if not wanted:
        return
    app = Flask("catkin")
    connect_stores(app, data)
    app.extensions["catkin"] = SimpleNamespace(keys=keys)
    with app.app_context():
        try:
            for school_id, kind, says in wanted:
                note_down(school_id, kind, says)
        finally:
            for store in Store:
                engine_of(store).dispose()

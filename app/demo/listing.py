"""Every sign-in of the demo for a program to read: what `python -m app demo --json` prints.

{"school": "Puddlemoor Primary School", "made": "2026-11-16", "port": 8001,
 "cookie": "catkin-demo",
 "staff": [{"id", "name", "known_as", "roles": [], "email", "password", "sees"}],
 "classes": [{"id", "name", "years": [], "teacher": "<id>",
              "code": {"word", "number"},
              "pupils": [{"id", "name", "pictures": ["kite", "boat", "cake"]}]}],
 "family": {"word", "number"}, "workshop": {"word", "number"}}

`family` and `workshop` are null until the demo has been started, and where a visitor ended it.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Flask

from app.base.database import Store, connect_stores, engine_of
from app.config import Settings
from app.demo.app import COOKIE
from app.demo.families import Codes, codes_of
from app.demo.kept import Demo
from app.people.queries import classes


def listed(settings: Settings, demo: Demo) -> dict[str, Any]:
    """The demo as it stands: the codes are read afresh, for a visitor may have drawn new ones."""
    codes, others = _codes(settings.data_dir, demo.school)
    return {
        "school": demo.name,
        "made": demo.made,
        "port": settings.port,
        "cookie": COOKIE,
        "staff": [asdict(one) for one in demo.staff],
        "classes": [{**asdict(one), "code": codes[one.id]} for one in demo.classes],
        **asdict(others),
    }


def _codes(data: Path, school_id: str) -> tuple[dict[str, dict[str, str]], Codes]:
    """The code of each class, and those for families; also while a server is running."""
    app = Flask("catkin")
    connect_stores(app, data)
    with app.app_context():
        found, others = classes.classes(school_id), codes_of(school_id)
        for store in Store:
            engine_of(store).dispose()
    return {one.id: {"word": one.code_word, "number": one.code_number} for one in found}, others

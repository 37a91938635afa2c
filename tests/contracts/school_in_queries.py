"""Every statement on a school's table names the school: heard on the wire while tests run."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from app.base.database import METADATA
from app.learning import tables as _learning
from app.people import tables as _people
from app.safeguarding import tables as _safeguarding
from app.workshops import tables as _workshops

ROOMS = (_learning, _people, _safeguarding, _workshops)
"""Reading the rooms' tables fills the metadata."""

TOUCHED = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?([a-z_]+)\"?", re.IGNORECASE)
ONE_ROW = re.compile(r"WHERE (?:\w+\.\w+ = \?(?: AND )?)+$")
"""The ORM's own UPDATE or DELETE of a row that was read before, by its primary key."""


@cache
def schools_tables() -> set[str]:
    """The tables whose rows belong to a school."""
    return {
        table.name
        for metadata in METADATA.values()
        for table in metadata.tables.values()
        if "school_id" in table.columns
    }


def fault_of(statement: str, options: dict[str, Any]) -> str | None:
    """Why a statement must not be: it touches a school's table and names no school."""
    return None if options.get("every_school") else _fault_in(statement)


@cache
def _fault_in(statement: str) -> str | None:
    flat = " ".join(statement.split())
    touched = set(TOUCHED.findall(flat)) & schools_tables()
    verb = flat.split(" ", 1)[0].upper()
    if not touched or verb == "CREATE":  # A guard that is put up names tables, and reads no row.
        return None
    if verb in {"UPDATE", "DELETE"} and ONE_ROW.search(flat):
        return None
    named = flat if verb == "INSERT" else flat.partition(" WHERE ")[2]
    if "school_id" in named:
        return None
    return f"a query of {', '.join(sorted(touched))} names no school: {flat[:160]}"

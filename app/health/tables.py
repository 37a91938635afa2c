"""Whether both databases have every table that this Catkin's migrations make, and its columns."""

from __future__ import annotations

from pathlib import Path

from app.base.database import METADATA, Store, file_of
from app.base.migrations import PUT_BACK, VERSION, versions
from app.health.findings import Finding, mend, ok
from app.health.stores import reading, rows
from app.learning import tables as _learning  # noqa: F401  # All rooms: so all tables are known.
from app.people import tables as _people  # noqa: F401
from app.safeguarding import tables as _safeguarding  # noqa: F401
from app.workshops import tables as _workshops  # noqa: F401

NAME = "Tables"


def tables(data: Path) -> Finding:
    """The first table that is missing or has another form; of another version nothing is asked."""
    for store in Store:
        if rows(data, store, VERSION) != [(versions(store)[-1],)]:
            continue
        missing = _missing(data, store)
        if missing:
            return mend(
                NAME,
                f"In {file_of(data, store).name} the table {missing[0]} is missing or altered.",
                f"Ask every teacher to listen in person. If it was renamed, name it back."
                f" Otherwise: {PUT_BACK}",
            )
    return ok(NAME, "Both databases have every table.")


def _missing(data: Path, store: Store) -> list[str]:
    with reading(file_of(data, store)) as there:
        return [
            name
            for name, table in METADATA[store].tables.items()
            if {column.name for column in table.columns}
            - {row[0] for row in there.execute("SELECT name FROM pragma_table_info(?)", [name])}
        ]

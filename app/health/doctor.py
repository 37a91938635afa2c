"""`python -m app doctor`: every part looked at, whether Catkin runs or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.base import clock
from app.base.database import Store
from app.base.errors import CannotStart
from app.base.folders import default_keys_folder, installation_id
from app.config import Settings
from app.health import lessons, machine, network, paper, reaching, record, stores, tables
from app.health.copies import copies
from app.health.findings import Finding, mend

Look = Callable[[], Finding | list[Finding]]


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, one after another; a part that cannot be looked at is one of them."""
    data, root = settings.data_dir, settings.content_dir
    looks: list[tuple[str, Look]] = []
    if data.is_dir():
        looks = list(_at_data(data, _keys_folder(settings), settings.backup_also))
    else:
        says, do = f"There is no folder {data}.", "Start Catkin once, or give DATA_DIR."
        yield mend("Folders", says, do)
    looks += [
        ("Clock", lambda: machine.the_clock(_newest(data))),
        (network.NAME, lambda: network.network(settings)),
        ("E-mail", lambda: reaching.mail(settings.mail, data)),
        ("Lessons", lambda: lessons.content(root)),
        ("Facts", lambda: lessons.facts_in(root, clock.local(clock.now()).date())),
    ]
    for name, one in looks:
        for found in _looked(name, one):
            yield replace(found, do=settings.whole(found.do))


def _at_data(data: Path, keys: Path | None, also: Path | None) -> Iterator[tuple[str, Look]]:
    yield "Catkin", lambda: reaching.running(data)
    yield "Folders", lambda: machine.folders(data, keys)
    yield "Databases", lambda: stores.integrity(data)
    yield "Versions", lambda: stores.forms(data)
    yield tables.NAME, lambda: tables.tables(data)
    if keys is not None:
        yield "Keys", lambda: stores.keys(data, keys)
        yield record.NAME, lambda: record.record(data, keys)
        yield paper.NAME, lambda: paper.paper(data, keys)
    yield "Spool", lambda: stores.spooled(data)
    yield "Three adults", lambda: stores.adults(data)
    yield stores.OUTSIDE, lambda: stores.outside(data)
    yield "Backup", lambda: copies(data, also, needed=_has_school(data), wholly=True)
    yield "Space", lambda: machine.space(data)


def _looked(name: str, one: Look) -> Iterator[Finding]:
    try:
        found = one()
    except CannotStart as problem:
        yield mend(name, str(problem), "Mend that, then look again.")
        return
    except Exception as problem:  # A part may be broken in any way there is.
        says = f"This could not be looked at ({type(problem).__name__})."
        yield mend(name, says, "Mend what else is named here first, then look again.")
        return
    yield from found if isinstance(found, list) else [found]


def _keys_folder(settings: Settings) -> Path | None:
    """Where the keys lie, found without making anything; None where nothing says so."""
    if settings.keys_dir is not None:
        return settings.keys_dir
    if not (settings.data_dir / "installation.json").is_file():
        return None
    try:
        return default_keys_folder(installation_id(settings.data_dir))
    except CannotStart:
        return None


def _newest(data: Path) -> datetime | None:
    try:
        return stores.newest_sign_in(data)
    except Exception:  # Said already, where the databases are looked at.
        return None


def _has_school(data: Path) -> bool:
    try:
        return bool(stores.rows(data, Store.LEARNING, "SELECT id FROM school LIMIT 1"))
    except Exception:
        return True

"""Striking out of a backup what was erased since: a changed copy takes its place.

A folder cannot be put in the place of another in one step. So the copy gets a name of its own,
and only then the older one goes: at each moment a whole backup is there, and whoever finds both
goes on from there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.orm import Session

from app.base.backup import HALF, LAST, backups_folder, backups_in, clear, note_last
from app.base.copies import places_of
from app.base.database import Store, begin_writing, engine_of, file_of
from app.base.disks import explained, keep_free, remove
from app.base.drill import PLACE as DRILL
from app.base.errors import CannotStart
from app.base.folders import installation_id
from app.base.manifest import MANIFEST, SPOOL, Manifest, damaged, piece_of, read_manifest
from app.base.once import keep_name, write_once
from app.base.running import Taken, held
from app.base.snapshot import faults_of, sync

STORE = "safeguarding.db"
OLD_DRILL = 6 * 3600
"""Seconds after which a drill that left its folder is over."""
_NAME = re.compile(r"(?P<name>.+?)(?:-struck(?P<times>\d+))?")
_KEYS = """SELECT concern.reference, concern_key.id FROM concern_key
JOIN concern ON concern.id = concern_key.concern_id"""

Change = Callable[[Path], None]
"""What is done to the copy of a store, given its file."""
Sign = Callable[[Manifest, Manifest], dict[str, str]]
"""What signs the account of the copy, given the backup's own and that of the copy."""


def own_backups(data: Path) -> list[Path]:
    """The backups of this data folder that can be reached: beside it, and wherever one was put."""
    own = installation_id(data)
    return [
        place
        for folder in _folders(data)
        for place, manifest in backups_in(folder)
        if manifest.installation == own
    ]


def _folders(data: Path) -> list[Path]:
    return sorted({backups_folder(data), *(place.parent for place in _places(data))})


def unread(data: Path) -> list[str]:
    """The names of backups that do not say what is in them, and of what was left half done.

    Nobody can tell whether keys lie there. What can be cleared away is, but for a drill that may
    be under way. To be asked while no backup is made.
    """
    found = []
    for folder in filter(Path.is_dir, _folders(data)):
        with suppress(OSError):
            clear(folder, HALF)
        for prefix in (HALF, DRILL, "catkin-"):
            found += [place.name for place in folder.glob(f"{prefix}*") if not _says(place)]
    return sorted(found)


def _says(place: Path) -> bool:
    if place.name.startswith(DRILL) and time.time() - place.stat().st_mtime > OLD_DRILL:
        remove(place)  # Its process was ended.
        return not place.exists()
    try:
        read_manifest(place)
    except (CannotStart, OSError):
        return False
    return place.name.startswith("catkin-")


def away(data: Path) -> list[str]:
    """The names of backups that cannot be reached: on a stick that was pulled out, say."""
    return sorted({place.name for place in _places(data) if not place.parent.exists()})


def _places(data: Path) -> list[Path]:
    """Where the last backup was put, and the last copies in a second folder and on a stick."""
    noted = _noted(data)
    return [*([noted] if noted else []), *places_of(data)]


def _noted(data: Path) -> Path | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return Path(json.loads((data / LAST).read_bytes())["place"])
    return None


@contextmanager
def no_backup_meanwhile(data: Path) -> Iterator[bool]:
    """Keep others from making or thinning out backups; False where somebody does so just now."""
    try:
        handle = held(data / "backup.lock")
    except Taken:
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)


def keys_in(backup: Path, references: Iterable[str]) -> dict[str, set[str]]:
    """By reference, of those given: the ids of its keys that a backup holds."""
    wanted, found = set(references), dict[str, set[str]]()
    address = f"{file_of(backup, Store.SAFEGUARDING).absolute().as_uri()}?immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as store:
        for reference, key in store.execute(_KEYS):
            if reference in wanted:
                found.setdefault(str(reference), set()).add(str(key))
    return found


def waiting_in(backup: Path, references: Iterable[str]) -> dict[str, set[str]]:
    """By reference, of those given: the files of a backup that were told and not filed yet."""
    wanted, found = set(references), dict[str, set[str]]()
    for name in read_manifest(backup).files:
        reference = _names(backup / name) if name.startswith(f"{SPOOL}/") else ""
        if reference in wanted:
            found.setdefault(reference, set()).add(name)
    return found


def _names(file: Path) -> str:
    """The reference that the first line of such a file says; empty where it says none."""
    with file.open("rb") as opened, suppress(ValueError, TypeError, KeyError):
        return str(json.loads(opened.readline())["reference"])
    return ""


def changed_copy(place: Path, change: Change, sign: Sign, without: Collection[str] = ()) -> Path:
    """A whole copy of a backup with its concerns changed, beside it under its next name.

    Its account is signed anew; the files of these names are left out of it.
    """
    manifest, new = read_manifest(place), _next_name(place)
    if (new / MANIFEST).exists():
        return new  # Somebody was ended between this and the going of the older one.
    with explained(f"The backup {place} was not changed", place.parent):
        clear(place.parent, HALF)
        keep_free(place.parent, 2 * manifest.files[STORE].bytes)
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=place.parent))
        try:
            kept = {name: it for name, it in manifest.files.items() if name not in without}
            for name in kept.keys() - {STORE}:
                _share(place / name, half / name)
            _change(place, half, change)
            files = kept | {STORE: piece_of(half / STORE)}
            account = replace(manifest, files=files)
            account = replace(account, heads_mac=sign(manifest, account))
            write_once(half / MANIFEST, account.text())
            for folder in {(half / name).parent for name in files}:
                keep_name(folder)
            half.rename(new)
        except BaseException:
            remove(half)
            raise
    keep_name(place.parent)
    return new


def take_away(data: Path, old: Path, new: Path) -> None:
    """Let the older backup go, now that the changed one stands beside it."""
    with explained(f"The backup {old} was not removed", old.parent):
        if _noted(data) == old.absolute():
            note_last(data, new, read_manifest(new).made)
        gone = old.with_name(HALF + old.name)
        remove(gone)
        # Half gone, it must not look whole.
        remove(old.rename(gone))
        keep_name(old.parent)


def _next_name(place: Path) -> Path:
    parts = _NAME.fullmatch(place.name)
    assert parts is not None
    return place.with_name(f"{parts['name']}-struck{int(parts['times'] or 0) + 1}")


def _share(file: Path, to: Path) -> None:
    """The same file under a further name; a copy where the disk knows no links."""
    to.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)
        sync(to)


def _change(place: Path, half: Path, change: Change) -> None:
    """Change a copy, then write what is left of it to a new file: no freed page comes along."""
    draft, packed = half / f".{STORE}", half / STORE
    shutil.copyfile(place / STORE, draft)
    if piece_of(draft) != read_manifest(place).files[STORE]:
        raise damaged(place, STORE)
    change(draft)
    with closing(sqlite3.connect(draft, isolation_level=None)) as store:
        store.execute("VACUUM INTO ?", (str(packed),))
    for left in half.glob(f".{STORE}*"):
        left.unlink()
    packed.chmod(0o600)
    sync(packed)
    if faults_of(packed):
        raise CannotStart(f"The backup {place} was not changed: its copy is damaged.")


@contextmanager
def session_on(file: Path) -> Iterator[Session]:
    """One write to a store's copy; nothing of what it held before stays in any file."""
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=MEMORY")
            begin_writing(connection)
            session = Session(
                bind=connection, expire_on_commit=False, join_transaction_mode="control_fully"
            )
            try:
                yield session
                session.commit()
            finally:
                session.close()
    finally:
        engine.dispose()


def empty_log() -> bool:
    """Bring the store's own log to its file and cut it off: older pages lie in it. Whether it went.

    Somebody who reads just then keeps it as it is; then it is tried again later.
    """
    with engine_of(Store.SAFEGUARDING).connect() as connection:
        try:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")  # No Tell waits for this.
            row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            connection.exec_driver_sql("PRAGMA busy_timeout=5000")
    return bool(row[0] == 0)

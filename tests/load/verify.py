"""How long it takes to prove a record of many years, and to open and search all of it.

python -m tests.load.verify [CONCERNS]
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app import create_app
from app.base import ids
from app.base.database import Store, TellBase, db, file_of
from app.base.keys import KeyFolder
from app.config import ROOT, Settings
from app.prepare import prepare
from app.safeguarding.chain import chain_key_name
from app.safeguarding.held import MAY_CHANGE, digest_of, item_of, mac_of, plain, written
from app.safeguarding.queries.keys import public_key
from app.safeguarding.rules import Told
from app.safeguarding.tables import Concern, ConcernKey, ConcernPerson, Entry, View, Words
from app.safeguarding.words import WrappedKey, new_seal, read_spoken, spoken_of, unwrap
from tests.at_desk import school_with_team

SAID = "He keeps asking me what school I go to, and he said do not tell my mum. " * 3
NEEDLE = "the one with the lighthouse"
BEGINS = datetime(2001, 9, 3, 9, tzinfo=UTC)

Row = tuple[type[TellBase], dict[str, Any]]


@dataclass(frozen=True)
class Proved:
    """What was measured."""

    rows: int
    links: int
    seconds: float
    megabytes: float
    empty_megabytes: float
    search_seconds: float
    backup_seconds: float
    restore_seconds: float
    """By `data restore` in a new folder with a copy of the keys, its look at each page included."""


def measure(concerns: int = 20_000) -> Proved:
    """Fill a school's record and prove it by the command, then open and search it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "data", keys_dir=Path(folder) / "keys")
        app = create_app(prepare(settings), testing=True)
        desk = school_with_team(app)
        with app.app_context():
            _, empty = _verified(settings)
            filled = _Filled(settings, desk.id, desk.school.lane)
            filled.fill(concerns)
            seconds, megabytes = _verified(settings)
            began = time.perf_counter()
            found = [reference for reference, text in _opened(desk.id) if NEEDLE in text]
            searched = time.perf_counter() - began
            assert len(found) == 1
            db.session.remove()
        backed, restored = _there_and_back(settings, Path(folder))
    return Proved(filled.rows, filled.links, seconds, megabytes, empty, searched, backed, restored)


def _there_and_back(settings: Settings, folder: Path) -> tuple[float, float]:
    """Seconds of a backup, and of its restoring to a fresh folder, which verifies after it."""
    backed = _timed(settings, "backup", "--to", str(folder / "away"))
    (place,) = (one for one in (folder / "away").iterdir() if one.is_dir())
    fresh = Settings(data_dir=folder / "fresh", keys_dir=settings.keys_dir)
    restored = _timed(fresh, "restore", str(place))
    _verified(fresh)
    return backed, restored


def _timed(settings: Settings, *asked: str) -> float:
    place = {"DATA_DIR": str(settings.data_dir), "KEYS_DIR": str(settings.keys_dir)}
    call = [sys.executable, "-m", "app", "data", *asked]
    began = time.perf_counter()
    done = subprocess.run(
        call, cwd=ROOT, env={**os.environ, **place}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - began


COMMAND = """
import sys
from app.cli import run_command
code = run_command(["data", "verify"])
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0], file=sys.stderr)
sys.exit(code)
"""


def _verified(settings: Settings) -> tuple[float, float]:
    """Seconds and the most memory (MB) of one `data verify`."""
    place = {"DATA_DIR": str(settings.data_dir), "KEYS_DIR": str(settings.keys_dir)}
    call, env = [sys.executable, "-c", COMMAND], {**os.environ, **place}
    began = time.perf_counter()
    done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - began, int(done.stderr) / 1024


class _Filled:
    """A record as years of telling leave it: each write with a link of its own."""

    def __init__(self, settings: Settings, school_id: str, staff_id: str) -> None:
        self.file = file_of(settings.data_dir, Store.SAFEGUARDING)
        self.key = KeyFolder(settings.keys_dir or Path()).read(chain_key_name(school_id))
        self.school, self.staff = school_id, staff_id
        self.version, self.public = public_key(school_id)
        self.rows = self.links = 0
        self.before = b""

    def fill(self, concerns: int) -> None:
        """So many concerns, each told, opened by an adult, and written about."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = OFF")
            file.execute("BEGIN")
            keys = "SELECT version, public, made_at, ended_at FROM school_key"
            self._link(file, [], list(self._held_already(file.execute(keys).fetchall())))
            for number in range(1, concerns + 1):
                for rows in self._told(number, last=number == concerns):
                    self._link(file, rows, [])
            file.execute("COMMIT")

    def _held_already(self, keys: list[Any]) -> Iterator[list[Any]]:
        from app.safeguarding.tables import SchoolKey

        for version, public, made_at, ended_at in keys:
            values = {"school_id": self.school, "version": version, "public": public}
            values |= {"made_at": made_at, "ended_at": ended_at}
            yield item_of(SchoolKey, values, ("ended_at",))
            self.rows += 1

    def _link(self, file: sqlite3.Connection, rows: list[Row], items: list[Any]) -> None:
        for model, values in rows:
            names = ", ".join(values)
            marks = ", ".join("?" * len(values))
            shown = [v if isinstance(v, bytes) else plain(v) for v in values.values()]
            file.execute(f"INSERT INTO {model.__tablename__} ({names}) VALUES ({marks})", shown)
            items.append(item_of(model, values, MAY_CHANGE[model]))
        self.rows += len(rows)
        self.links += 1
        moment = plain(BEGINS + timedelta(minutes=self.links))
        holds = written(items)
        self.before = digest_of(self.before, self.school, self.links, holds, moment)
        mac = mac_of(self.key, self.before)
        link = (self.school, self.links, holds, self.before, mac, moment)
        file.execute(
            "INSERT INTO link (school_id, number, holds, digest, mac, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            link,
        )

    def _told(self, number: int, *, last: bool) -> Iterator[list[Row]]:
        reference, moment = f"C-{number:06}", BEGINS + timedelta(minutes=self.links)
        seal = new_seal(self.school, reference)
        same = {"school_id": self.school, "concern_id": number}
        said = spoken_of(Told(words=SAID + (NEEDLE if last else "")), (), None).as_json()
        field = ids.new_id()

        def entry(kind: str, text: str | None = None) -> Row:
            name = ids.new_id()
            sealed = seal.seal(name, text) if text else None
            by = {"staff_id": self.staff, "key_id": seal.key_id if text else None, "field": name}
            return Entry, {
                **same, **by, "kind": kind, "sealed": sealed, "made_at": moment, "once": None,
                "id": 3 * number + ("told", "opened", "note").index(kind),
            }  # fmt: skip

        yield [
            (Concern, {"id": number, "school_id": self.school, "reference": reference,
                       "idempotency_key": field, "pupil_id": "p", "class_id": "c",
                       "signed_in": True, "urgency": "today", "state": "open",
                       "told_at": moment, "canary": False}),
            (ConcernKey, {**same, "id": seal.key_id, "version": self.version,
                          "wrapped": seal.wrapped(self.public, self.version),
                          "made_at": moment}),
            (Words, {**same, "id": number, "key_id": seal.key_id, "field": field,
                     "sealed": seal.seal(field, said), "said_at": moment}),
            (ConcernPerson, {**same, "staff_id": self.staff, "because": "the child chose",
                             "since": moment}),
            entry("told"),
        ]  # fmt: skip
        view = {**same, "id": number, "staff_id": self.staff, "seen_at": moment}
        yield [(View, view), entry("opened")]
        yield [entry("note", "Rang home, and spoke with her after lunch.")]


def _opened(school_id: str) -> Iterator[tuple[str, str]]:
    """Everything that was told, opened one after another."""
    rows = db.session.query(
        Concern.reference, ConcernKey.id, ConcernKey.version, ConcernKey.wrapped,
        Words.field, Words.sealed,
    ).filter(
        Concern.school_id == school_id, ConcernKey.school_id == school_id,
        Words.school_id == school_id, Words.concern_id == Concern.id,
        ConcernKey.id == Words.key_id,
    )  # fmt: skip
    for reference, key_id, version, wrapped, field, sealed in rows.yield_per(500):
        seal = unwrap(school_id, reference, WrappedKey(key_id, version, wrapped))
        yield reference, read_spoken(seal.open(field, sealed)).words


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))

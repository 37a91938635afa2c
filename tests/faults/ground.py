"""The school that faults are done to: made once, copied for each, served by a real Catkin."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from time_machine import escape_hatch, travel

from app import create_app
from app.base import clock
from app.base.database import Store, engine_of, file_of
from app.base.post import MailServer
from app.config import ROOT, Settings
from app.prepare import prepare
from tests.faults.table import How
from tests.ground.running import Running
from tests.ground.storm import Assembly, assemble

WITHOUT = ("tests.faults.without",)
SPOOL, BALLAST = "spool", "ballast"
"""In the data folder: what waits for the store, and what is let go when the disk is full."""


@contextmanager
def _by_the_real_clock() -> Iterator[None]:
    """Also where the clock of a test stands still: what is served here lives by the real one."""
    with ExitStack() as stack:
        if escape_hatch.is_travelling():
            stack.enter_context(travel(escape_hatch.time.time(), tick=True))
        yield


@cache
def _first() -> tuple[Path, Assembly]:
    folder = Path(tempfile.mkdtemp(prefix="catkin-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with _by_the_real_clock():
        made = assemble(folder / "data", folder / "keys")
    for store in Store:
        with closing(sqlite3.connect(file_of(folder / "data", store))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder, made


@dataclass
class School:
    """A copy of the school, in a folder of its own."""

    folder: Path
    how: How
    assembly: Assembly

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    @property
    def keys(self) -> Path:
        """Its keys folder."""
        return self.folder / "keys"

    @property
    def id(self) -> str:
        """The school's id."""
        return self.assembly.desk.id

    @property
    def cookies(self) -> list[str]:
        """A signed cookie for each of its hundred pupils."""
        return list(self.assembly.cookies.values())

    @property
    def store(self) -> Path:
        """The file of what children told."""
        return file_of(self.data, Store.SAFEGUARDING)

    @contextmanager
    def served(self, *instead: str, **more: str) -> Iterator[Running]:
        """A Catkin on it, without the guard that is to be left out; ended with the block."""
        command = instead or ((*WITHOUT, self.how.without) if self.how.without else ("app",))
        running = Running.start(self.data, self.keys, command=command, **more)
        try:
            yield running
        finally:
            running.kill_all()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store of concerns answers."""
        with closing(sqlite3.connect(self.store, timeout=30)) as store:
            return store.execute(sql, values).fetchall()

    def count(self, table: str) -> int:
        """How many rows a table of the store has."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def references(self) -> set[str]:
        """Of every concern in the store that a child told."""
        return {str(one) for (one,) in self.rows("SELECT reference FROM concern WHERE NOT canary")}

    def doubled(self) -> int:
        """How many more pieces of words there are than concerns, either way."""
        pieces = "SELECT (SELECT count(*) FROM words w WHERE w.concern_id = c.id) FROM concern c"
        return sum(abs(int(n) - 1) for (n,) in self.rows(pieces))

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong with the file."""
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def spooled(self) -> int:
        """How many files wait in the spool."""
        folder = self.data / SPOOL
        waiting = (one for one in folder.rglob("*") if one.is_file()) if folder.is_dir() else ()
        return sum(not one.name.startswith(".") for one in waiting)

    def drained(self, wanted: set[str], *, seconds: float = 60) -> set[str]:
        """Wait till all these are in the store; those that are still missing then."""
        until(lambda: wanted <= self.references() and not self.spooled(), seconds)
        return wanted - self.references()

    def command(self, *words: str, typed: str = "", **more: str) -> tuple[int, str]:
        """`python -m app …` on it: the exit code, and all it said."""
        own = {"DATA_DIR": str(self.data), "KEYS_DIR": str(self.keys), **more}
        plain = ("tests.faults.hasty",) if self.how.quick else ("app",)
        module = (*WITHOUT, self.how.without) if self.how.without else plain
        done = subprocess.run(
            [sys.executable, "-m", *module, *words],
            cwd=ROOT, env={**os.environ, **own}, text=True, input=typed,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def app(self, mail: MailServer | None = None) -> Flask:
        """Catkin in this process, on these folders."""
        settings = Settings(data_dir=self.data, keys_dir=self.keys, mail=mail)
        return create_app(prepare(settings), testing=True)


@contextmanager
def a_school(how: How) -> Iterator[School]:
    """A copy that is gone after the block."""
    source, made = _first()
    with tempfile.TemporaryDirectory(prefix="catkin-faults-") as folder:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        school = School(Path(folder), how, made)
        with _by_the_real_clock():
            _seen_just_now(school)
        yield school


def _seen_just_now(school: School) -> None:
    """Whoever signed in when the school was made has not been idle since."""
    with closing(sqlite3.connect(file_of(school.data, Store.LEARNING))) as store:
        moment = clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")
        store.execute("UPDATE sign_in SET seen_at = ?", (moment,))
        store.commit()


@contextmanager
def in_process(school: School, mail: MailServer | None = None) -> Iterator[Flask]:
    """Catkin in this process, within its context; its connections are closed after."""
    app = school.app(mail)
    with app.app_context():
        try:
            yield app
        finally:
            for store in Store:
                engine_of(store).dispose()


def until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Wait for something; whether it came about in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.1)
    return is_so()

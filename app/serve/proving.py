"""The keeper's chore that watches the record: its guards, the clock, and once a day all of it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import current_app

from app.base import clock
from app.base.database import Store, file_of
from app.base.keys import KeyFolder, keys_here
from app.base.migrations import restore_guards
from app.base.once_alone import alone
from app.safeguarding import queries
from app.safeguarding.actions.look_now import worst_now
from app.safeguarding.actions.prove import keep_look
from app.safeguarding.at_start import GUARD_MISSING
from app.safeguarding.chain import CLOCK_BACK, CLOCK_FORWARD, note_down
from app.safeguarding.head_file import keep_heads
from app.safeguarding.held import plain
from app.safeguarding.kept_heads import heads_of_backups
from app.safeguarding.proof import Found, Known, fallen_guards, keys_of, look, of_file
from app.safeguarding.tables import TRIGGERS

AT_ONCE = 0.05
"""Seconds of a round that a look through the record may take: other chores wait behind it."""
GUARDS_EVERY = 60.0
PATIENCE = 60.0
"""For so many seconds a look waits for the backups; then it goes without their heads."""
JUMP = 60.0
"""Seconds by which the wall clock may go its own way before that is noted."""
AGAIN = timedelta(hours=1)
"""How long after a look that found a fault the record is looked through again."""


def since_boot() -> float:
    """Seconds that have truly passed: no clock moves them, and a computer's sleep is among them."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass
class _Look:
    """A look under way: its reading transaction, and where it has come to."""

    day: str
    file: sqlite3.Connection
    going: Iterator[Found]


class _Asked:
    """The heads of backups, asked for in a thread of its own: a share may never answer."""

    def __init__(self, school_id: str, data: Path, keys: KeyFolder, since: float) -> None:
        self.since, self.done = since, threading.Event()
        self.heads: list[Known] = []

        def ask() -> None:
            try:
                self.heads = list(heads_of_backups(data, keys, elsewhere=False))
            finally:
                self.done.set()

        alone(f"heads of backups {school_id}", ask)


@dataclass
class Proving:
    """What one keeper knows of each school: looks under way, and how the clocks stood."""

    passed: Callable[[], float] = since_boot
    _clocks: dict[str, tuple[float, float]] = field(default_factory=dict)
    _guarded: dict[str, float] = field(default_factory=dict)
    _looks: dict[str, _Look] = field(default_factory=dict)
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _settled: dict[str, tuple[str, float]] = field(default_factory=dict)

    def __call__(self, school_id: str) -> None:
        """One round."""
        self._watch_clock(school_id)
        self._watch_guards(school_id)
        self._look(school_id)

    def _watch_clock(self, school_id: str) -> None:
        moment, passed = clock.now(), self.passed()
        wall, before = self._clocks.get(school_id, (moment.timestamp(), passed))
        jump = (moment.timestamp() - wall) - (passed - before)
        self._clocks[school_id] = (moment.timestamp(), passed)
        if abs(jump) > JUMP:
            expected = plain(moment - timedelta(seconds=jump))
            kind = CLOCK_FORWARD if jump > 0 else CLOCK_BACK
            note_down(school_id, kind, f"from={expected} to={plain(moment)}")

    def _watch_guards(self, school_id: str) -> None:
        passed, data = self.passed(), _data()
        if passed - self._guarded.get(school_id, -GUARDS_EVERY) < GUARDS_EVERY:
            return
        with closing(_opened(data)) as file:
            fallen = fallen_guards(file)
        if fallen:
            for name in restore_guards(data, Store.SAFEGUARDING, TRIGGERS):
                note_down(school_id, GUARD_MISSING, f"name={name}")
        keep_heads(data, keys_here())
        self._guarded[school_id] = passed

    def _look(self, school_id: str) -> None:
        here = self._looks.get(school_id) or self._begun(school_id)
        if here is None:
            return
        ends, found = self.passed() + AT_ONCE, None
        try:
            while self.passed() < ends:
                found = next(here.going, None)
                if found is None or found.whole:
                    break
            else:
                return
            faults = [] if found is None else [*found.faults, *of_file(here.file)]
        except BaseException:
            self._looks.pop(school_id).file.close()
            raise
        self._looks.pop(school_id).file.close()
        keep_look(school_id, here.day, worst_now(faults))

    def _begun(self, school_id: str) -> _Look | None:
        day = clock.local(clock.now()).date().isoformat()
        known, till = self._settled.get(school_id, ("", 0.0))
        if known == day and self.passed() < till:
            return None
        last = queries.record.looked_on(school_id, day)
        rest = AGAIN.total_seconds()
        if last is not None and (last.works or abs(clock.now() - last.at) < AGAIN):
            self._settled[school_id] = (day, self.passed() + rest)
            return None
        asked = self._asked.pop(school_id, None) or _Asked(
            school_id, _data(), keys_here(), self.passed()
        )
        if not asked.done.wait(AT_ONCE) and self.passed() < asked.since + PATIENCE:
            self._asked[school_id] = asked
            return None
        self._settled[school_id] = (day, self.passed() + rest)
        heads = [head for head in asked.heads if head.school_id == school_id]
        file = _opened(_data())
        file.execute("BEGIN")
        made = _Look(day, file, look(file, school_id, keys_of(keys_here(), school_id), heads))
        self._looks[school_id] = made
        return made


def _data() -> Path:
    folder: Path = current_app.extensions["catkin"].folders.data
    return folder


def _opened(data: Path) -> sqlite3.Connection:
    address = f"{file_of(data, Store.SAFEGUARDING).absolute().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

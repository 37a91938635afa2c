"""The keeper's chore that watches the record: its guards, the clock, and once a day all of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import current_app

from app.base import clock
from app.base.database import Store, file_of
from app.base.keys import keys_here
from app.base.migrations import restore_guards
from app.safeguarding import queries
from app.safeguarding.actions.prove import keep_look
from app.safeguarding.at_start import GUARD_MISSING
from app.safeguarding.chain import CLOCK_BACK, CLOCK_FORWARD, note_down
from app.safeguarding.faults import Fault, What
from app.safeguarding.held import plain
from app.safeguarding.kept_heads import heads_of_backups
from app.safeguarding.proof import Found, fallen_guards, guards_of, keys_of, look
from app.safeguarding.tables import TRIGGERS

AT_ONCE = 0.05
"""Seconds of a round that a look through the record may take: other chores wait behind it."""
GUARDS_EVERY = 60.0
JUMP = 60.0
"""Seconds by which the wall clock may go its own way before that is noted."""
AGAIN = timedelta(hours=1)
"""How long after a look that found a fault the record is looked through again."""
FRESH = timedelta(days=7)
"""For so long links without a signature keep the page red; `data verify` names them for ever."""


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


@dataclass
class Proving:
    """What one keeper knows of each school: looks under way, and how the clocks stood."""

    passed: Callable[[], float] = since_boot
    _clocks: dict[str, tuple[float, float]] = field(default_factory=dict)
    _guarded: dict[str, float] = field(default_factory=dict)
    _looks: dict[str, _Look] = field(default_factory=dict)
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
            faults = [] if found is None else [*found.faults, *guards_of(here.file)]
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
        self._settled[school_id] = (day, self.passed() + rest)
        if last is not None and (last.works or abs(clock.now() - last.at) < AGAIN):
            return None
        data, keys = _data(), keys_of(keys_here(), school_id)
        heads = [
            head for head in heads_of_backups(data, elsewhere=False) if head.school_id == school_id
        ]
        file = _opened(data)
        file.execute("BEGIN")
        made = _Look(day, file, look(file, school_id, keys, heads))
        self._looks[school_id] = made
        return made


def worst_now(faults: list[Fault]) -> What | None:
    """What is worst of what calls for somebody today."""
    recent = plain(clock.now() - FRESH)
    kinds = {f.what for f in faults if f.what is not What.UNSIGNED or f.until >= recent}
    return next((what for what in What if what in kinds), None)


def _data() -> Path:
    folder: Path = current_app.extensions["catkin"].folders.data
    return folder


def _opened(data: Path) -> sqlite3.Connection:
    address = f"{file_of(data, Store.SAFEGUARDING).absolute().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

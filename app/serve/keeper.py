"""The one who looks after what must happen by itself: a thread in one worker at a time.

Every worker starts one, and the first to lock the file `keeper.lock` goes about its chores; the
others wait for the lock, which the system lets go of when its worker ends, however. Nobody waits
for this thread: not a Tell, not Ctrl-C. A chore that fails is tried again, and stops no other. What
children told is filed by a second thread, so that a chore that hangs does not stop that either.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from app.base.log_lines import note, trail
from app.base.running import hold_alone
from app.people.queries import schools
from app.safeguarding.actions.canary import keep_watch
from app.safeguarding.actions.drain import drain
from app.safeguarding.actions.holds import look_after_holds
from app.safeguarding.actions.paper import look_after_wraps
from app.safeguarding.queries.keys import learn_public_key
from app.safeguarding.room import look_after_ballast
from app.serve.ending import Ending
from app.serve.proving import Proving
from app.serve.striking import Striking

EVERY = 1.0
"""Seconds between two rounds; a chore that is not for each round looks at the clock itself."""
AFTER_A_FAULT = 30.0
"""Seconds for which a chore that failed is left alone, so that it does not fill the log."""

Chore = Callable[[str], None]
"""What is done for one school, in the app's context."""

CHORES: dict[str, Chore] = {
    "spool": drain,
    "ballast": look_after_ballast,
    "sign-ins": Ending(),
    "recovery": look_after_wraps,
    "keys": learn_public_key,
    "holds": look_after_holds,
    "canary": keep_watch,
    "strike": Striking(),
    "record": Proving(),
}
"""By the name that the log gives when one fails."""


OWN_THREAD = {"spool", "ballast"}
"""These touch nothing but the data folder, and wait for no other chore: one that looks at backups
hangs for as long as a share does not answer."""


@dataclass
class Keeper:
    """The thread, and what it goes about."""

    app: Flask
    chores: dict[str, Chore]
    every: float = EVERY
    ended: threading.Event = field(default_factory=threading.Event)
    """Set by whoever wants no more rounds, and does not end the process."""

    def begin(self) -> None:
        """Start the thread; it ends with its process."""
        threading.Thread(target=self._go, name="keeper", daemon=True).start()

    def _go(self) -> None:
        lock: Path = self.app.extensions["catkin"].folders.data / "keeper.lock"
        while not self._have(lock):
            time.sleep(self.every)
        for names in (self.chores.keys() & OWN_THREAD, self.chores.keys() - OWN_THREAD):
            chores = {name: chore for name, chore in self.chores.items() if name in names}
            threading.Thread(
                target=Keeper(self.app, chores, self.every, self.ended).go_round,
                name="keeper",
                daemon=True,
            ).start()

    def go_round(self) -> None:
        """Do these chores for ever."""
        rests: dict[tuple[str, str], float] = {}
        while not self.ended.is_set():
            self.round(rests)
            self.ended.wait(self.every)

    def _have(self, lock: Path) -> bool:
        try:
            return hold_alone(lock) is not None
        except OSError:
            return False

    def round(self, rests: dict[tuple[str, str], float]) -> None:
        """Each chore once for each school; `rests` says till when a failed one is left alone."""
        try:
            with self.app.app_context():
                known = schools.all_schools()
        except Exception as problem:
            self._say("schools", problem)
            return
        for school_id in known:
            for name, chore in self.chores.items():
                if rests.get((name, school_id), 0.0) > time.monotonic():
                    continue
                try:
                    with self.app.app_context():
                        chore(school_id)
                except Exception as problem:  # A database or a disk that is away ends no thread.
                    self._say(name, problem)
                    rests[name, school_id] = time.monotonic() + AFTER_A_FAULT

    def _say(self, name: str, problem: Exception) -> None:
        kind = trail(problem)
        note("keeper fault", f"{name}: {kind}", level=logging.ERROR, chore=name, kind=kind)

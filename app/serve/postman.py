"""The one who sends letters: a thread beside the answering ones, in one worker at a time.

Every worker starts one, and the first to lock the file `mail.lock` goes about its work; the others
wait for the lock, which the system lets go of when its worker ends, however. The thread holds no
gate while a letter is under way, and nobody waits for it: not a Tell, not Ctrl-C.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from app.base import clock
from app.base.log_lines import note, trail
from app.base.post import OF_THE_SERVER, MailServer, Outcome
from app.base.running import hold_alone
from app.people.queries import schools
from app.safeguarding.actions.mail import check_mail, send_next
from app.safeguarding.actions.prove import send_proof
from app.safeguarding.mailing import CHECK_EVERY, Misses

EVERY = 3.0
"""Seconds between two looks at what waits."""
AFTER_A_FAULT = 30.0
"""The same after a fault of ours, so that it does not fill the log."""


@dataclass
class Postman:
    """What one thread knows: how the mail server has treated it, school by school."""

    app: Flask
    server: MailServer
    every: float = EVERY
    misses: dict[str, Misses] = field(default_factory=dict)
    checked: dict[str, datetime] = field(default_factory=dict)

    def begin(self) -> None:
        """Start the thread; it ends with its process."""
        threading.Thread(target=self._go, name="postman", daemon=True).start()

    def _go(self) -> None:
        lock: Path = self.app.extensions["catkin"].folders.data / "mail.lock"
        while not self._without_fail(lambda: hold_alone(lock) is not None):
            time.sleep(self.every)
        while True:
            time.sleep(self.every if self._without_fail(self.round) else AFTER_A_FAULT)

    def _without_fail(self, do: Callable[[], bool]) -> bool:
        """A database or a disk that is away must not end the thread."""
        try:
            return do()
        except Exception as problem:
            kind = trail(problem)
            note("mail fault", f"mail: {kind}", level=logging.ERROR, kind=kind)
            return False

    def round(self) -> bool:
        """Send whatever is due in each school, and try the mail server when it is time."""
        with self.app.app_context():
            known = schools.all_schools()
        for school_id in known:
            self._try_server(school_id)
            self._send_all(school_id)
        return True

    def _try_server(self, school_id: str) -> None:
        moment, last = clock.now(), self.checked.get(school_id)
        if last is not None and abs(moment - last) < CHECK_EVERY:
            return
        self.checked[school_id] = moment
        with self.app.app_context():
            outcome = check_mail(school_id, self.server)
        # What came of letters is never logged: a log must not tell when something was told.
        if outcome is not Outcome.SENT:
            says = outcome.value
            note("mail", f"mail: {says}", level=logging.WARNING, outcome=says)

    def _send_all(self, school_id: str) -> None:
        """One letter after another, as long as the server takes them."""
        misses = self.misses.get(school_id, Misses())
        while not misses.rest(clock.now()):
            try:
                with self.app.app_context():
                    outcome = send_next(school_id, self.server)
                    if outcome is None:
                        outcome = send_proof(school_id, self.server)
            except Exception:
                self.misses[school_id] = misses.and_one(clock.now())
                raise
            if outcome is None:
                return
            misses = misses.and_one(clock.now()) if outcome in OF_THE_SERVER else Misses()
            self.misses[school_id] = misses

"""The keeper's chore after an erasure: to strike its keys from the backups, one at a time."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from functools import partial

from flask import Flask, current_app

from app.base.log_lines import note, trail
from app.base.once_alone import alone
from app.safeguarding.actions.strike import erasures, strike_backups

EVERY = 300.0
"""Seconds between two looks where nothing was erased since: a stick may be back in its place."""


@dataclass
class Striking:
    """What one thread remembers: how much was erased when it last looked, and when to look."""

    seen: dict[str, int] = field(default_factory=dict)
    look_at: dict[str, float] = field(default_factory=dict)

    def __call__(self, school_id: str) -> None:
        """Strike one backup, if it is time to look; in the next round the next.

        In a thread of its own: a stick or a share that hangs must not keep the spool waiting.
        """
        erased = len(erasures(school_id))
        early = self.look_at.get(school_id, 0.0) > time.monotonic()
        if not erased or (early and self.seen.get(school_id) == erased):
            return
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        alone(f"strike {school_id}", partial(self._strike, app, school_id, erased))

    def _strike(self, app: Flask, school_id: str, erased: int) -> None:
        try:
            with app.app_context():
                more = strike_backups(school_id, app.extensions["catkin"].folders.data)
        except Exception as problem:
            kind = trail(problem)
            note("strike fault", f"strike: {kind}", level=logging.ERROR, kind=kind)
            self.look_at[school_id] = time.monotonic() + EVERY
            return
        self.seen[school_id] = erased
        self.look_at[school_id] = time.monotonic() + (0.0 if more else EVERY)

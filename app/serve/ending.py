"""The keeper's chore of ending the sign-ins that were left, at its first round and each minute."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from app.people.actions.left_signed_in import end_left

EVERY = 60.0
"""Seconds between two looks."""


@dataclass
class Ending:
    """What one thread remembers: when to look again."""

    look_at: dict[str, float] = field(default_factory=dict)

    def __call__(self, school_id: str) -> None:
        """End what was left, if it is time to look."""
        if self.look_at.get(school_id, 0.0) > time.monotonic():
            return
        end_left(school_id)
        self.look_at[school_id] = time.monotonic() + EVERY

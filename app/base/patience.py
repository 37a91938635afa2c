"""How long a child who tells waits for a database: one moment in all, and briefly after a failure.

A store that could not be written a moment ago is most likely still away. So the next ones in this
process ask it only briefly, until it answers again, and what they bring goes to the spool.
"""

from __future__ import annotations

from time import perf_counter

from flask import current_app, g, has_request_context

PRESS = 1.5
"""Seconds that a press of a child waits for the store, whatever it does there."""
BRIEF = 0.05
"""The same while the store is known to be away; also what is left for the last step of a press."""
REMEMBERED = 5.0
"""Seconds for which a failure is remembered."""


class Patience:
    """What this process knows of the store in which children tell."""

    def __init__(self) -> None:
        self._away_until = 0.0

    @property
    def is_short(self) -> bool:
        """Whether the store was away a moment ago."""
        return perf_counter() < self._away_until

    def left(self) -> float:
        """Seconds that this press may still wait, counted from its first question on."""
        if self.is_short:
            return BRIEF
        if not has_request_context():
            return PRESS
        ends: float = g.setdefault("press_ends", perf_counter() + PRESS)
        return max(BRIEF, ends - perf_counter())

    def failed(self) -> None:
        """Remember that the store is away."""
        self._away_until = perf_counter() + REMEMBERED

    def worked(self) -> None:
        """Remember that it answers."""
        self._away_until = 0.0


def patience_here() -> Patience:
    """That of the current app in this process."""
    found: Patience = current_app.extensions["catkin_patience"]
    return found

"""The hour; the two schools are in worlds.py, for the tests that attack them too."""

from __future__ import annotations

from tests.still import clock

__all__ = ["clock"]

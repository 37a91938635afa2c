"""The hour; the two schools are those of the contracts."""

from __future__ import annotations

from tests.still import clock

__all__ = ["clock"]

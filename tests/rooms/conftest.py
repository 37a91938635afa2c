"""Every test of this folder at ten on a school day."""

from tests.still import clock

__all__ = ["clock"]

"""The three pictures a pupil signs in with: drawn by the app, kept only as a keyed fingerprint."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from app.base.ids import keyed_fingerprint

PICTURES = (
    "kite",
    "boat",
    "cake",
    "sock",
    "umbrella",
    "ball",
    "apple",
    "star",
    "moon",
    "fish",
    "bell",
    "rocket",
)
HOW_MANY = 3


def draw() -> tuple[str, ...]:
    """Three different pictures, in order, that nobody could foretell."""
    left = list(PICTURES)
    return tuple(left.pop(secrets.randbelow(len(left))) for _ in range(HOW_MANY))


def grid_for(key: bytes, pupil_id: str) -> tuple[str, ...]:
    """The order in which one pupil always sees the pictures; another pupil sees another order."""
    return tuple(sorted(PICTURES, key=lambda name: keyed_fingerprint(key, "grid", pupil_id, name)))


def kept_form(key: bytes, school_id: str, pupil_id: str, pictures: Sequence[str]) -> str:
    """What is kept of a pupil's pictures: HMAC(key, school | pupil | pictures in order)."""
    return keyed_fingerprint(key, school_id, pupil_id, *pictures)

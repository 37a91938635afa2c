"""The desk door: concerns, for the adults who may see each of them."""

from app.doors.desk import (
    about,
    concern,
    concerns,
    erasing,
    handling,
    proof,
    review,
    step_up,
    views,
    works,
)
from app.doors.desk.door import door

__all__ = [
    "about",
    "concern",
    "concerns",
    "door",
    "erasing",
    "handling",
    "proof",
    "review",
    "step_up",
    "views",
    "works",
]

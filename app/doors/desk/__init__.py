"""The desk door: concerns, for the adults who may see each of them."""

from app.doors.desk import concern, concerns, erasing, handling, proof, review, step_up, works
from app.doors.desk.door import door

__all__ = [
    "concern",
    "concerns",
    "door",
    "erasing",
    "handling",
    "proof",
    "review",
    "step_up",
    "works",
]

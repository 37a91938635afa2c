"""The office's door: setting up the school, its people, its classes and their pupils."""

from app.doors.office import (
    adult,
    classes,
    confirm,
    facts,
    families,
    health,
    names,
    newcomers,
    people,
    pupil,
    ready,
    recovery_key,
    set_up,
    steps,
)
from app.doors.office.door import door

__all__ = [
    "adult",
    "classes",
    "confirm",
    "door",
    "facts",
    "families",
    "health",
    "names",
    "newcomers",
    "people",
    "pupil",
    "ready",
    "recovery_key",
    "set_up",
    "steps",
]

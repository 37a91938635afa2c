"""The pupils' door: signing in, the map, lessons, quizzes, telling and My notes."""

from app.doors.pupil import (
    cards,
    certificate,
    lessons,
    notes,
    pictures,
    quizzes,
    sign_in,
    tell,
    text,
    what_i_can_do,
)
from app.doors.pupil import map as the_map
from app.doors.pupil.door import door

__all__ = [
    "cards",
    "certificate",
    "door",
    "lessons",
    "notes",
    "pictures",
    "quizzes",
    "sign_in",
    "tell",
    "text",
    "the_map",
    "what_i_can_do",
]

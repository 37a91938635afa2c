"""The pupils' door: signing in, the map, lessons, quizzes, telling and My notes."""

from app.doors.pupil import cards, lessons, notes, pictures, quizzes, sign_in, tell, text
from app.doors.pupil import map as the_map
from app.doors.pupil.door import door

__all__ = [
    "cards",
    "door",
    "lessons",
    "notes",
    "pictures",
    "quizzes",
    "sign_in",
    "tell",
    "text",
    "the_map",
]

"""The teachers' door: signing in, joining, Today, classes and their grids, and the lessons."""

from app.doors.teacher import (
    board,
    classes,
    covering,
    first_moves,
    join,
    kept,
    lessons,
    printing,
    progress,
    sign_in,
    today,
    workshops,
)
from app.doors.teacher.door import door

__all__ = [
    "board",
    "classes",
    "covering",
    "door",
    "first_moves",
    "join",
    "kept",
    "lessons",
    "printing",
    "progress",
    "sign_in",
    "today",
    "workshops",
]

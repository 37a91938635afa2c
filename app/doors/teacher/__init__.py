"""The teachers' door: signing in, joining, Today, classes and their grids, and the lessons."""

from app.doors.teacher import (
    account,
    board,
    classes,
    covering,
    first_moves,
    join,
    kept,
    lessons,
    my_sign_ins,
    own_address,
    passkeys,
    printing,
    progress,
    second_step,
    sign_in,
    today,
    workshops,
)
from app.doors.teacher.door import door

__all__ = [
    "account",
    "board",
    "classes",
    "covering",
    "door",
    "first_moves",
    "join",
    "kept",
    "lessons",
    "my_sign_ins",
    "own_address",
    "passkeys",
    "printing",
    "progress",
    "second_step",
    "sign_in",
    "today",
    "workshops",
]

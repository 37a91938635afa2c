"""The teachers' door: signing in, joining, Today, and the page of a class."""

from app.doors.teacher import classes, join, kept, printing, sign_in, today
from app.doors.teacher.door import door

__all__ = ["classes", "door", "join", "kept", "printing", "sign_in", "today"]

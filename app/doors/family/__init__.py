"""The door for families: by the school's code, with no account and no child behind it."""

from app.doors.family import ages, agreement, blocking, helping, home, joining, talk
from app.doors.family.door import door

__all__ = ["ages", "agreement", "blocking", "door", "helping", "home", "joining", "talk"]

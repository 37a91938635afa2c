"""The workshop door: phones in a hall, without a name and without an account."""

from app.doors.workshop import phones
from app.doors.workshop.door import door

__all__ = ["door", "phones"]

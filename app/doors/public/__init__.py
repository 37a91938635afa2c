"""The public door: the first page and the health of the installation."""

from app.doors.public import health, start
from app.doors.public.door import door

__all__ = ["door", "health", "start"]

"""The public door: the first page, where families get help, and the health of it all."""

from app.doors.public import families, health, icons, start
from app.doors.public.door import door

__all__ = ["door", "families", "health", "icons", "start"]

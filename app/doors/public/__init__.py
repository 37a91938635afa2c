"""The public door: the first page, where families get help, the papers, and health."""

from app.doors.public import families, health, icons, papers, start
from app.doors.public.door import door

__all__ = ["door", "families", "health", "icons", "papers", "start"]

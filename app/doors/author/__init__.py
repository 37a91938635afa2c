"""The authors' door, in a preview alone: every piece as a pupil sees it, from any place in it."""

from app.doors.author import pages
from app.doors.author.door import door
from app.doors.author.shelf import Shelf, prepare_shelf

__all__ = ["Shelf", "door", "pages", "prepare_shelf"]

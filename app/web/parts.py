"""What the app was started with, for the doors: catalogue, keys, settings."""

from __future__ import annotations

from datetime import date

from flask import current_app

from app.base import clock
from app.base.keys import keys_here as keys
from app.content.catalogue import Catalogue, on_day
from app.content.editions import Editions

__all__ = ["catalogue", "editions", "keys", "setup_code"]


def catalogue() -> Catalogue:
    """The lessons and quizzes in use today, made once a day."""
    read: Catalogue = current_app.extensions["catkin"].catalogue
    today = clock.local(clock.now()).date()
    kept: tuple[Catalogue, date, Catalogue] | None = current_app.extensions.get("catkin_today")
    if kept is None or kept[0] is not read or kept[1] != today:
        kept = (read, today, on_day(read, today))
        current_app.extensions["catkin_today"] = kept
    return kept[2]


def editions() -> Editions:
    """The texts that runs began with."""
    found: Editions = current_app.extensions["catkin"].editions
    return found


def setup_code() -> str | None:
    """The one-time code for setting up from another computer."""
    code: str | None = current_app.extensions["catkin"].setup_code
    return code

"""What the app was started with, for the doors: catalogue, keys, settings."""

from __future__ import annotations

from flask import current_app

from app.base.keys import keys_here as keys
from app.content.catalogue import Catalogue
from app.content.editions import Editions

__all__ = ["catalogue", "editions", "keys", "setup_code"]


def catalogue() -> Catalogue:
    """The lessons and quizzes in use."""
    found: Catalogue = current_app.extensions["catkin"].catalogue
    return found


def editions() -> Editions:
    """The texts that runs began with."""
    found: Editions = current_app.extensions["catkin"].editions
    return found


def setup_code() -> str | None:
    """The one-time code for setting up from another computer."""
    code: str | None = current_app.extensions["catkin"].setup_code
    return code

"""What telling does where the disk is full: it lets the ballast go, and tries once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flask import current_app

from app.base import ballast
from app.base.disks import is_full
from app.base.errors import StoreAway

Kept = TypeVar("Kept")


def data_here() -> Path:
    """The data folder of the current app."""
    folder: Path = current_app.extensions["catkin"].folders.data
    return folder


def no_room(problem: BaseException) -> bool:
    """Whether it failed because the disk is full."""
    return ballast.wants_room(problem, data_here())


def with_room(keep: Callable[[], Kept]) -> Kept:
    """Keep something; where the disk is full, once more without the ballast."""
    try:
        return keep()
    except (OSError, StoreAway) as problem:
        if not (no_room(problem) and ballast.let_go(data_here())):
            raise
    return keep()


def kept_as_file(keep: Callable[[], Kept]) -> Kept:
    """The same for a file of the spool; StoreAway where the disk takes none."""
    try:
        return with_room(keep)
    except OSError as problem:
        why = ballast.FULL if is_full(problem) else "unable to open the spool"
        raise StoreAway(why) from problem


def look_after_ballast(school_id: str) -> None:  # noqa: ARG001  # One disk for all schools.
    """Put the ballast back as soon as there is room."""
    if ballast.is_away(data_here()):
        ballast.lay(data_here())

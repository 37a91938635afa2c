"""Between the password and the code: where an adult is led, and what a code is checked against."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, url_for

from app.base import clock
from app.base.errors import KeyMissing
from app.people.actions import second_step
from app.people.queries import second_step as found
from app.people.second_step import KEY, unseal
from app.web.parts import keys
from app.web.viewer import half_here


def asks_here() -> bool:
    """Whether anybody is asked for a second step; the pretend school has no phones."""
    return not current_app.extensions["catkin"].settings.demo


def way_on(path: str) -> str:
    """The page, or what stands before it: the code, or setting up the app that shows one."""
    half = half_here()
    if half is None:
        return path
    return url_for("teacher.code" if half.is_set_up else "teacher.second_step", after=path)


def key_is_away(school_id: str, staff_id: str) -> bool:
    """Whether no code of this adult's app can be checked just now."""
    kept = found.step(school_id, staff_id)
    try:
        if kept is not None:
            unseal(keys().read(KEY), kept.sealed, school_id, staff_id)
    except KeyMissing:
        return True
    return False


def app_code_fits(school_id: str, staff_id: str, typed: str) -> bool:
    """Whether it is a code of the adult's app; none is while the key is away."""
    try:
        return second_step.code_fits(keys().read(KEY), school_id, staff_id, typed, clock.now())
    except KeyMissing:
        return False


def rests_until(staff_id: str) -> datetime | None:
    """Until when no code of this adult is looked at, as a clock of whole minutes may promise it."""
    rest = found.step_rest(staff_id, clock.now())
    return rest.until + timedelta(seconds=59) if rest and rest.until else None

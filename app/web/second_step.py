"""Between the password and the code: where an adult is led, and what a code is checked against."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, session, url_for

from app.base import clock
from app.base.errors import KeyMissing, StoreAway
from app.people.actions import second_step
from app.people.queries import second_step as found
from app.people.second_step import KEY, unseal
from app.people.viewers import StaffHere
from app.web.log_sign_ins import Event, note_adult
from app.web.parts import keys
from app.web.viewer import half_here, viewer_here

BY_PAPER = "by_paper"
"""In the browser session: that this sign-in began with a recovery code; it goes with it."""


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
    moment = clock.now()
    rests = found.step_rest(staff_id, moment) is not None
    try:
        fits = second_step.code_fits(keys().read(KEY), school_id, staff_id, typed, moment)
    except KeyMissing:
        note_adult("sign-in refused", school_id, staff_id, why="key away")
        return False
    return _noted("code right", school_id, staff_id, fits=fits, rests=rests)


def paper_code_fits(school_id: str, staff_id: str, typed: str) -> bool:
    """Whether it is a recovery code of the adult that was not used yet."""
    moment = clock.now()
    rests = found.step_rest(staff_id, moment) is not None
    fits = second_step.recovery_code_fits(school_id, staff_id, typed, moment)
    return _noted("recovery code right", school_id, staff_id, fits=fits, rests=rests)


def _noted(right: Event, school_id: str, staff_id: str, *, fits: bool, rests: bool) -> bool:
    if fits:
        note_adult(right, school_id, staff_id)
    else:
        note_adult("sign-in refused", school_id, staff_id, why="resting" if rests else "wrong code")
    return fits


def remember_paper() -> None:
    """Where a sign-in has just begun with a recovery code: its pages say so until another phone."""
    if isinstance(viewer_here(), StaffHere):
        session[BY_PAPER] = True


def paper_left() -> int | None:
    """How many recovery codes are left to whoever came in with one; None for all others."""
    here = viewer_here() if BY_PAPER in session else None
    if not isinstance(here, StaffHere):
        return None
    try:
        return found.codes_left(here.school_id, here.id)
    except StoreAway:
        return None


def rests_until(staff_id: str) -> datetime | None:
    """Until when no code of this adult is looked at, as a clock of whole minutes may promise it."""
    rest = found.step_rest(staff_id, clock.now())
    return rest.until + timedelta(seconds=59) if rest and rest.until else None

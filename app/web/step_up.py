"""The password once more before any concern opens: a screen left alone opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.base import clock
from app.people.actions import password_tries, sign_ins
from app.people.passwords import proves
from app.people.queries.password_tries import own_key, password_of, password_rest
from app.people.viewers import StaffHere
from app.web.forms import CatkinForm, password
from app.web.log_sign_ins import note_adult
from app.web.viewer import renew, the_adult

LASTS = timedelta(minutes=10)
"""How long a confirmed password opens concerns, on this one sign-in."""


class StepUpForm(CatkinForm):
    """The viewer's own password."""

    password = password("Password", "Type your password.")


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try went: it fitted; or it did not, and perhaps the account has to rest."""

    fits: bool
    rests_until: datetime | None = None


def is_stepped_up(viewer: StaffHere) -> bool:
    """Whether concerns open: a second step on this sign-in, the password not long ago."""
    return viewer.second_step_at is not None and password_is_fresh(viewer)


def password_is_fresh(viewer: StaffHere) -> bool:
    """Whether the password was confirmed on this sign-in, not long ago."""
    return _is_fresh(viewer.stepped_up_at)


def password_is_new(viewer: StaffHere) -> bool:
    """The same, or whether it was given not long ago to sign in."""
    return password_is_fresh(viewer) or _is_fresh(viewer.began_at)


def code_is_fresh(viewer: StaffHere) -> bool:
    """The same for a code of the second step."""
    return _is_fresh(viewer.second_step_at)


def _is_fresh(at: datetime | None) -> bool:
    return at is not None and timedelta(0) <= clock.now() - at < LASTS


def try_password(typed: str) -> Tried:
    """Confirm the viewer's password: concerns open on this sign-in, which has another token."""
    viewer, tried = the_adult(), is_own_password(typed)
    if tried.fits:
        note_adult("password right", viewer.school_id, viewer.id)
        sign_ins.step_up(viewer.school_id, viewer.sign_in, clock.now())
        renew()
    return tried


def is_own_password(typed: str) -> Tried:
    """Whether it is the viewer's; misses rest as at the door, but are counted by this sign-in.

    At the door anybody can type an adult's address, and keep that count at rest for as long as
    they like. Here it would keep the whole team from every concern.
    """
    viewer, moment = the_adult(), clock.now()
    key = own_key(viewer.sign_in)
    rest = password_tries.claim_password_try(key, moment)
    if rest is None and proves(typed, password_of(viewer.school_id, viewer.id)):
        password_tries.password_fitted(key)
        return Tried(fits=True)
    note_adult(
        "sign-in refused", viewer.school_id, viewer.id, why="resting" if rest else "wrong password"
    )
    rest = rest or password_rest(key, moment)
    # Clocks show whole minutes: the next one, so that the try it promises is not too early.
    until = rest.until + timedelta(seconds=59) if rest and rest.until else None
    return Tried(fits=False, rests_until=until)

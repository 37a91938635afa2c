"""Signing in and out over flask-login; a sign-in is a revocable row, never only a cookie."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.base import clock, ids
from app.base.errors import StoreAway
from app.people.actions import sign_ins
from app.people.queries import sign_ins as found
from app.people.rules import IDLE
from app.people.viewers import PupilHere, StaffHere

TOUCH = timedelta(seconds=60)
"""How stale "last seen" may grow before it is written again."""
AT_ONCE = 0.05
"""Seconds that may go by for what may be left out: telling never waits for the store of lessons."""
DEVICE = ("class_pass", "code_page")
"""What belongs to the device and not to who is signed in on it."""
TELLS = "pupil.tell"
"""How the endpoints of Tell begin."""
LOOKS_BY_ITSELF = frozenset({"pupil.still_here", "teacher.still_here", "teacher.workshop_now"})
"""Pages that open by themselves: they do not show that anybody is there, unless a hand asked."""


class Viewer(UserMixin):
    """What flask-login carries: the token of a sign-in and who it belongs to."""

    def __init__(self, token: str, here: PupilHere | StaffHere) -> None:
        self.token = token
        self.here = here

    def get_id(self) -> str:
        """The random token; its fingerprint finds the row, which can be ended elsewhere."""
        return self.token


def load_viewer(token: str) -> Viewer | None:
    """Who a token belongs to now; None once it ended, was left idle, or its person left."""
    try:
        here = found.signed_in(ids.fingerprint(token))
    except StoreAway:
        if not (request.endpoint or "").startswith(TELLS):
            raise
        return None  # A child tells without a name rather than not at all.
    if here is None:
        return None
    moment = clock.now()
    quiet = moment - here.seen_at
    kind = "pupil" if isinstance(here, PupilHere) else "staff"
    if quiet > IDLE[kind] or quiet < -TOUCH:
        with suppress(StoreAway):  # Left so long, it counts for nothing whether it is ended or not.
            sign_ins.end_sign_in(here.school_id, here.sign_in, within=AT_ONCE)
        g.left_idle = kind
        return None
    if quiet > TOUCH and not _looks_by_itself():
        with suppress(StoreAway):
            sign_ins.touch_sign_in(here.school_id, here.sign_in, moment, within=AT_ONCE)
    return Viewer(token, here)


def _looks_by_itself() -> bool:
    by = request.args.get("by", "itself" if request.endpoint in LOOKS_BY_ITSELF else "hand")
    return by == "itself"


def prepare_viewers(app: Flask) -> None:
    """Put flask-login into the app, without remember-me and without address binding."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load_viewer)
    # Its own way into templates would ask the database on every page, error pages too.
    manager.init_app(app, add_context_processor=False)


def sign_in(token: str) -> None:
    """Begin a signed-in browser session afresh: nothing of an earlier one survives."""
    earlier = viewer_here()
    if earlier is not None:
        sign_ins.end_sign_in(earlier.school_id, earlier.sign_in)
    kept = {key: session[key] for key in (*DEVICE, "unsent") if key in session}
    session.clear()
    session.update(kept)
    viewer = load_viewer(token)
    if viewer is not None:
        login_user(viewer)


def sign_out() -> None:
    """End the sign-in everywhere and forget this browser session, all but its class."""
    here = viewer_here()
    if here is not None:
        sign_ins.end_sign_in(here.school_id, here.sign_in)
    logout_user()
    kept = {key: session[key] for key in DEVICE if key in session}
    session.clear()
    session.update(kept)


def viewer_here() -> PupilHere | StaffHere | None:
    """Whoever is signed in on this request."""
    user = current_user._get_current_object()
    return user.here if user.is_authenticated else None


def the_pupil() -> PupilHere:
    """The pupil whom the guard has admitted."""
    here = viewer_here()
    assert isinstance(here, PupilHere)
    return here


def the_adult() -> StaffHere:
    """The adult whom the guard has admitted."""
    here = viewer_here()
    assert isinstance(here, StaffHere)
    return here

"""Signing in and out over flask-login; a sign-in is a revocable row, never only a cookie."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.base import clock, ids
from app.base.errors import StoreAway
from app.people.actions import own_sign_ins, sign_ins
from app.people.queries import second_step
from app.people.queries import sign_ins as found
from app.people.queries.second_step import HalfHere
from app.people.rules import IDLE, LONGEST
from app.people.second_step import LASTS, WAITS
from app.people.viewers import PupilHere, StaffHere
from app.web.bound import device_here, place_of
from app.web.door_pass import vouch_for
from app.web.log_sign_ins import Why, note_adult

TOUCH = timedelta(seconds=60)
"""How stale "last seen" may grow before it is written again."""
AT_ONCE = 0.05
"""Seconds that may go by for what may be left out: telling never waits for the store of lessons."""
FOR_GOOD = 1.0
"""Seconds that a page may wait to end a sign-in that was left, or that lies ahead of the clock."""
DEVICE = ("class_pass", "code_page")
"""What belongs to the device and not to who is signed in on it."""
HALF = "half_sign_in"
"""In the browser session: the token of a sign-in that lacks its second step."""
TELLS = "pupil.tell"
"""How the endpoints of Tell begin."""
LOOKS_BY_ITSELF = frozenset({"pupil.still_here", "teacher.still_here", "teacher.workshop_now"})
"""Pages that open by themselves: they do not show that anybody is there, unless a hand asked."""


Here = PupilHere | StaffHere | HalfHere


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
        if not _telling():
            raise
        return None  # A child tells without a name rather than not at all.
    if here is None:
        return None
    moment = clock.now()
    if _is_over(here, moment) or _is_elsewhere(here, moment):
        return None
    _touch(here, moment)
    return Viewer(token, here)


def _touch(here: Here, moment: datetime) -> None:
    if moment - here.seen_at > TOUCH and not _looks_by_itself():
        with suppress(StoreAway):
            sign_ins.touch_sign_in(here.school_id, here.sign_in, moment, within=AT_ONCE)


def _is_over(here: Here, moment: datetime) -> bool:
    """Whether its time is over, or it lies ahead of the clock; then it is ended."""
    why = _why_over(here, moment)
    if why is None:
        return False
    # It counts for nothing now; ended, it counts for nothing under another clock either.
    with suppress(StoreAway):
        sign_ins.end_sign_in(here.school_id, here.sign_in, within=_patience())
    if isinstance(here, PupilHere):
        g.left_idle = "pupil"
        return True
    if isinstance(here, StaffHere) and why != "too long":
        g.left_idle = "staff"
    note_adult("sign-in ended", here.school_id, here.id, why=why)
    return True


def _why_over(here: Here, moment: datetime) -> Why | None:
    quiet = moment - here.seen_at
    if quiet < -TOUCH:
        return "ahead of the clock"
    if isinstance(here, PupilHere):
        return "left" if quiet > IDLE["pupil"] else None
    idle, longest = IDLE["staff"], LONGEST
    if isinstance(here, HalfHere):
        idle, longest = WAITS if here.is_set_up else LASTS, LASTS
    if quiet > idle:
        return "left"
    return "too long" if here.began_at and moment - here.began_at >= longest else None


def _is_elsewhere(here: Here, moment: datetime) -> bool:
    """Whether an adult's token came from another device or network; then it is ended for good.

    Also where that cannot be written just now, nothing opens. The first request binds.
    """
    if isinstance(here, PupilHere):
        return False
    which, place, bound = (here.school_id, here.sign_in), place_of(here), here.bound
    with suppress(StoreAway):
        if bound is None:
            bound = own_sign_ins.bind(*which, place, device=device_here(), within=_patience())
        if bound is not None and not ids.same(bound, place):
            own_sign_ins.end_used_elsewhere(*which, moment, within=_patience())
            note_adult("sign-in ended", here.school_id, here.id, why="used elsewhere")
    return bound is not None and not ids.same(bound, place)


def _patience() -> float:
    return AT_ONCE if _telling() else FOR_GOOD


def _telling() -> bool:
    return (request.endpoint or "").startswith(TELLS)


def _looks_by_itself() -> bool:
    by = request.args.get("by", "itself" if request.endpoint in LOOKS_BY_ITSELF else "hand")
    return by == "itself"


def prepare_viewers(app: Flask) -> None:
    """Put flask-login into the app, without remember-me and its own binding."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load_viewer)
    # Its own way into templates would ask the database on every page, error pages too.
    manager.init_app(app, add_context_processor=False)


def sign_in(token: str) -> None:
    """Begin a signed-in browser session afresh: nothing of an earlier one survives.

    A sign-in that lacks its second step signs nobody in: its token waits apart.
    """
    _end_here()
    kept = {key: session[key] for key in (*DEVICE, "unsent") if key in session}
    session.clear()
    session.update(kept)
    viewer = load_viewer(token)
    if viewer is None:
        session[HALF] = token
        half_here()  # It is bound from now on, before its page is asked for.
        return
    login_user(viewer)
    if isinstance(viewer.here, StaffHere):
        vouch_for(viewer.here)
        note_adult("signed in", viewer.here.school_id, viewer.here.id)


def renew() -> None:
    """Another token for this adult's sign-in: one that was known before opens no more than it did.

    All else stays, so forms on other pages of this browser still go through.
    """
    here = the_adult()
    token = own_sign_ins.renew(here.school_id, here.sign_in)
    viewer = load_viewer(token) if token else None
    if viewer is not None:
        login_user(viewer)


def _end_here() -> None:
    """End the sign-in of this browser, and the one that waits for its second step."""
    for here in (viewer_here(), half_here()):
        if here is not None:
            sign_ins.end_sign_in(here.school_id, here.sign_in)
        if isinstance(here, StaffHere | HalfHere):
            note_adult("sign-in ended", here.school_id, here.id, why="by hand")
    logout_user()


def sign_out() -> None:
    """End the sign-in everywhere and forget this browser session, all but its class."""
    _end_here()
    kept = {key: session[key] for key in DEVICE if key in session}
    session.clear()
    session.update(kept)


def viewer_here() -> PupilHere | StaffHere | None:
    """Whoever is signed in on this request."""
    user = current_user._get_current_object()
    return user.here if user.is_authenticated else None


def half_here() -> HalfHere | None:
    """The adult of whom this browser has given the password and nothing more yet."""
    token, moment = session.get(HALF), clock.now()
    half = second_step.half_here(str(token)) if token else None
    if half is None or _is_over(half, moment) or _is_elsewhere(half, moment):
        return None
    _touch(half, moment)
    return half


def gave_no_code() -> bool:
    """Whether a password was given in this browser, and what it began has ended without a code."""
    return HALF in session and half_here() is None


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

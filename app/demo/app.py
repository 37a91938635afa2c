"""Catkin as the demo serves it: with a page of sign-ins, and a banner on every page."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from flask import Flask, current_app, request

from app import create_app
from app.base import clock
from app.base.errors import StoreAway
from app.demo.door import door
from app.demo.families import keep_ready
from app.demo.kept import Demo, read_demo
from app.people.actions.sign_ins import open_class
from app.people.queries import classes
from app.people.queries.classes import ClassFacts
from app.prepare import Prepared

COOKIE, FAMILY_COOKIE = "catkin-demo", "catkin-demo-family"
DEVICE_COOKIE = "catkin-demo-device"
"""Names of their own: cookies know no ports, and whoever is in at the school stays so."""
OPENED = "catkin_demo_opened"


def demo_app(prepared: Prepared, *, testing: bool = False) -> Flask:
    """The app; `demo` is known to every template."""
    app = create_app(prepared, testing=testing)
    app.config["SESSION_COOKIE_NAME"] = COOKIE
    app.config["FAMILY_COOKIE_NAME"] = FAMILY_COOKIE
    app.config["DEVICE_COOKIE_NAME"] = DEVICE_COOKIE
    app.register_blueprint(door)
    known = read_demo(prepared.folders.data)
    app.extensions["catkin_demo"] = known
    app.context_processor(lambda: {"demo": known})
    app.before_request(_open_for_the_day)
    return app


def open_up(app: Flask) -> None:
    """Open every class as its teacher does, also where somebody said “All out”; and the hall."""
    with app.app_context():
        _open_classes(again=True)


def _open_for_the_day() -> None:
    """A class stays open until the day ends, so the first visitor of the next one opens it."""
    if request.endpoint != "static" and current_app.extensions.get(OPENED) != _today():
        with suppress(StoreAway):  # The next visitor finds it undone.
            _open_classes(again=False)


def _open_classes(*, again: bool) -> None:
    demo: Demo | None = current_app.extensions["catkin_demo"]
    for facts in classes.classes(demo.school) if demo else []:
        if again or _not_opened_today(facts):
            open_class(facts.school_id, facts.id)
    if demo:
        keep_ready(demo.school)
    current_app.extensions[OPENED] = _today()


def _not_opened_today(facts: ClassFacts) -> bool:
    return facts.opened_at is None or clock.local(facts.opened_at).date() != _today()


def _today() -> date:
    return clock.local(clock.now()).date()

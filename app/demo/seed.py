"""Making the demo, finding it, and taking it away again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress

from flask import Flask

from app.base import clock
from app.base.database import Store, engine_of
from app.base.demo_mark import NAME
from app.base.errors import CannotStart
from app.base.folders import Folders, prepare_folders
from app.base.keys import KeyFolder
from app.config import Settings
from app.demo.app import demo_app
from app.demo.concerns import tell_all
from app.demo.founding import Filled, Founded, found
from app.demo.kept import (
    ClassSignIn,
    Demo,
    PupilSignIn,
    StaffSignIn,
    forget_demo,
    keep_demo,
    read_demo,
)
from app.demo.lessons import history
from app.demo.plan import Plan, read_plan
from app.demo.terms import school_days
from app.learning.history import keep_history
from app.people.queries import pupils as known_pupils
from app.prepare import prepare
from app.safeguarding.chain import chain_key_name
from app.safeguarding.words import key_name
from app.web.parts import catalogue

PUPILS = 84
MOST = 420
STAYS = (NAME, "running.lock", "installation.json", "content.cache")
"""What a new demo takes over from the one before."""


def seed_demo(settings: Settings, pupils: int | None = None) -> Demo:
    """The demo in these folders, made now if there is none; it knows every way to sign in.

    Whoever calls this holds the data folder, or is the only one who knows of it.
    """
    folders = prepare_folders(settings.data_dir, settings.keys_dir, demo=True)
    known = read_demo(folders.data)
    if known is not None:
        _must_be_as_large(known, pupils)
        return known
    clear(folders)
    app = demo_app(prepare(settings))
    try:
        with app.app_context():
            demo = _make(read_plan(pupils or PUPILS))
    finally:
        _let_go(app)
    keep_demo(folders.data, demo)
    return demo


def _must_be_as_large(known: Demo, pupils: int | None) -> None:
    if pupils not in (None, known.pupils):
        raise CannotStart(
            f"The demo has {known.pupils} pupils. Stop it, and make it anew with"
            f" `demo --reset --pupils {pupils}`."
        )


def clear(folders: Folders) -> None:
    """Take the demo's school away, with the key to its words; the mark stays."""
    known = read_demo(folders.data)
    forget_demo(folders.data)
    if known is not None:
        for name in (key_name(known.school, 1), chain_key_name(known.school)):
            with suppress(FileNotFoundError):
                KeyFolder(folders.keys).file(name).unlink()
    for path in folders.data.iterdir():
        if path.name in STAYS:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _make(plan: Plan) -> Demo:
    """The school, its term and its worries; in the app at hand."""
    now, known = clock.now(), catalogue()
    days = school_days(now, plan.holidays)
    here = found(plan, days)
    runs = [run for one in here.classes for run in history(here.id, one, days, known, plan.seed)]
    keep_history(runs)
    tell_all(here, plan, days, now)
    return Demo(
        school=here.id,
        name=plan.school.name,
        made=clock.local(now).date().isoformat(),
        staff=tuple(_staff(here, plan)),
        classes=tuple(_class(here, one) for one in here.classes),
    )


def _staff(here: Founded, plan: Plan) -> Iterator[StaffSignIn]:
    for one in plan.staff:
        yield StaffSignIn(
            id=here.adults[one.key],
            name=one.name,
            known_as=one.known_as,
            roles=tuple(one.roles),
            email=one.email,
            password=here.passwords[one.key],
            sees=one.sees,
        )


def _class(here: Founded, filled: Filled) -> ClassSignIn:
    shown = {one.id: one.shown_name for one in known_pupils.pupils_of(here.id, filled.id)}
    return ClassSignIn(
        id=filled.id,
        name=filled.plan.name,
        years=filled.plan.years,
        teacher=here.adults[filled.plan.teacher],
        pupils=tuple(PupilSignIn(one, shown[one], filled.pictures[one]) for one in filled.pupils),
    )


def _let_go(app: Flask) -> None:
    """Close the databases: a handle must not cross a fork, and Windows removes no open file."""
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()

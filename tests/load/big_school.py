"""A school of any size with its pupils at the door or signed in; made without a web page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from app import create_app
from app.base import clock
from app.config import Settings
from app.learning.actions import begin
from app.people.actions.sign_ins import begin_for_pupil, open_class
from app.prepare import prepare
from tests.at_desk import school_with_team
from tests.at_school import THREE
from tests.look.learners import add_class, add_pupils, draw_pictures

A_CLASS = 28
LESSON = "t-79"
TREES = ("Ash", "Beech", "Cedar", "Elder", "Fir", "Gorse", "Holly", "Ivy", "Juniper", "Larch")


@dataclass(frozen=True)
class Child:
    """A pupil and the way in: the class code and three pictures."""

    id: str
    word: str
    number: str = "1111"
    pictures: tuple[str, ...] = THREE


@dataclass
class BigSchool:
    """Where it lies, who learns there, and a cookie for whoever was signed in."""

    data: Path
    keys: Path
    school: str
    pupils: list[Child] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    teacher: str = ""
    classes: list[str] = field(default_factory=list)


def big_school(folder: Path, pupils: int, *, signed_in: bool) -> BigSchool:
    """Classes of 28, open for the day; with `signed_in` each pupil has begun a lesson."""
    data, keys = folder / "data", folder / "keys"
    app = create_app(prepare(Settings(data_dir=data, keys_dir=keys)))
    desk = school_with_team(app)
    made = BigSchool(data, keys, desk.id, teacher=desk.school.okafor)
    with app.app_context():
        for number in range(-(-pupils // A_CLASS)):
            name = TREES[number % len(TREES)] + "x" * (number // len(TREES))
            class_id = add_class(desk.id, name, "4")
            open_class(desk.id, class_id)
            size = min(A_CLASS, pupils - number * A_CLASS)
            found = add_pupils(desk.id, class_id, [f"Pupil{one}" for one in range(size)])
            draw_pictures(app, desk.id, list(found.values()), by=desk.school.okafor)
            made.pupils += [Child(one, name.lower()) for one in found.values()]
            made.classes.append(class_id)
        if signed_in:
            made.cookies = [_begun(app, desk.id, child.id) for child in made.pupils]
    return made


def _begun(app: Flask, school_id: str, pupil_id: str) -> str:
    lesson = app.extensions["catkin"].catalogue.lessons[LESSON]
    begin(school_id, pupil_id, piece=lesson, runs_seen=0, moment=clock.now())
    return cookie(app, begin_for_pupil(school_id, pupil_id, clock.now()))


def cookie(app: Flask, token: str) -> str:
    """The cookie of a browser in which this sign-in began."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"_user_id": token, "_fresh": True}))

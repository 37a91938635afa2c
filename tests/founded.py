"""A school founded the way the office does it: a team of three, two teachers, a class of five."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.base import clock, ids
from app.base.database import Store, writing
from app.people.actions import classes, links, pupils, sign_ins, slips_and_cards, staff
from app.people.actions.classes import ClassDetails
from app.people.actions.schools import FirstAccount, NewSchool, found_school
from app.people.actions.staff import Details
from app.people.names import read_list
from app.people.pictures import draw, kept_form
from app.people.queries import pupils as known_pupils
from app.people.rules import Role
from app.people.tables import Staff
from app.safeguarding.actions import make_school_key
from tests.stepped import set_up

OAK_LANE = NewSchool("Oak Lane Primary", "England", time(8, 45), time(15, 30), None)
PASSWORD = "three red kettles"
FIVE = "Amina Khan\nFinn O'Brien\nFinn Byrne\nZofia Adamska\nWei Zhang"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Founded:
    """A school's ids: `adults` by role, `pupils` by the name pupils see; and their pictures."""

    app: Flask
    id: str
    adults: dict[str, str]
    hazel: str = ""
    elder: str = ""
    pupils: dict[str, str] = field(default_factory=dict)
    slips: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def adult(self, role: str) -> FlaskClient:
        """A browser in which the adult of this role is signed in."""
        with self.app.app_context():
            moment, whose = clock.now(), self.adults[role]
            token = sign_ins.begin_for_staff(self.id, whose, moment, second_step=True)
        return browser_of(self.app, token)

    def pupil(self, shown_name: str) -> FlaskClient:
        """A browser in which this pupil is signed in."""
        with self.app.app_context():
            token = sign_ins.begin_for_pupil(self.id, self.pupils[shown_name], clock.now())
        return browser_of(self.app, token)

    def shown(self, class_id: str) -> dict[str, str]:
        """The pupils of a class now: id by the name pupils see."""
        with self.app.app_context():
            return {p.shown_name: p.id for p in known_pupils.pupils_of(self.id, class_id)}


def browser_of(app: Flask, token: str) -> FlaskClient:
    """A browser that holds the token of a sign-in."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return browser


def found_oak_lane(app: Flask, *, read_within: str | None = None) -> Founded:
    """Oak Lane: the team (DSL, head, chair) has signed in; Hazel has five pupils with pictures."""
    with app.app_context():
        here = Founded(app, ids.new_id(), {})
        make_school_key(here.id)
        first = FirstAccount("Peter Lane", "Mr Lane", "dsl@oaklane.sch.uk", PASSWORD)
        here.adults["DSL"] = found_school(
            here.id, replace(OAK_LANE, read_within=read_within), first
        )
        for role, name in (
            (Role.HEAD, "Gwen Pritchard"),
            (Role.CHAIR, "Imran Sheikh"),
            (Role.TEACHER, "Ngozi Okafor"),
            (Role.OFFICE, "Kay Bell"),
            (Role.TECHNICIAN, "Tom Reed"),
        ):
            here.adults[role] = add_adult(here, name, role)
            begin = sign_ins.begin_for_staff
            begin(here.id, here.adults[role], clock.now(), second_step=True)
        _add_classes(here)
    set_up(app, here.id, *(here.adults[role] for role in ("DSL", Role.HEAD, Role.CHAIR)))
    return here


def add_adult(here: Founded, name: str, *roles: Role) -> str:
    """A further adult, not signed in yet, added by the DSL; who waits for nobody's word.

    No password is theirs, and none lacks: whoever has none is shut out by a newer link.
    """
    address = f"{name.split()[0].lower()}@oaklane.sch.uk"
    with here.app.app_context():
        details = Details(name, name, address)
        added = staff.add_adult(here.id, here.adults["DSL"], details, roles=roles).staff_id
        wait_for_no_word(here.id, added)
    return added


def wait_for_no_word(school_id: str, *adults: str) -> None:
    """As if another of the team had said of these that it is them."""
    with writing(Store.LEARNING) as session:
        for staff_id in adults:
            links.wait_for_no_word(session, school_id, staff_id)
            whose = Staff.school_id == school_id, Staff.id == staff_id, Staff.password.is_(None)
            session.execute(
                update(Staff).where(*whose).values(password="no password has this form")
            )


def _add_classes(here: Founded) -> None:
    teacher = (here.adults[Role.TEACHER],)
    by = here.adults["DSL"]
    here.hazel = classes.add_class(here.id, ClassDetails("Hazel", ("4",), teacher), by=by)
    here.elder = classes.add_class(here.id, ClassDetails("Elder", ("5", "6"), ()), by=by)
    names = [line.name for line in read_list(FIVE) if line.name]
    pupils.add_pupils(here.id, here.hazel, names)
    here.pupils = here.shown(here.hazel)
    key = here.app.extensions["catkin"].keys.read("pictures")
    here.slips = {name: draw() for name in here.pupils}
    kept = {p: kept_form(key, here.id, p, here.slips[n]) for n, p in here.pupils.items()}
    slips_and_cards.keep_pictures(here.id, kept, by=here.adults[Role.TEACHER])


def post(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, *, page: str = ""
) -> TestResponse:
    """Open the page that has the form (the address itself if none is named), then send it."""
    token = TOKEN.search(client.get(page or url).text)
    assert token is not None, f"{page or url} has no form"
    return client.post(url, data={"csrf_token": token[1], **(data or {})})

"""A school that is being set up: one of its three adults has come, one of two classes is filled."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from app.base import ids
from app.people.actions import classes, pupils
from app.people.actions.classes import ClassDetails
from app.people.actions.schools import FirstAccount, NewSchool, found_school
from app.people.actions.staff import Details, add_adult
from app.people.names import read_list
from app.people.rules import Role
from app.safeguarding.actions.canary import fly
from app.safeguarding.actions.keep_keys import make_school_key
from tests.at_school import PASSWORD
from tests.founded import FIVE
from tests.look.seeded import Seeded, new_app

OAK_LANE = NewSchool("Oak Lane Primary", "England", time(8, 45), time(15, 30), None)


def young_school(data: Path, keys: Path) -> Seeded:
    """Make it in these folders."""
    here = Seeded(new_app(data, keys), ids.new_id())
    with here.app.app_context():
        make_school_key(here.school)
        first = FirstAccount("Peter Lane", "Mr Lane", "lane@example.sch.uk", PASSWORD)
        lead = found_school(here.school, OAK_LANE, first)
        here.people["DSL"] = ("staff", lead)
        for name, role in (("Ada Marsh", Role.HEAD), ("Ngozi Okafor", Role.TEACHER)):
            title = f"Mrs {name.split()[1]}"
            details = Details(name, title, f"{name.split()[0].lower()}@example.sch.uk")
            add_adult(here.school, lead, details, roles=(role,))
        for which, name, years in (("full", "Hazel", ("4",)), ("empty", "Elder", ("5", "6"))):
            details = ClassDetails(name, years, ())
            here.ids[which] = classes.add_class(here.school, details, by=lead)
        names = [line.name for line in read_list(FIVE) if line.name]
        pupils.add_pupils(here.school, here.ids["full"], names)
        fly(here.school)
    return here

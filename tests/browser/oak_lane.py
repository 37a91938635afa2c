"""The schools that are served: founded past their pages, which journeys press one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.people.actions.details import change_details
from app.people.actions.sign_ins import open_class
from app.people.actions.staff import Details
from app.people.queries.classes import class_
from app.people.rules import Role
from tests.browser.journey import TEACHER, School
from tests.founded import found_oak_lane
from tests.ground.running import Running
from tests.look.learners import add_class, add_pupils
from tests.look.seeded import Seeded, new_app

FRESH = {
    "Rowan": ("4", ("dots", "mover", "listener", "large", "welly", "weigher", "teller")),
    "Rose": ("1", ("large little", "little teller")),
}
"""Pupils who have not begun anything, each for one test: by class, with its year."""


def fresh_pupils(seeded: Seeded) -> None:
    """Two classes more, of pupils who are called by what they are for."""
    with seeded.app.app_context():
        for name, (year, names) in FRESH.items():
            class_id = add_class(seeded.school, name, year)
            added = add_pupils(seeded.school, class_id, [*names])
            open_class(seeded.school, class_id)
            seeded.people |= {one: ("pupil", pupil_id) for one, pupil_id in added.items()}


@contextmanager
def served_oak_lane(folder: Path) -> Iterator[School]:
    """Hazel is open, its slips are printed, and everybody in the team has signed in once."""
    app = new_app(folder / "data", folder / "keys")
    here = found_oak_lane(app, read_within="the same school day")
    inside = Seeded(app, here.id)
    inside.people |= {role: ("staff", one) for role, one in here.adults.items()}
    inside.people |= {name: ("pupil", one) for name, one in here.pupils.items()}
    known_as = Details("Ngozi Okafor", "Mrs Okafor", TEACHER)
    with app.app_context():
        change_details(here.id, here.adults[Role.DSL], here.adults[Role.TEACHER], known_as)
        open_class(here.id, here.hazel)
        hazel = class_(here.id, here.hazel)
    assert hazel is not None
    server = Running.start(folder / "data", folder / "keys")
    code = (hazel.code_word, hazel.code_number)
    yield School(server.address, code, here.slips, inside.cookie_of)
    server.stop()
    inside.close()

"""The school of the journeys, founded past its pages, which journeys press one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.people.actions.sign_ins import open_class
from app.people.actions.staff import Details, change_details
from app.people.queries.classes import class_
from app.people.rules import Role
from tests.browser.journey import TEACHER, School
from tests.founded import found_oak_lane
from tests.ground.running import Running
from tests.look.seeded import Seeded, new_app


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

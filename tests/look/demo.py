"""The demo to look at: its page of sign-ins, and its banner in every frame."""

from __future__ import annotations

from pathlib import Path

from app.config import Settings
from app.demo.app import demo_app, open_up
from app.demo.families import codes_of
from app.demo.seed import seed_demo
from app.prepare import prepare
from app.safeguarding.actions.canary import fly
from tests.look.seeded import Seeded


def demo_school(data: Path, keys: Path) -> Seeded:
    """Make it in these folders; its people go by their names, its family code stands in `ids`."""
    settings = Settings(data_dir=data, keys_dir=keys, demo=True)
    demo = seed_demo(settings)
    app = demo_app(prepare(settings))
    open_up(app)
    here = Seeded(app, demo.school)
    with app.app_context():
        code = codes_of(demo.school).family
        fly(demo.school)  # As the keeper of a server does at once.
    assert code is not None
    here.ids["family_code"] = f"{code.word}-{code.number}"
    here.people |= {one.name: ("pupil", one.id) for each in demo.classes for one in each.pupils}
    here.people |= {one.name: ("staff", one.id) for one in demo.staff}
    return here

"""The demo to look at: its page of sign-ins, and its banner in every frame."""

from __future__ import annotations

from pathlib import Path

from app.config import Settings
from app.demo.app import demo_app, open_up
from app.demo.seed import seed_demo
from app.prepare import prepare
from tests.look.seeded import Seeded


def demo_school(data: Path, keys: Path) -> Seeded:
    """Make it in these folders: a teacher, a pupil who has told, and one who is ahead."""
    settings = Settings(data_dir=data, keys_dir=keys, demo=True)
    demo = seed_demo(settings)
    app = demo_app(prepare(settings))
    open_up(app)
    here = Seeded(app, demo.school)
    pupils = {pupil.name: pupil.id for one in demo.classes for pupil in one.pupils}
    here.people |= {name: ("pupil", pupils[name]) for name in ("Maryam", "Edie")}
    here.people |= {one.name: ("staff", one.id) for one in demo.staff}
    return here

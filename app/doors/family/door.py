"""The families' door; each module beside this one adds its routes."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.base import clock
from app.people.queries.families import FamilySchool
from app.people.queries.schools import SchoolFacts, the_school
from app.web.family_frame import tabs_here
from app.web.family_pass import family_here
from app.web.guards import Door
from app.web.pages import page
from app.web.viewer import the_adult

door = Door("family", __name__, over_plain_http=True)


def school_here() -> FamilySchool | SchoolFacts:
    """The school of the code, or of the adult who looks."""
    return family_here() or the_school(the_adult().school_id)


def family_page(template: str, /, **values: Any) -> str:
    """A page in the frame of the families, with its tabs."""
    return page(template, tabs=tabs_here(), **values)


def today() -> date:
    """The day on the school's wall."""
    return clock.local(clock.now()).date()

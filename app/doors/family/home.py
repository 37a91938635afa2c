"""The first page for families: one thing for tonight, and the way to the rest."""

from __future__ import annotations

from app.doors.family.door import door, family_page, school_here, today
from app.people.rights import May
from app.web.family_pass import family_here
from app.web.parts import catalogue


@door.opens("/families", may=May.READ_FAMILY_PAGES)
def home() -> str:
    """The card of the day is the same for every family: nothing is known of a child."""
    card = catalogue().for_families.tonight(today())
    return family_page("family/home", school=school_here(), card=card, staff=not family_here())

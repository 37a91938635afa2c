"""Where to get help, for a family of the school: its own people first, then the lines."""

from __future__ import annotations

from flask import request

from app.doors.family.door import door, family_page, school_here
from app.people.queries.families import people_to_ask
from app.people.rights import May
from app.people.rules import NATIONS
from app.web.help_lines import for_parents


@door.opens("/families/help", may=May.READ_FAMILY_PAGES)
def get_help() -> str:
    """Those whom the school names for it: never a teacher of a class, never a pupil."""
    school, asked = school_here(), request.args.get("nation")
    nation = asked if asked in NATIONS else school.nation
    people = people_to_ask(school.id)
    lines = for_parents(nation)
    return family_page("public/help", people=people, more=False, nations=NATIONS, **lines)

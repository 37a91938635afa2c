"""Facts to check: the ages that pupils are told, and when somebody must look again."""

from __future__ import annotations

from app.content.fact_checks import Due
from app.doors.office.door import door
from app.people.rights import May
from app.web.facts import facts_for
from app.web.pages import page
from app.web.viewer import the_adult


@door.opens("/facts", may=May.CHECK_FACTS)
def facts() -> str:
    """The ages by how they stand, what is past its date first."""
    found = facts_for(the_adult().roles)
    groups = {due: [one for one in found if one.due is due] for due in Due}
    return page("office/facts", groups=groups, due=Due)

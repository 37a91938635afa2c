"""How to block and report: the steps that stay true, and where the buttons are."""

from __future__ import annotations

from app.content.blocking import UNSURE
from app.doors.family.door import door, family_page, today
from app.people.rights import May
from app.web.parts import catalogue


@door.opens("/families/block-and-report", may=May.READ_FAMILY_PAGES)
def block_and_report() -> str:
    """What is confirmed is told with its date; of the rest only that it is not."""
    known = catalogue().blocking
    services = list(known.services.values()) if known else []
    services.sort(key=lambda one: (one.steps_on(today()) is None, one.name.casefold()))
    return family_page(
        "family/block-and-report",
        pattern=known.pattern if known else None,
        truths=[one for one in known.truths.values() if one.verified] if known else [],
        services=services,
        unsure=UNSURE,
        day=today(),
    )

"""Who opened which concern and when, so that a second person can look."""

from __future__ import annotations

from datetime import date

from flask import request

from app.doors.desk.door import door
from app.people.queries import staff
from app.people.rights import May
from app.safeguarding import queries
from app.safeguarding.queries.views import A_PAGE, Period
from app.web.concern_rows import near
from app.web.cover import names_covered, seconds_shown
from app.web.pages import page
from app.web.viewer import the_adult

SAYS = {
    "since": "Choose the first day, or write it as 2026-11-20.",
    "until": "Choose the last day, or write it as 2026-11-20.",
    "order": "The last day comes before the first. Change one of them.",
}
YEARS = range(2000, 3000)
MOST_PAGES = 10_000


@door.opens("/concerns/views", may=May.PROVE_RECORD)
def views() -> str:
    """The openings of all concerns that the viewer may see; covered until somebody asks."""
    viewer, covered = the_adult(), names_covered()
    asked = {name: request.args.get(name, "").strip()[:40] for name in ("since", "until", "of")}
    days = {name: _day(asked[name]) for name in ("since", "until")}
    faults = [name for name, day in days.items() if asked[name] and day is None]
    if days["since"] and days["until"] and days["until"] < days["since"]:
        faults.append("order")
    number = _number(request.args.get("page", ""))
    found = []
    if not (covered or faults):
        period, school_id = Period(**days), viewer.school_id
        found = queries.views.openings(
            school_id, viewer, period, number=number, reference=asked["of"]
        )
    return page(
        "desk/views",
        openings=found[:A_PAGE],
        more=len(found) > A_PAGE,
        number=number,
        asked=asked,
        kept={name: value for name, value in asked.items() if value},
        faults={name: SAYS[name] for name in faults},
        covered=covered,
        shown_for=seconds_shown(),
        names=staff.names(viewer.school_id),
        near=near,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _number(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) < 6
    return min(max(int(text), 1), MOST_PAGES) if plain else 1

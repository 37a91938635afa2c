"""The queue of concerns, as far as the viewer may see them."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from app.base import clock
from app.doors.desk.door import door
from app.people.queries import schools, staff
from app.people.rules import STAFF
from app.people.viewers import StaffHere
from app.safeguarding import spool
from app.safeguarding.queries import paper
from app.safeguarding.rules import Urgency
from app.web.concern_rows import DeskRow, bursts, desk_rows, near, without_followers
from app.web.cover import names_covered, seconds_shown
from app.web.mail import mail_facts, refused_to_me
from app.web.pages import page
from app.web.viewer import the_adult
from app.web.works import works_facts

READERS = STAFF
"""Any adult may be chosen by a child; what each sees is decided concern by concern."""


@door.opens("/concerns", admits=READERS)
def concerns() -> str:
    """The queue by what comes next; covered until somebody asks."""
    viewer = the_adult()
    school = schools.the_school(viewer.school_id)
    state = "closed" if request.args.get("show") == "closed" else "open"
    covered = names_covered()
    rows = [] if covered else desk_rows(viewer, school, state=state)
    burst = bursts([line.row for line in rows]) if state == "open" else {}
    shown = {row.facts.id for row in without_followers([line.row for line in rows], burst)}
    return page(
        "desk/concerns",
        rows=[line for line in rows if line.row.facts.id in shown],
        bursts=burst,
        state=state,
        counts=counts_of(rows),
        new_concerns=new_to_me(rows) if state == "open" else 0,
        covered=covered,
        shown_for=seconds_shown(),
        school=school,
        moment=clock.now(),
        near=near,
        spool=spool.state(viewer.school_id),
        mail=mail_facts(viewer.school_id),
        refused=refused_to_me(viewer),
        **_paper(viewer),
        works=works_facts(viewer.school_id) if viewer.sees_concerns else None,
    )


def _paper(viewer: StaffHere) -> dict[str, Any]:
    """What the team is told of the key on paper: that none was printed, or a new one by one person.

    A pretend school needs none.
    """
    if not viewer.sees_concerns or current_app.extensions["catkin"].settings.demo:
        return {"no_paper": False, "new_paper": None}
    state = paper.state(viewer.school_id)
    return {
        "no_paper": not state.papers,
        "new_paper": state.unconfirmed,
        "paper_names": staff.names(viewer.school_id) if state.unconfirmed else {},
    }


def counts_of(rows: list[DeskRow]) -> list[tuple[int, str, str]]:
    """The numbers on top of the queue: how many, in words, and the sign beside them."""
    return [
        (_act_now(rows), "Act now", "triangle-alert"),
        (new_to_me(rows), "New to you", "circle-dashed"),
        (sum(row.step.overdue for row in rows), "Overdue", "clock"),
        (len(rows), "Open in all", "list"),
    ]


def new_to_me(rows: list[DeskRow]) -> int:
    """The number beside the link in the menu, and that of its tile: the same."""
    return sum(row.row.facts.new_to_me for row in rows)


def _act_now(rows: list[DeskRow]) -> int:
    return sum(row.row.facts.urgency is Urgency.ACT_NOW for row in rows)

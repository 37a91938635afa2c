"""The queue of concerns, as far as the viewer may see them."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from app.base import clock
from app.doors.desk.door import door
from app.health.findings import Finding
from app.health.network import network
from app.people.queries import schools, staff
from app.people.queries.staff import NoticeFacts
from app.people.rights import May
from app.people.viewers import StaffHere
from app.safeguarding import spool
from app.safeguarding.queries import paper
from app.safeguarding.rules import Urgency
from app.web.concern_rows import DeskRow, bursts, desk_rows, near, without_followers
from app.web.cover import names_covered, seconds_shown
from app.web.mail import mail_facts, refused_to_me
from app.web.pages import page
from app.web.viewer import the_adult
from app.web.word import came_in
from app.web.works import works_facts


@door.opens("/concerns", may=May.READ_CONCERNS)
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
        red=_red_words(viewer),
        came_in=came_in(viewer),
        **_paper(viewer),
        works=works_facts(viewer.school_id) if viewer.may(May.PROVE_RECORD) else None,
        listened_to=listened_to(viewer),
    )


def _red_words(viewer: StaffHere) -> list[NoticeFacts]:
    """What stays here until this adult has said that it was seen; asked for where there is any."""
    if not viewer.red_waits:
        return []
    return [one for one in staff.team_notices(viewer.school_id, viewer.id) if one.red]


def listened_to(viewer: StaffHere) -> Finding | None:
    """That the school's network can listen to children, for the team; a state of the computer."""
    settings = current_app.extensions["catkin"].settings
    told = viewer.may(May.PROVE_RECORD) and settings.is_open_to_listeners
    return network(settings) if told else None


def _paper(viewer: StaffHere) -> dict[str, Any]:
    """What the team is told of the key on paper: that none was printed, or a new one by one person.

    A pretend school needs none.
    """
    if not viewer.may(May.AGREE_TO_RECOVERY_KEY) or current_app.extensions["catkin"].settings.demo:
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

"""The word that is awaited: of whoever looks about another, or of another about whoever looks."""

from __future__ import annotations

from app.people.queries import staff
from app.people.queries.staff import CameBy
from app.people.rules import who_can_confirm
from app.people.viewers import StaffHere
from app.web.viewer import viewer_here


def came_in(viewer: StaffHere, *, of_team: bool = True) -> list[CameBy]:
    """Of whom this adult can say whether it was them; looked up only where some wait for it.

    Those of the team by default, or all the others.
    """
    if not (viewer.links_wait and viewer.sees_concerns):
        return []
    adults = staff.adults(viewer.school_id)
    asked = {one.id for one in adults if one.sees_concerns is of_team}
    return [
        one
        for one in staff.came_by_links(viewer.school_id)
        if one.staff_id in asked
        and any(a.id == viewer.id for a in who_can_confirm(adults, one.staff_id, one.made_by))
    ]


def word_on_me() -> str:
    """What whoever of the team waits reads on each page; it says nothing of any concern."""
    here = viewer_here()
    if not isinstance(here, StaffHere) or here.behind is None or not here.sees_concerns:
        return ""
    able = who_can_confirm(staff.adults(here.school_id), here.id, here.behind)
    who = " or ".join(one.name for one in able) or "another adult of the team"
    maker = staff.names(here.school_id)[here.behind]
    return (
        f"Until {who} has confirmed that it is you, you see no more than {maker} does,"
        " and change nothing about the team. Slips and cards are printed by others until then."
    )

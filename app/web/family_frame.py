"""The frame of the pages for families: its tabs, as far as their pages are there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the family frame: the page it opens, its word and its icon."""

    endpoint: str
    says: str
    sign: str


TABS = (
    Tab("workshop.join", "Workshop", "presentation"),
    Tab("family.talk", "Talk", "messages-square"),
    Tab("family.ages", "Ages", "cake"),
    Tab("family.agreement", "Agree", "file-pen-line"),
)


def tabs_here() -> list[Tab]:
    """The tabs whose pages this Catkin has; one alone is not shown."""
    return [tab for tab in TABS if tab.endpoint in current_app.view_functions]

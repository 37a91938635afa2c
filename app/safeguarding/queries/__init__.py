"""Reads of the safeguarding room; what a viewer may not see is never selected."""

from app.safeguarding.queries import (
    canary,
    desk,
    drafts,
    keys,
    mail,
    notes,
    paper,
    record,
    retention,
    team,
    views,
)

__all__ = [
    "canary",
    "desk",
    "drafts",
    "keys",
    "mail",
    "notes",
    "paper",
    "record",
    "retention",
    "team",
    "views",
]

"""The office door; each module beside this one adds its routes."""

from __future__ import annotations

from typing import Final

from app.people.rules import KEEPS_LISTS, SAFEGUARDING_TEAM, Role
from app.web.guards import Door

door = Door("office", __name__)

KEEPERS: Final = KEEPS_LISTS | frozenset(SAFEGUARDING_TEAM)
"""Those who see the lists of adults and classes."""
WITH_CLASSES: Final = KEEPERS | {Role.TEACHER}
"""Teachers keep the lists of their own classes."""

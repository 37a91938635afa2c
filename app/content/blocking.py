"""How blocking and reporting are done in real services: for grown-ups, never for a pupil's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.content.values import Band

UNSURE: Final = "Check on the service’s own page."


@dataclass(frozen=True, slots=True)
class Saying:
    """Something true about blocking, reporting or the school's part in it."""

    id: str
    words: str
    source: str
    checked: date
    verified: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """The steps that are taught, by band: advice that no menu changes."""

    steps: Mapping[Band, tuple[str, ...]]
    order_rule: str
    if_scared_now: str


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service has its buttons."""

    id: str
    name: str
    block: str
    report: str
    parent_tool: str | None
    note: str | None
    source: str
    checked: date
    verified: bool
    steps_verified: bool
    recheck: date

    def steps_on(self, day: date) -> tuple[str, str] | None:
        """How to block and how to report, if they may be told as true on a day."""
        sure = self.verified and self.steps_verified and day < self.recheck
        return (self.block, self.report) if sure else None

    def tool_on(self, day: date) -> str | None:
        """What a family can set up there, if that is confirmed."""
        return self.parent_tool if self.verified and day < self.recheck else None


@dataclass(frozen=True, slots=True)
class Blocking:
    """The register of blocking and reporting."""

    pattern: Pattern
    truths: Mapping[str, Saying]
    services: Mapping[str, Service]
    school_side: Mapping[str, Saying]
    find_it: tuple[str, ...]
    practice: tuple[str, ...]

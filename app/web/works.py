"""Whether telling works, as far as Catkin tried: for the pages of those who must know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app

from app.base import clock
from app.base.copies import copies_of
from app.base.demo_mark import is_demo
from app.health.copies import copies, practice
from app.health.findings import Finding, Mark, look, mend, ok
from app.safeguarding import queries
from app.safeguarding.actions.canary import today
from app.safeguarding.canary import Look, Morning, Station, Why, morning
from app.safeguarding.canary_says import NAMES, said_of
from app.safeguarding.queries.canary import DrillFacts
from app.web.concern_rows import near

TRY_ITSELF = "Daily test"
REACHES = {Station.STORAGE, Station.KEY, Station.INBOX, Station.NOTICE}
"""Where it fails here, nobody may learn what a child told."""


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one station."""

    station: Station
    name: str
    works: bool
    tried: bool
    says: str
    do: str
    at: datetime | None
    nobody: bool = False
    """Whether nobody at all would see what a child tells."""


@dataclass(frozen=True, slots=True)
class WorksFacts:
    """How Catkin's own try stands. Nothing here moves with what children told."""

    morning: Morning
    at: datetime | None
    lines: tuple[Line, ...]
    kept: tuple[Finding, ...]
    """The backups in their places, and the last that was tried out."""
    ages: tuple[str, ...]
    """The same in a few words each."""

    @property
    def failing(self) -> list[Line]:
        """The stations where it did not come through."""
        return [line for line in self.lines if line.tried and not line.works]

    @property
    def kept_badly(self) -> list[Finding]:
        """The backups that somebody must mend."""
        return [found for found in self.kept if found.mark is Mark.MEND]

    @property
    def title(self) -> str:
        """The worst of it, in one sentence."""
        found = {line.station for line in self.failing}
        if found == {Station.INBOX} and not self.failing[0].nobody:
            return "Too few adults can see what children tell."
        if self.morning is Morning.MISSING or found & REACHES:
            return "Telling may not reach anyone today."
        if Station.SIGN_IN in found:
            return "Pupils cannot sign in as they should. They can tell without."
        return "Telling works, but what keeps it safe does not."


def works_facts(school_id: str) -> WorksFacts:
    """How telling stands for a school today."""
    looks = queries.canary.looks(school_id, today())
    found = {one.station: one for one in looks}
    lines = [
        _line(station, found.get(station))
        for station in Station
        if station in found or station is not Station.RECORD
    ]
    stands = morning(looks, clock.local(clock.now()))
    at = max((one.at for one in looks), default=None)
    last = queries.canary.last_drill(school_id)
    return WorksFacts(stands, at, tuple(lines), tuple(kept_findings(last)), tuple(_ages(last)))


def _line(station: Station, came: Look | None) -> Line:
    if came is None:
        return Line(station, NAMES[station], False, False, "Not tried yet today.", "", None)
    says, do = said_of(came)
    tried, nobody = came.why != Why.NOT_REACHED, came.why in {Why.NOBODY, Why.HIDDEN}
    return Line(station, NAMES[station], came.works, tried, says, do, came.at, nobody)


def kept_findings(last: DrillFacts | None) -> list[Finding]:
    """The backups in their three places, and the last that was tried out."""
    here = current_app.extensions["catkin"]
    data: Path = here.folders.data
    return [*copies(data, here.settings.backup_also), practice(last, needed=not is_demo(data))]


def _ages(last: DrillFacts | None) -> Iterator[str]:
    data: Path = current_app.extensions["catkin"].folders.data
    if is_demo(data):
        return
    known = copies_of(data)
    for name, made in (
        ("on this machine", known.beside),
        ("in the second folder", known.also),
        ("taken away", known.taken),
        ("restored to try it", last.at if last else None),
    ):
        yield f"{name} {near(made)}" if made else f"none {name}"


def the_daily_test(works: WorksFacts) -> Finding:
    """The same as one line of the Health page."""
    if works.morning is Morning.FINE and works.at is not None:
        at = clock.local(works.at)
        return ok(TRY_ITSELF, f"Catkin tried itself at {at.hour}:{at:%M}. Telling works.")
    if works.morning is Morning.EARLY:
        return look(TRY_ITSELF, "Catkin has not tried itself yet today.", "Look again after 8:30.")
    if works.morning is Morning.MISSING:
        return mend(TRY_ITSELF, NOT_TRIED, AND_SO)
    first = works.failing[0] if works.failing else works.lines[0]
    return mend(TRY_ITSELF, first.says, first.do)


NOT_TRIED = "Catkin has not tried itself today, so nobody knows whether telling works."
AND_SO = "Ask every teacher to listen in person. The technician starts Catkin again."

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
from app.health.copies import BESIDE, TRIED, copies, practice
from app.health.findings import Finding, Mark, look, mend, ok
from app.health.machine import NOT_WELL
from app.safeguarding import queries
from app.safeguarding.actions.canary import AT_MOST_EVERY, today
from app.safeguarding.canary import Look, Morning, Station, Why, morning
from app.safeguarding.canary_says import NAMES, UNPROVABLE, said_of
from app.safeguarding.queries.canary import DrillFacts
from app.web.concern_rows import near

TRY_ITSELF = "Daily test"
RED = "Telling may not reach anyone today."
GONE = frozenset(NOT_WELL.values())
NOT_SAFE = "Telling works, but what keeps it safe does not."
TITLES = {
    Station.STORAGE: RED,
    Station.KEY: "Concerns cannot be read just now. Children can still tell.",
    Station.INBOX: "Too few adults can see what children tell.",
    Station.NOTICE: "No e-mail goes out. Concerns are in your list.",
    Station.SIGN_IN: "Pupils cannot sign in as they should. They can tell without.",
    Station.RECORD: "The record of concerns is not as Catkin wrote it. Children can tell.",
    Station.BACKUP: NOT_SAFE,
}
"""What each fault means, the worst first."""


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
    reaches: bool = False
    """Whether what is told comes through, although not all is as it should be."""
    asked: bool = True
    """Whether anything was asked of it: of backups there is nothing to ask on the first day."""

    @property
    def to_look_at(self) -> bool:
        """Whether it works, and there is something to do about it."""
        return self.works and bool(self.do)


@dataclass(frozen=True, slots=True)
class WorksFacts:
    """How Catkin's own try stands. Nothing here moves with what children told."""

    morning: Morning
    at: datetime | None
    lines: tuple[Line, ...]
    ever: bool = True
    """Whether it was ever tried on this computer."""
    kept: tuple[Finding, ...] = ()
    """The backups in their places, and the last that was tried out."""
    ages: tuple[str, ...] = ()
    """The same in a few words each."""

    @property
    def is_red(self) -> bool:
        """Whether somebody has to be called."""
        return self.morning in {Morning.FAILING, Morning.MISSING}

    @property
    def tried_at(self) -> datetime | None:
        """When a canary was last flown."""
        flown = [one.at for one in self.lines if one.at and one.station is not Station.RECORD]
        return max(flown, default=None)

    @property
    def not_yet(self) -> str:
        """That it was not tried."""
        return NOT_YET if self.ever else NOT_HERE

    def names(self, *stations: str) -> bool:
        """Whether one of these is among what fails: then no other note says the same again."""
        return any(line.station in stations for line in self.failing)

    @property
    def failing(self) -> list[Line]:
        """The stations where it did not come through."""
        return [line for line in self.lines if line.tried and not line.works]

    @property
    def kept_badly(self) -> list[Finding]:
        """The backups that somebody must mend."""
        return [found for found in self.kept if found.mark is Mark.MEND]

    @property
    def kept_red(self) -> list[Finding]:
        """Those of them that were there and are not as they were."""
        return [one for one in self._unsaid if one.name == TRIED or one.says in GONE]

    @property
    def kept_soon(self) -> list[Finding]:
        """Those that nobody has made yet, and what works and is to be looked at."""
        later = [look(line.name, line.says, line.do) for line in self.lines if line.to_look_at]
        return [*later, *(one for one in self._unsaid if one not in self.kept_red)]

    @property
    def _unsaid(self) -> list[Finding]:
        """What is to be mended, without what the daily test has said already."""
        said = self.names(Station.BACKUP)
        return [one for one in self.kept_badly if not (said and one.name == BESIDE)]

    @property
    def title(self) -> str:
        """The worst of it, in one sentence."""
        if self.morning is Morning.MISSING or any(line.nobody for line in self.failing):
            return RED
        found = {line.station for line in self.failing if not line.reaches}
        return next((says for station, says in TITLES.items() if station in found), NOT_SAFE)


def works_facts(school_id: str, *, backups: bool = True) -> WorksFacts:
    """How telling stands for a school today."""
    looks, ever = queries.canary.looks_and_ever(school_id, today())
    found = {one.station: one for one in looks}
    lines = [
        _line(station, found.get(station))
        for station in Station
        if station in found or station is not Station.RECORD
    ]
    stands = morning(looks, clock.local(clock.now()))
    at = max((one.at for one in looks), default=None)
    if not backups:
        return WorksFacts(stands, at, tuple(lines), ever)
    last = queries.canary.last_drill(school_id)
    kept, ages = tuple(kept_findings(last)), tuple(_ages(last))
    return WorksFacts(stands, at, tuple(lines), ever, kept, ages)


def wait_after(tried: datetime | None) -> tuple[int, int] | None:
    """Seconds since the last try, and those until a hand may ask again; None once it may."""
    gone = abs(clock.now() - tried) if tried else AT_MOST_EVERY
    if gone >= AT_MOST_EVERY:
        return None
    since = int(gone.total_seconds())
    return since, int(AT_MOST_EVERY.total_seconds()) - since


def _line(station: Station, came: Look | None) -> Line:
    if came is None:
        return Line(station, NAMES[station], False, False, "Not tried yet today.", "", None)
    says, do = said_of(came)
    tried, nobody = came.why != Why.NOT_REACHED, came.why in {Why.NOBODY, Why.HIDDEN}
    kept = {"reaches": came.why in {Why.NO_SPOOL, *UNPROVABLE}, "asked": came.why != Why.NOT_YET}
    return Line(station, NAMES[station], came.works, tried, says, do, came.at, nobody, **kept)


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
        return look(TRY_ITSELF, works.not_yet, "Look again after 8:30.")
    if works.morning is Morning.MISSING:
        return mend(TRY_ITSELF, NOT_TRIED if works.ever else NOT_HERE, AND_SO)
    first = works.failing[0] if works.failing else works.lines[0]
    return mend(TRY_ITSELF, first.says, first.do)


NOT_YET = "Catkin has not tried itself yet today."
NOT_HERE = "Not tried on this computer yet."
NOT_TRIED = "Catkin has not tried itself today, so nobody knows whether telling works."
AND_SO = "Ask every teacher to listen in person. The technician starts Catkin again."

"""The backups in their three places, each with its age; and the last that was tried out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from app.base import clock
from app.base.copies import copies_of
from app.base.demo_mark import is_demo
from app.health.findings import Finding, look, mend, ok
from app.health.machine import FRESH, OLD, backup, day_of
from app.safeguarding.queries.canary import DrillFacts

BESIDE, ALSO, TAKEN, TRIED = "Backup", "Second copy", "Copy taken away", "Restore practice"
MONTH = timedelta(days=31)
NIGHTLY = ".venv/bin/python -m app data backup --nightly"
BY_HAND = "Take one to another building: .venv/bin/python -m app data backup --to FOLDER"


def copies(
    data: Path, also: Path | None, *, needed: bool = True, wholly: bool = False
) -> list[Finding]:
    """How old the newest backup of each place is, and what to do; `wholly` reads all of one."""
    beside = backup(data, needed=needed, wholly=wholly)
    if is_demo(data) or not needed:
        return [beside]
    known = copies_of(data)
    return [
        beside,
        _also(known.also, known.also_failed, named=also is not None),
        _taken(known.taken),
    ]


def _also(made: datetime | None, failed: datetime | None, *, named: bool) -> Finding:
    if not named:
        do = "Name a folder on another disk or share with BACKUP_ALSO."
        return look(ALSO, "The backups lie in one place only.", do)
    do = f"See that the disk or share of BACKUP_ALSO is there, then: {NIGHTLY}"
    if made is None:
        return mend(ALSO, "There is no backup in the second folder.", do)
    says = f"The newest in the second folder is from {day_of(made)}."
    if failed is not None:
        return mend(ALSO, f"{says} On {day_of(failed)} it could not be written to.", do)
    age = abs(clock.now() - made)
    if age > OLD:
        return mend(ALSO, says, do)
    return look(ALSO, says, do) if age > FRESH else ok(ALSO, says)


def _taken(made: datetime | None) -> Finding:
    if made is None:
        return look(TAKEN, "No backup was taken to another place by hand.", BY_HAND)
    says = f"The last taken away is from {day_of(made)}."
    return look(TAKEN, says, BY_HAND) if abs(clock.now() - made) > MONTH else ok(TAKEN, says)


def practice(last: DrillFacts | None, *, needed: bool = True) -> Finding:
    """Whether the last backup that was tried out could be restored and read."""
    do = "Try one out: .venv/bin/python -m app data drill"
    if last is None:
        says = "No backup has been restored to try it out."
        return look(TRIED, says, do) if needed else ok(TRIED, "The demo has no backups to try.")
    when = day_of(last.at)
    if not last.works:
        says = f"The backup {last.backup} could not be restored on {when}: {last.why}."
        return mend(TRIED, says, f"Keep the older backups. Make another: {NIGHTLY}")
    seconds = max(1, round(last.took_ms / 1000))
    says = f"A backup was restored and read on {when}, in {seconds} s."
    return look(TRIED, says, do) if abs(clock.now() - last.at) > OLD else ok(TRIED, says)

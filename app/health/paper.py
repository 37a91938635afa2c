"""The key on paper: whether one was printed, and whether it opens all that is needed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.base import clock
from app.base.database import Store
from app.base.demo_mark import is_demo
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder
from app.base.recovered import TABLE
from app.base.recovery import holds
from app.health.findings import Finding, look, mend, ok
from app.health.stores import rows
from app.safeguarding.chain import chain_key_name
from app.safeguarding.words import key_name

NAME, SAFE = "Recovery key", Store.SAFEGUARDING
PAPERS = "SELECT school_id, max(version), made_at FROM recovery_key GROUP BY school_id"
WRAPS = "SELECT school_id, recovery_version, name, wrapped FROM recovery_wrap"
LIVE = "SELECT school_id, version FROM school_key WHERE ended_at IS NULL"
NONE = "No recovery key has been printed. If the keys are lost, so is all that children told."
DO = "The DSL or the head prints it: /recovery-key"


def on_paper(printed_at: datetime | None, *, demo: bool = False) -> Finding:
    """What the Health page says of it."""
    if demo:
        return ok(NAME, "The demo needs none: it can be made anew.")
    if printed_at is None:
        return look(NAME, NONE, DO)
    day = clock.local(printed_at)
    return ok(NAME, f"A recovery key was printed on {day.day} {day:%B %Y}.")


def paper(data: Path, keys: Path) -> Finding:
    """The same for the doctor, who looks at what the paper opens too."""
    if is_demo(data):
        return on_paper(None, demo=True)
    schools = {one for (one,) in rows(data, Store.LEARNING, "SELECT id FROM school")}
    if not schools:
        return ok(NAME, "No school yet, so no recovery key is needed.")
    if not rows(data, SAFE, TABLE):  # Data of an older Catkin, which is said elsewhere.
        return on_paper(None)
    printed = {school: (version, at) for school, version, at in rows(data, SAFE, PAPERS)}
    if schools - printed.keys():
        return on_paper(None)
    wraps = {tuple(row[:3]): row[3] for row in rows(data, SAFE, WRAPS)}
    for school_id, name in _needed(data, schools):
        wrapped = wraps.get((school_id, printed[school_id][0], name))
        if wrapped is None or not _is_it(KeyFolder(keys), name, wrapped):
            return mend(
                NAME,
                "The recovery key on paper does not open everything.",
                "Let Catkin run for two minutes and look again. If it stays so, print another:"
                " /recovery-key",
            )
    (_version, at) = printed[min(schools)]
    return on_paper(datetime.fromisoformat(at).replace(tzinfo=UTC))


def _needed(data: Path, schools: set[str]) -> list[tuple[str, str]]:
    live = [(s, key_name(s, version)) for s, version in rows(data, SAFE, LIVE) if s in schools]
    return live + [(s, name) for s in schools for name in (chain_key_name(s), "pictures")]


def _is_it(folder: KeyFolder, name: str, wrapped: bytes) -> bool:
    """Whether this key was wrapped; one that is away is the finding of another part."""
    try:
        return holds(wrapped, folder.read(name))
    except KeyMissing:
        return True

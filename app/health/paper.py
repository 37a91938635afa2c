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
from app.base.recovery import holds, is_signed, place_of
from app.base.sealing import public_of
from app.health.findings import Finding, look, mend, ok
from app.health.stores import rows
from app.safeguarding.chain import chain_key_name
from app.safeguarding.held import mac_of
from app.safeguarding.words import key_name

NAME, SAFE = "Recovery key", Store.SAFEGUARDING
PAPERS = "SELECT school_id, max(version), made_at FROM recovery_key GROUP BY school_id"
PUBLIC = "SELECT school_id, version, public FROM recovery_key ORDER BY version"
WRAPS = "SELECT school_id, recovery_version, name, wrapped FROM recovery_wrap"
LIVE = "SELECT school_id, version, public FROM school_key WHERE ended_at IS NULL"
SIGNED = (
    "SELECT school_id, digest, mac FROM link WHERE (school_id, number) IN"
    " (SELECT school_id, min(number) FROM link WHERE mac IS NOT NULL GROUP BY school_id)"
)
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
    if not all(opens_all(data, KeyFolder(keys), school_id) for school_id in schools):
        return mend(
            NAME,
            "The recovery key on paper does not open everything.",
            "Let Catkin run for two minutes and look again. If it stays so, print another:"
            " /recovery-key",
        )
    (_version, at) = printed[min(schools)]
    return on_paper(datetime.fromisoformat(at).replace(tzinfo=UTC))


def opens_all(data: Path, keys: KeyFolder, school_id: str, *, of_today: bool = True) -> bool:
    """Whether each paper that opens anything of a school, and the newest, opens all of it.

    The chain's key must have signed what is wrapped: the paper itself lies in a safe. What is asked
    of a key that is away or another's, other parts ask. Of a backup it is not asked whether the
    keys are those `of_today`.
    """
    papers = {version: key for s, version, key in rows(data, SAFE, PUBLIC) if s == school_id}
    wraps = {row[1:3]: row[3] for row in rows(data, SAFE, WRAPS) if row[0] == school_id}
    known = _known(data, keys, school_id)
    signer = known[chain_key_name(school_id)]
    open_ones = {version for version, _ in wraps} & papers.keys() | set([*papers][-1:])
    return all(
        isinstance(wrapped := wraps.get((version, name)), bytes)
        and (not signer or is_signed(signer, papers[version], wrapped, *place))
        and (not key or not of_today or holds(wrapped, key))
        for version in open_ones
        for name, key in known.items()
        for place in [place_of(school_id, version, name)]
    )


def _known(data: Path, keys: KeyFolder, school_id: str) -> dict[str, bytes | None]:
    """The keys that a paper must open, by name; None for one that is away or another's."""
    live = {key_name(s, v): public for s, v, public in rows(data, SAFE, LIVE) if s == school_id}
    known = {name: _read(keys, name) for name in (*live, chain_key_name(school_id), "pictures")}
    for name, public in live.items():
        key = known[name]
        known[name] = key if key and public_of(key) == public else None
    for school, digest, mac in rows(data, SAFE, SIGNED):
        key = known[chain_key_name(school_id)]
        if school == school_id and key and mac_of(key, digest) != mac:
            known[chain_key_name(school_id)] = None
    return known


def _read(keys: KeyFolder, name: str) -> bytes | None:
    try:
        return keys.read(name)
    except KeyMissing:
        return None

"""The key on paper: which was printed, whether the school printed it here, and what it opens."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.base.database import db
from app.base.errors import KeyMissing
from app.base.keys import keys_here
from app.base.recovery import holds, is_signed, place_of
from app.base.sealing import public_of
from app.safeguarding.chain import chain_key_name, is_chain_key
from app.safeguarding.retention import facts_in
from app.safeguarding.tables import Audit, RecoveryKey, RecoveryWrap, SchoolKey
from app.safeguarding.words import key_name

PRINTED = "recovery key was printed"
CONFIRMED = "recovery key was confirmed"
"""The audit's words for it: somebody printed one, and another of the team said yes to it."""

OneSession = Session | scoped_session[Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """The newest paper: its number, when it was printed, and the public half of its key."""

    version: int
    made_at: datetime
    public: bytes


def newest(school_id: str) -> Paper | None:
    """The paper that counts; None where none was ever printed."""
    row = db.session.execute(
        select(RecoveryKey.version, RecoveryKey.made_at, RecoveryKey.public)
        .where(RecoveryKey.school_id == school_id)
        .order_by(RecoveryKey.version.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Paper(*row)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A paper that took no other's place yet: a second person has not said yes to it."""

    paper: Paper
    printed_by: str
    older: int
    """The number of the paper that works on beside it."""


@dataclass(frozen=True, slots=True)
class State:
    """The papers that open everything, and whether the newest waits for a second person."""

    papers: list[Paper]
    unconfirmed: Unconfirmed | None = None


def open_papers(school_id: str, session: OneSession | None = None) -> list[Paper]:
    """The papers that open everything, the newest last.

    That is the last one that two people know of, and the newest; the first needs no second person.
    """
    return state(school_id, session).papers


def unconfirmed(school_id: str, session: OneSession | None = None) -> Unconfirmed | None:
    """The newest paper while nobody but who printed it has said that it is to count alone."""
    return state(school_id, session).unconfirmed


def state(school_id: str, session: OneSession | None = None) -> State:
    """How the school stands with its papers."""
    ask = session or db.session
    rows = ask.execute(
        select(RecoveryKey.version, RecoveryKey.made_at, RecoveryKey.public)
        .where(RecoveryKey.school_id == school_id)
        .order_by(RecoveryKey.version)
    ).all()
    papers = [Paper(*row) for row in rows]
    if len(papers) < 2:
        return State(papers)
    said = ask.execute(
        select(Audit.kind, Audit.staff_id, Audit.says)
        .where(Audit.school_id == school_id, Audit.kind.in_((PRINTED, CONFIRMED)))
        .order_by(Audit.id)
    )
    settled, by = papers[0].version, dict[int, str]()
    for line in said:
        version = int(facts_in(line.says)["version"])
        if line.kind == CONFIRMED:
            settled = max(settled, version)
        else:
            by[version] = line.staff_id or ""
    newest = papers[-1]
    if newest.version == settled:
        return State([newest])
    older = [paper for paper in papers if paper.version == settled]
    return State([*older, newest], Unconfirmed(newest, by.get(newest.version, ""), settled))


def needed(school_id: str, session: OneSession | None = None) -> tuple[str, ...]:
    """The keys that a fresh machine needs, by their names in the keys folder."""
    live = select(SchoolKey.version).where(
        SchoolKey.school_id == school_id, SchoolKey.ended_at.is_(None)
    )
    versions = sorted((session or db.session).scalars(live))
    return (
        *(key_name(school_id, version) for version in versions),
        chain_key_name(school_id),
        "pictures",
    )


def key(school_id: str, name: str, session: OneSession | None = None) -> bytes:
    """One of them, proved as far as it can be; KeyMissing while it is away or another's.

    A paper would open that other one in place of the school's.
    """
    found = keys_here().read(name)
    if not _is_the_schools(session or db.session, school_id, name, found):
        raise KeyMissing(f"The key “{name}” in the keys folder is another’s.")
    return found


def _is_the_schools(ask: OneSession, school_id: str, name: str, key: bytes) -> bool:
    if name == chain_key_name(school_id):
        return is_chain_key(ask, school_id, key)
    rows = ask.execute(
        select(SchoolKey.version, SchoolKey.public).where(SchoolKey.school_id == school_id)
    )
    public = {key_name(school_id, row.version): row.public for row in rows}
    return name not in public or public_of(key) == public[name]


def keys_needed(school_id: str, session: OneSession | None = None) -> dict[str, bytes]:
    """Those keys; KeyMissing where one is away or another's."""
    return {name: key(school_id, name, session) for name in needed(school_id, session)}


def lacking(
    school_id: str, paper: Paper, keys: dict[str, bytes], session: OneSession | None = None
) -> dict[str, bytes]:
    """Those of these keys that the paper does not open yet, or of which nobody can say so: only
    what is wrapped as the chain's key, which is among them, has signed it."""
    signer = keys[chain_key_name(school_id)]
    rows = (session or db.session).execute(
        select(RecoveryWrap.name, RecoveryWrap.wrapped).where(
            RecoveryWrap.school_id == school_id, RecoveryWrap.recovery_version == paper.version
        )
    )
    opened = {
        row.name
        for row in rows
        if row.name in keys
        and holds(row.wrapped, keys[row.name])
        and is_signed(
            signer, paper.public, row.wrapped, *place_of(school_id, paper.version, row.name)
        )
    }
    return {name: key for name, key in keys.items() if name not in opened}


def vouched_for(school_id: str, paper: Paper) -> bool:
    """Whether this paper was printed here, by whoever has the school's keys.

    Otherwise a public key that somebody wrote into the file would be given every key there is.
    """
    said = db.session.scalars(
        select(Audit.says).where(Audit.school_id == school_id, Audit.kind == PRINTED)
    )
    try:
        return says_of(school_id, paper.version, paper.public) in set(said)
    except KeyMissing:
        return False


def says_of(school_id: str, version: int, public: bytes) -> str:
    """What the audit says of a printed paper, signed with the chain's key."""
    key = keys_here().read(chain_key_name(school_id))
    text = json.dumps(["catkin-paper-1", school_id, version, public.hex()]).encode()
    return f"version={version} mac={hmac.digest(key, text, 'sha256').hex()}"

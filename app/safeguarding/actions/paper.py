"""The key on paper: made and shown once, and every key that it opens wrapped to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base import clock, recovery, sealing
from app.base.errors import KeyMissing, Refused
from app.people.actions.word import must_be_themselves
from app.safeguarding import queries
from app.safeguarding.chain import chain_key_name, recording
from app.safeguarding.queries.paper import CONFIRMED, PRINTED, Paper, says_of
from app.safeguarding.retention import facts_as_text
from app.safeguarding.tables import Audit, RecoveryKey, RecoveryWrap

KEYS_AWAY = (
    "The keys are not all in their place, so a new paper could not open everything."
    " Ask whoever looks after this computer to put the keys folder back."
)
MEANWHILE = "Somebody else made a recovery key meanwhile. Tear this paper up."
NOT_THAT_ONE = "That paper waits for nobody any more. Look at what this page says now."
NOT_YET = (
    "That paper does not open everything yet, so the one before it must stay. Look again in two"
    " minutes; if this stays so, print another."
)
YOURSELF = "You printed it yourself. Another member of the team must say yes."
LOOK_EVERY = 60.0
"""Seconds between two looks at the wraps."""
_looks: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper that is about to be printed. Its words are in no table, file, cookie or log."""

    version: int
    words: tuple[str, ...]
    public: bytes


def new_paper(school_id: str, *, by: str) -> NewPaper:
    """Draw the words of a paper; nothing is kept of it here. Refused while a key is away.

    Also to whoever waits for word: a sheet that never counts looks like one that does.
    """
    must_be_themselves(school_id, by)
    _keys(school_id)
    before, bits = queries.paper.newest(school_id), recovery.new_bits()
    public = sealing.public_of(recovery.private_of(bits))
    version = 1 if before is None else before.version + 1
    return NewPaper(version, tuple(recovery.words_of(bits)), public)


def keep_paper(school_id: str, version: int, public: bytes, *, by: str) -> None:
    """Let a printed paper open the school's keys from now on.

    The one before opens them too until a second person says yes to this one: whoever prints one
    alone does not make worthless what lies in the safe.
    """
    keys, moment = _keys(school_id), clock.now()
    must_be_themselves(school_id, by)
    paper = Paper(version, moment, public)
    wraps = wraps_to(school_id, paper, keys, keys)
    says = says_of(school_id, version, public)
    with recording(school_id) as session:
        if version != _newest(session, school_id) + 1:
            raise Refused(MEANWHILE)
        session.add(
            RecoveryKey(school_id=school_id, version=version, public=public, made_at=moment)
        )
        session.flush()
        _only_open_ones(session, school_id)
        session.add_all(wraps)
        session.add(_line(school_id, PRINTED, by, says))


def confirm_paper(school_id: str, version: int, *, by: str) -> None:
    """A second member of the team says yes to the newest paper: it alone opens the keys now.

    Refused while it does not open everything: the one before would go with nothing in its place.
    """
    keys = _keys(school_id)
    must_be_themselves(school_id, by)
    with recording(school_id) as session:
        new = queries.paper.unconfirmed(school_id, session)
        if new is None or new.paper.version != version:
            raise Refused(NOT_THAT_ONE)
        if new.printed_by == by:
            raise Refused(YOURSELF)
        if queries.paper.lacking(school_id, new.paper, keys, session):
            raise Refused(NOT_YET)
        session.add(_line(school_id, CONFIRMED, by, facts_as_text(version=version)))
        session.flush()
        _only_open_ones(session, school_id)


def _only_open_ones(session: Session, school_id: str) -> None:
    """Let the wraps of every other paper go."""
    kept = [paper.version for paper in queries.paper.open_papers(school_id, session)]
    others = select(RecoveryWrap).where(
        RecoveryWrap.school_id == school_id, RecoveryWrap.recovery_version.not_in(kept)
    )
    for wrap in session.scalars(others):
        session.delete(wrap)


def _line(school_id: str, kind: str, by: str, says: str) -> Audit:
    return Audit(
        school_id=school_id,
        kind=kind,
        staff_id=by,
        concern_id=None,
        says=says,
        made_at=clock.now(),
    )


def wraps_to(
    school_id: str, paper: Paper, which: Mapping[str, bytes], keys: Mapping[str, bytes]
) -> list[RecoveryWrap]:
    """These keys, for whoever has the paper; signed with the chain's, which is among `keys`."""
    signer, wraps = keys[chain_key_name(school_id)], []
    for name, key in which.items():
        place = recovery.place_of(school_id, paper.version, name)
        wrapped = recovery.wrap_key(paper.public, key, *place)
        wraps.append(
            RecoveryWrap(
                school_id=school_id,
                recovery_version=paper.version,
                name=name,
                wrapped=recovery.signed(signer, paper.public, wrapped, *place),
                made_at=clock.now(),
            )
        )
    return wraps


def papers_to_wrap_to(school_id: str) -> list[Paper]:
    """Those that open everything, as far as the school printed them here."""
    papers = queries.paper.open_papers(school_id)
    return [paper for paper in papers if queries.paper.vouched_for(school_id, paper)]


def renew_wraps(school_id: str) -> int:
    """Wrap to each paper that counts what it does not open yet; how many wraps that were.

    Keys that are away, or another's, are wrapped when they are back; and none without the chain's,
    which signs it.
    """
    papers = queries.paper.open_papers(school_id)
    if not papers:
        return 0
    found: dict[str, bytes] = {}
    for name in queries.paper.needed(school_id):
        with suppress(KeyMissing):
            found[name] = queries.paper.key(school_id, name)
    if chain_key_name(school_id) not in found:
        return 0
    missing = [(paper, queries.paper.lacking(school_id, paper, found)) for paper in papers]
    wraps = [
        wrap
        for paper, keys in missing
        if keys and queries.paper.vouched_for(school_id, paper)
        for wrap in wraps_to(school_id, paper, keys, found)
    ]
    if not wraps:
        return 0
    with recording(school_id) as session:
        if queries.paper.open_papers(school_id, session) != papers:
            return 0
        for wrap in wraps:
            session.merge(wrap)
    return len(wraps)


def look_after_wraps(school_id: str) -> None:
    """The keeper's chore: look once in a while, and do what waits."""
    if _looks.get(school_id, 0.0) <= time.monotonic():
        _looks[school_id] = time.monotonic() + LOOK_EVERY
        renew_wraps(school_id)


def _keys(school_id: str) -> dict[str, bytes]:
    try:
        return queries.paper.keys_needed(school_id)
    except KeyMissing:
        raise Refused(KEYS_AWAY) from None


def _newest(session: Session, school_id: str) -> int:
    newest = select(func.max(RecoveryKey.version)).where(RecoveryKey.school_id == school_id)
    return session.scalar(newest) or 0

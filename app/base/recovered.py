"""Keys out of a database, with the words on paper: read by file, for there may be no app yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.base import clock, recovery, sealing
from app.base.errors import CannotStart, KeyMissing
from app.base.key_copies import SchoolKeyFile
from app.base.recovery import NotThePaper

TABLE = "SELECT name FROM sqlite_master WHERE name = 'recovery_key'"
PAPERS = "SELECT school_id, version, public, made_at FROM recovery_key ORDER BY school_id, version"
WRAPS = "SELECT name, wrapped FROM recovery_wrap WHERE school_id = ? AND recovery_version = ?"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was printed, as the database knows it."""

    school_id: str
    version: int
    public: bytes
    made_at: datetime

    def __str__(self) -> str:
        made = clock.local(self.made_at)
        return f"paper {self.version} of {made.day} {made:%B %Y}"


def papers_of(store: Path, what: str) -> list[Paper]:
    """Every paper of a database; CannotStart where none was printed. `what` is the place's name."""
    papers = [_paper(*row) for row in _ask(store, PAPERS)] if _ask(store, TABLE) else []
    if not papers:
        raise CannotStart(
            f"No recovery key had been printed for {what}, so no paper opens it: the copied keys"
            " are needed. Nothing was put back."
        )
    return papers


def keys_with(
    store: Path, papers: list[Paper], words: str, wanted: Iterable[SchoolKeyFile], what: str
) -> dict[str, bytes]:
    """The keys that the paper with these words holds, by name; CannotStart says why there are none.

    A key of a school is proved by its public half.
    """
    try:
        private = recovery.private_of(recovery.bits_of(words))
    except NotThePaper as problem:
        raise CannotStart(f"{problem} Nothing was put back.") from None
    paper = _with(store, sealing.public_of(private), papers, what)
    bound = (paper.school_id, paper.version)
    try:
        found = {
            name: recovery.unwrap_key(private, wrapped, *recovery.place_of(*bound, name))
            for name, wrapped in _ask(store, WRAPS, *bound)
        }
        proved = {each.name: each.public for each in wanted}
        if any(sealing.public_of(found[name]) != proved[name] for name in found.keys() & proved):
            raise KeyMissing("another key")
    except (KeyMissing, ValueError):
        raise CannotStart(
            f"The keys for the paper in {what} are damaged. Use an older backup."
            " Nothing was put back."
        ) from None
    return found


def _with(store: Path, public: bytes, papers: list[Paper], what: str) -> Paper:
    newest = {paper.school_id: paper for paper in papers}  # They come in order.
    for paper in papers:
        wraps = _ask(store, WRAPS, paper.school_id, paper.version)
        if paper.public == public and (wraps or newest[paper.school_id] == paper):
            return paper
    (wanted, *_more) = newest.values()
    mine = next((paper for paper in papers if paper.public == public), None)
    if mine is not None:
        raise CannotStart(
            f"These are the words of {mine}, and {what} opens with {newest[mine.school_id]}."
            " Nothing was put back."
        )
    raise CannotStart(
        f"These words are whole, but {what} opens with {wanted}: they are of another paper, printed"
        " for another school or since then. Nothing was put back."
    )


def _paper(school_id: str, version: int, public: bytes, made_at: str) -> Paper:
    made = datetime.fromisoformat(made_at).replace(tzinfo=UTC)
    return Paper(school_id, version, public, made)


def _ask(store: Path, question: str, *given: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=rw", uri=True)) as opened:
        return opened.execute(question, given).fetchall()

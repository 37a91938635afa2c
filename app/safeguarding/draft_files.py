"""Drafts that could not go into the database: sealed as they are there, one file for each."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from app.base import clock
from app.base.manifest import SPOOL
from app.base.piles import Pile
from app.safeguarding.room import data_here

LASTS = timedelta(hours=24)
DRAFTS = "drafts"
"""The folder within the spool."""


class Kept(NamedTuple):
    """A draft and until when it lasts; nothing in it where it was sent."""

    ends_at: datetime
    sealed: bytes


def _pile() -> Pile:
    return Pile(data_here() / SPOOL / DRAFTS)


def put(school_id: str, fingerprint: str, kept: Kept) -> None:
    """Keep a draft in place of the one before; OSError where it cannot be."""
    head = json.dumps({"school": school_id, "ends": kept.ends_at.isoformat()}).encode()
    _pile().put_over(fingerprint, head + b"\n" + kept.sealed)


def mark_sent(school_id: str, fingerprint: str) -> None:
    """Say that a draft was sent, which still lies in the database: it is a draft no more."""
    put(school_id, fingerprint, Kept(clock.now() + LASTS, b""))


def read(school_id: str, fingerprint: str) -> Kept | None:
    """A draft that lies here; None for none."""
    try:
        raw = _pile().read(fingerprint)
        if raw is None:
            return None
        head, sealed = raw.split(b"\n", 1)
        says = json.loads(head)
        if says["school"] != school_id:
            return None
        return Kept(datetime.fromisoformat(says["ends"]), sealed)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remove(fingerprint: str) -> None:
    """Let a draft go, if it lies here."""
    _pile().remove(fingerprint)


def sweep(school_id: str, moment: datetime) -> None:
    """Let those of a school go that are past their time."""
    _pile().sweep()
    for fingerprint in _pile().names():
        kept = read(school_id, fingerprint)
        if kept is not None and kept.ends_at <= moment:
            remove(fingerprint)

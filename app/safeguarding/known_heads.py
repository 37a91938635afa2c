"""Heads of chains that were kept elsewhere, and which of them a lawful restore made void."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto


class Account(Enum):
    """What the signature of a backup's account is to the chain's key."""

    SIGNED = auto()
    UNSIGNED = auto()
    CHANGED = auto()
    NOBODY_KNOWS = auto()
    """The key is away, or the head comes from no account."""


@dataclass(frozen=True, slots=True)
class Known:
    """A head that was kept elsewhere: in a backup, in a letter, on paper."""

    hex: str
    where: str
    """In words, as `the backup catkin-…` or `the command`."""
    number: int | None = None
    """None for one that was written down without its number."""
    made_at: str | None = None
    """When it was made, in UTC as in the file; None where nobody knows."""
    school_id: str | None = None
    """None where whoever wrote it down did not say whose it is."""
    account: Account = Account.NOBODY_KNOWS


def known_head(
    text: str, where: str, made_at: str | None = None, school_id: str | None = None
) -> Known:
    """A head as people copy it: `312-9f04…`, or its second half alone; ValueError for another."""
    number, _, tail = "".join(text.lower().split()).rpartition("-")
    if tail != "none" and (len(tail) < 8 or set(tail) - set("0123456789abcdef")):
        raise ValueError(text)
    return Known(tail, where, int(number) if number else None, made_at, school_id)


@dataclass(frozen=True, slots=True)
class Back:
    """A backup that was put back."""

    newest: int
    """The newest link that the backup has in common with the school that it was made of."""
    at: str
    ahead: frozenset[str] = frozenset()
    """Heads that were known by then though they are dated later: the first signs of each."""
    noted: int = 0
    """The link that says so; it counts only where the chain's key signed it. 0 for a signed mark
    that no start has noted yet."""

    def came_after(self, head: Known) -> bool:
        """Whether this head was made before the backup was put back."""
        if head.made_at is not None and head.made_at < self.at:
            return True
        return head.hex[:SIGNS] in self.ahead


SIGNS = 16
"""So many hex digits of a head stand for it."""


def still_holds(head: Known, back: Collection[Back], others: Iterable[Back]) -> int | None:
    """Up to which link a head must fit though a backup was put back since; None where none was.

    `others` are all restores that are known. Of one that the chain itself does not tell of, a head
    that was made after it is of a life of the school that a later restore left again.
    """
    since, known = [b.newest for b in back if b.came_after(head)], {b.at for b in back}
    left = [b.newest for b in others if b.at not in known and not b.came_after(head)]
    return min([*since, *left]) if since else None


def is_void(head: Known, back: Collection[Back], others: Iterable[Back]) -> bool:
    """Whether a head is of links that a backup which was put back since did not have."""
    upto = still_holds(head, back, others)
    return upto is not None and (head.number is None or head.number > upto)

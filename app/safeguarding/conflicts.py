"""From whom a concern is kept, and who must see it all the same. Plain rules.

A child chooses whom a concern is about; the team marks it; or the child's words name an adult, and
then it is held until somebody who is not named clears that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.people.rules import Adult, Role, in_order
from app.safeguarding.rules import can_be_told, readers

ENOUGH = 2
"""So many adults of the team must be able to see each concern."""
LEADS = frozenset({Role.DSL, Role.HEAD, Role.CHAIR})
"""Where it is about one of these, the school's own order is not enough."""


class Why(StrEnum):
    """Why a concern is held from an adult."""

    NAMED = "named"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Hold:
    """That a concern is held from an adult, or was."""

    id: int
    staff_id: str
    because: Why
    held_by: str | None
    since: datetime
    cleared_by: str | None
    cleared_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is held still."""
        return self.cleared_at is None

    @property
    def names(self) -> bool:
        """Whether the words name this adult and no person has cleared that."""
        return self.because is Why.NAMED and self.cleared_by is None


@dataclass(frozen=True, slots=True)
class ByName:
    """Of the adults whom the words name: from whom it is held, and who sees it all the same."""

    held: tuple[str, ...]
    let_go: tuple[str, ...]


def able(adults: Iterable[Adult], kept_from: Iterable[str]) -> list[Adult]:
    """The members of the team who could read what is kept from these, in the listed order."""
    return in_order(can_be_told(adults, kept_from))


def held_by_name(
    named: Iterable[str],
    adults: Sequence[Adult],
    near: Iterable[Adult],
    never: Collection[str],
    last: Collection[str] = (),
) -> ByName:
    """From whom it is held because the words name them: never so that fewer than two are left.

    Where too few would be, the last in the listed order see it, the chair of governors first.
    `never` holds those who see it in no case: chosen by the child, or marked by the team; `last`
    those who changed the team, who see it only where nobody else named could. Where nobody of the
    team reads it, the same goes for the adults of the class who stand in.
    """
    held = set(named) - set(never)
    team = able(adults, never)
    stand_in = [] if readers(team, never) else can_be_told(near, never)
    those = stand_in or team
    unnamed = sum(adult.id not in held for adult in those)
    lacking = max(ENOUGH - unnamed, 0)
    turn = list(reversed(those))
    turn.sort(key=lambda adult: adult.id in last)
    let_go = [adult.id for adult in turn if adult.id in held][:lacking]
    return ByName(tuple(sorted(held - set(let_go))), tuple(let_go))


def too_few(adults: Iterable[Adult], kept_from: Iterable[str]) -> bool:
    """Whether fewer than two of the team could see what is kept from these."""
    return len(able(adults, kept_from)) < ENOUGH


def but_behind(adults: Iterable[Adult], maker: str) -> list[Adult]:
    """The adults without those who could be this one: by a link of theirs, with no word given."""
    return [adult for adult in adults if adult.behind != maker]


def leaves_alone(
    adults: Iterable[Adult], kept_from: Collection[str], leaver: str, *, by: str
) -> bool:
    """Whether one who loses, by this adult's hand, one who reads would leave them all but alone."""
    left = able(but_behind(adults, by), kept_from)
    return leaver in {one.id for one in left} and len(left) <= ENOUGH


def too_few_read(adults: Sequence[Adult], kept_from: Collection[str]) -> bool:
    """The same for today: who waits for word reads nothing that is kept from the link's maker.

    Nothing is let go for it, and no mark of another refused: else whoever it is about would make
    a link.
    """
    behind = {adult.id for adult in adults if adult.behind in kept_from}
    return too_few(adults, {*kept_from, *behind})


def needs_outside(
    adults: Sequence[Adult], about: Collection[str], kept_from: Collection[str]
) -> bool:
    """Whether those who are left must be shown whom to call outside the school."""
    leads = {adult.id for adult in adults if LEADS & set(adult.roles)}
    return bool(leads & set(about)) or too_few_read(adults, kept_from)


def decides(
    viewer: str, holds: Iterable[Hold], kept_from: Collection[str], adults: Iterable[Adult]
) -> bool:
    """Whether this adult, who sees the concern, may decide about it: close, answer, share, mark.

    Nobody whom the words name, while an adult of the team sees it whom they do not name.
    """
    named = {one.staff_id for one in holds if one.names}
    return viewer not in named or not able(adults, named.union(kept_from))


def may_clear(viewer: str, hold: Hold, holds: Sequence[Hold], adults: Sequence[Adult]) -> bool:
    """Whether this member of the team, who sees the concern, may clear a hold on it.

    Not the adult it is held from, not who marked it, and nobody who decides nothing about it.
    """
    if not hold.stands or viewer in {hold.staff_id, hold.held_by}:
        return False
    return decides(viewer, holds, {one.staff_id for one in holds if one.stands}, adults)

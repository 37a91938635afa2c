"""What families read together: talk cards and the family agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from app.content.values import BANDS, Band, Letter

LETTERS: Final[tuple[Letter, ...]] = get_args(Letter)
PLACES: Final = tuple((letter, band) for band in BANDS for letter in LETTERS)
"""A card for each letter and band, in the order in which they are leafed through."""


@dataclass(frozen=True, slots=True)
class TalkCard:
    """One thing to ask, for one letter and one band; nothing about any child is in it."""

    letter: Letter
    band: Band
    ask: str
    listen_for: str
    say: str
    do: str
    objective: str


@dataclass(frozen=True, slots=True)
class Clause:
    """What a child and a grown-up promise each other, for one letter."""

    letter: Letter
    child: str
    grown_up: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The family agreement: a pair of promises for each letter, and what stands round them."""

    heading: str
    before: str
    after: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class ForFamilies:
    """Both; neither where its file is missing."""

    cards: tuple[TalkCard, ...] = ()
    agreement: Agreement | None = None

    def tonight(self, day: date) -> TalkCard | None:
        """The card of a day: another each day, and each of them in its turn."""
        # Bands are taken in turn too, so that nobody waits five days for one of their own.
        by_letter = sorted(self.cards, key=lambda card: LETTERS.index(card.letter))
        return by_letter[day.toordinal() % len(by_letter)] if by_letter else None

    def cards_for(self, band: str) -> tuple[TalkCard, ...]:
        """The five cards of a band, in the order of the letters."""
        return tuple(card for card in self.cards if card.band == band)

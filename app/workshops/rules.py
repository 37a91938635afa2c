"""How a workshop goes on, what a hall may see of its answers, and how guesses are slowed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypedDict

from app.content.workshop import CHOICES, QUESTIONS
from app.people.codes import ODD, WORDS, Code

LASTS: Final = timedelta(hours=4)
"""A workshop that nobody ends is over after this."""
FEWEST: Final = 5
"""With fewer answers nobody sees how they fall: a neighbour could be recognised."""
NOT_SURE: Final = 0
"""The choice of whoever is not sure; the others count from 1."""
LONGEST_BAR: Final = 92
"""In hundredths."""
OVER: Final = QUESTIONS + 1
"""Where the last question has been talked about, and the board says thank you."""

Verb = Literal["show", "next", "back"]
State = Literal["waits", "asks", "shown", "over", "ended"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workshop stands: 0 before the first question; the questions shown, as digits."""

    question: int
    shown: str = ""

    @property
    def state(self) -> State:
        """What is done with the question on the board."""
        if self.question == 0:
            return "waits"
        if self.question == OVER:
            return "over"
        return "shown" if str(self.question) in self.shown else "asks"

    def moved(self, verb: Verb) -> Place:
        """Where a press leads; one that leads nowhere stays. What was shown stays shown."""
        if verb == "show":
            return Place(self.question, self.shown + str(self.question)) if self.asks else self
        step = 1 if verb == "next" else -1
        return Place(min(max(self.question + step, 0), OVER), self.shown)

    @property
    def asks(self) -> bool:
        """Whether an answer counts now."""
        return self.state == "asks"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the answers to a question fall; the first is of those who are not sure."""

    counts: tuple[int, ...]

    @property
    def answered(self) -> int:
        """How many phones answered."""
        return sum(self.counts)

    @property
    def enough(self) -> bool:
        """Whether it may be seen how they fall."""
        return self.answered >= FEWEST

    @property
    def not_sure(self) -> int:
        """How many are not sure."""
        return self.counts[NOT_SURE]

    def share(self, choice: int) -> int:
        """How long a choice's bar is, in hundredths: the longest leaves a little free."""
        return round(LONGEST_BAR * self.counts[choice] / max(1, *self.counts[1:]))


def tally(by_choice: Mapping[int, int]) -> Tally:
    """The tally of a question from how often each choice was made."""
    return Tally(tuple(by_choice.get(choice, 0) for choice in range(CHOICES + 1)))


class Kept(TypedDict):
    """What stays of a workshop: how many phones, and the counts of each question with enough."""

    phones: int
    counts: list[list[int] | None]


def kept_of(phones: int, tallies: Sequence[Tally]) -> Kept:
    """What stays: no phone, no single answer, and nothing of a question that few answered."""
    return {"phones": phones, "counts": [list(t.counts) if t.enough else None for t in tallies]}


def draw_code() -> Code:
    """A code at random: a word and three digits, so that nobody takes it for a class code."""
    number = ODD[0]
    while any(run in number for run in ODD):
        number = str(100 + secrets.randbelow(900))
    return Code(secrets.choice(WORDS), number)


def as_typed(word: str, number: str) -> Code:
    """A code as it is looked up: however it was typed, and if both parts stand in one field."""
    whole = "".join(f"{word} {number}".casefold().split()).replace("-", "")
    digits = "".join(one for one in whole if one.isascii() and one.isdigit())
    return Code("".join(one for one in whole if one.isalpha()), digits)


@dataclass(frozen=True, slots=True)
class Guesses:
    """The wrong codes that one phone has typed; its own cookie holds them, so no hall waits."""

    misses: int = 0
    rests_until: float = 0.0

    def rests(self, moment: datetime) -> bool:
        """Whether this phone has to wait."""
        return moment.timestamp() < self.rests_until

    def missed(self, moment: datetime) -> Guesses:
        """One more: from the fifth on each is followed by a rest, from the tenth by a long one."""
        misses = self.misses + 1
        rest = 0 if misses < 5 else 30 if misses < 10 else 300
        return Guesses(misses, moment.timestamp() + rest)

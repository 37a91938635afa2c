"""Guessing a code is slow for all guessers together, and never for those who know it.

A budget of wrong codes in ten minutes is free to the whole installation; nobody notices one that
honest mistakes do not spend. A device on which a right code was typed before draws on a smaller
budget of its own, shared with the devices that the code of the same class vouches for. So nobody
slows such devices who knows no code, and who knows one slows those of that class alone.

Once the common budget is spent, then for ten minutes

- a browser that had the page open before that, and has typed no wrong code, is looked at at once.
  Its first wrong code ends this for it. All such browsers have one more budget between them:
  pages hoarded beforehand are worth no more than that;
- everybody else is looked at while no wrong code of theirs was typed in the last second. A right
  code takes nobody's turn, so a queue of people with the right one goes straight in.

What is not looked at opens nothing, however right it is, and is answered like a wrong code. So
whoever guesses gets about one guess a second, however many browsers they pretend to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from app.base import throttle
from app.base.database import Store, writing
from app.base.throttle import Step

WINDOW = timedelta(minutes=10)
TURN = timedelta(seconds=1)

Opened = TypeVar("Opened")


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page on which a code was typed: what the browser was given with it, signed."""

    id: str
    opened_at: datetime
    vouched_by: str = ""
    """Which class's code was typed on this device before, by a name that says no more; or none."""

    @property
    def key(self) -> str:
        """The name under which this browser's wrong codes are counted."""
        return f"code page:{self.id}"


@dataclass(frozen=True, slots=True)
class Tried(Generic[Opened]):
    """What became of a code: what it opens, or (`guessing`) that all have to be slow."""

    facts: Opened | None
    guessing: bool


@dataclass(frozen=True, slots=True)
class Guessing:
    """One kind of code, and how many wrong ones are free."""

    codes: str
    """The name under which the installation's wrong codes of this kind are counted."""
    budget: int
    of_one: tuple[Step, ...] = ()
    """The rests that one browser's wrong codes earn, whatever others do."""
    of_class: int = 0
    """How many wrong ones are free to the devices that one class's code vouches for."""

    @property
    def early(self) -> str:
        """The budget of the browsers that were there before the guessing."""
        return f"{self.codes} of early browsers"

    @property
    def late(self) -> str:
        """The budget of all others, once the common one is spent."""
        return f"{self.codes} of late browsers"

    def known(self, page: CodePage) -> str:
        """The budget of the devices that the same class's code vouches for."""
        return f"{self.codes} of devices of {page.vouched_by}"

    def look(
        self, look_up: Callable[[], Opened | None], page: CodePage, moment: datetime
    ) -> Tried[Opened]:
        """Look what a code opens, if this browser may know; a wrong one is counted."""
        # A look beforehand, so that guessing cannot keep the writers busy.
        if self._budget_for(page, moment) is None:
            return Tried(None, guessing=True)
        with writing(Store.LEARNING, vital=True) as session:
            # And again where nobody else writes: of many guesses at once, one is looked at.
            budget = self._budget_for(page, moment)
            if budget is None:
                return Tried(None, guessing=True)
            facts = look_up()
            if facts is None:
                self._count(session, budget, page, moment)
        return Tried(facts, guessing=budget in {self.early, self.late})

    def _budget_for(self, page: CodePage, moment: datetime) -> str | None:
        """The budget that a wrong code of this browser draws on; None if it has to wait."""
        if self.of_one and throttle.resting(page.key, moment) is not None:
            return None
        if page.vouched_by and throttle.resting(self.known(page), moment) is None:
            return self.known(page)
        spent = throttle.resting(self.codes, moment)
        if spent is None or spent.until is None:
            return self.codes
        if page.opened_at < spent.until - WINDOW and self._is_clean(page, moment):
            return self.early
        return self.late if throttle.resting(self.late, moment) is None else None

    def _is_clean(self, page: CodePage, moment: datetime) -> bool:
        if throttle.misses_within(self.early, moment, WINDOW) >= self.budget:
            return False
        return throttle.misses_within(page.key, moment, WINDOW) == 0

    def _count(self, session: Session, budget: str, page: CodePage, moment: datetime) -> None:
        # The rest of a budget marks it as spent.
        rests = {
            self.codes: Step(self.budget, WINDOW),
            self.known(page): Step(self.of_class, WINDOW),
            self.late: Step(1, TURN),
        }
        steps = (rests[budget],) if budget in rests else ()
        throttle.count_miss(session, budget, moment, steps=steps, window=WINDOW)
        if budget in {self.codes, self.early}:
            # Others gain nothing by being clean, and must not fill the table.
            throttle.count_miss(session, page.key, moment, steps=self.of_one, window=WINDOW)

"""Typing a class code: right ones open at once, and guessing is slow for all guessers together.

Sixty wrong codes in ten minutes are free to the whole installation; nobody notices a budget that
a class of five-year-olds does not spend. Once they are spent, then for ten minutes

- a browser that had the page open before that, and has typed no wrong code, is looked at at once.
  Its first wrong code ends this for it. All such browsers have sixty wrong codes between them:
  pages hoarded beforehand are worth no more than that;
- everybody else is looked at while no wrong code of theirs was typed in the last second. A right
  code takes nobody's turn, so a queue of children with their cards goes straight in.

What is not looked at opens nothing, however right it is, and is answered like a wrong code. So
whoever guesses gets about one guess a second, however many browsers they pretend to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.base import throttle
from app.base.database import Store, writing
from app.base.throttle import Step
from app.people.codes import Code
from app.people.queries.classes import ClassFacts, class_by_code
from app.people.queries.sign_ins import CLASS_CODES

BUDGET = 60
WINDOW = timedelta(minutes=10)
EARLY = "class codes of early browsers"
LATE = "class codes of late browsers"
TURN = timedelta(seconds=1)

RESTS = {CLASS_CODES: (Step(BUDGET, WINDOW),), EARLY: (), LATE: (Step(1, TURN),)}
"""What wrong codes earn in each budget; the rest of the first one marks it as spent."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page on which a code was typed: what the browser was given with it, signed."""

    id: str
    opened_at: datetime

    @property
    def key(self) -> str:
        """The name under which this browser's wrong codes are counted."""
        return f"code page:{self.id}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a code: the class that it opens, or (`guessing`) that all have to be slow."""

    facts: ClassFacts | None
    guessing: bool


def try_class_code(typed: Code, page: CodePage, moment: datetime) -> Tried:
    """Look which class a code opens, if this browser may know; a wrong one is counted."""
    # A look beforehand, so that guessing cannot keep the writers busy.
    if _budget_for(page, moment) is None:
        return Tried(None, guessing=True)
    with writing(Store.LEARNING) as session:
        # And again where nobody else writes: of many guesses at once, one is looked at.
        budget = _budget_for(page, moment)
        if budget is None:
            return Tried(None, guessing=True)
        facts = class_by_code(typed.word, typed.number)
        if facts is None:
            _count(session, budget, page, moment)
    return Tried(facts, guessing=budget != CLASS_CODES)


def _budget_for(page: CodePage, moment: datetime) -> str | None:
    """The budget that a wrong code of this browser draws on; None if it has to wait."""
    spent = throttle.resting(CLASS_CODES, moment)
    if spent is None or spent.until is None:
        return CLASS_CODES
    if page.opened_at < spent.until - WINDOW and _is_clean(page, moment):
        return EARLY
    return LATE if throttle.resting(LATE, moment) is None else None


def _is_clean(page: CodePage, moment: datetime) -> bool:
    if throttle.misses_within(EARLY, moment, WINDOW) >= BUDGET:
        return False
    return throttle.misses_within(page.key, moment, WINDOW) == 0


def _count(session: Session, budget: str, page: CodePage, moment: datetime) -> None:
    throttle.count_miss(session, budget, moment, steps=RESTS[budget], window=WINDOW)
    if budget != LATE:
        # Late browsers gain nothing by being clean, and must not fill the table.
        throttle.count_miss(session, page.key, moment, window=WINDOW)

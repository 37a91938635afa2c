"""Progress proved: what is kept beside what the first answers make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.learning.tables import Answer, Progress


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A row of progress, whole, so that two ways of making it can be compared."""

    school_id: str
    pupil_id: str
    objective: str
    good: int
    slips: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """Progress as it is kept and as the first answers make it; `answers` is their number."""

    answers: int
    kept: frozenset[Kept]
    made: frozenset[Kept]

    @property
    def agrees(self) -> bool:
        """Whether what is kept is what the answers make."""
        return self.kept == self.made

    def differences(self) -> Iterator[str]:
        """A line for each row that the answers do not bear out, or that is missing."""
        for row in sorted(self.kept - self.made):
            yield f"kept, but the answers do not say so: {_in_words(row)}"
        for row in sorted(self.made - self.kept):
            yield f"the answers say so, but it is not kept: {_in_words(row)}"


def progress_proof(session: Session) -> Proof:
    """Both, from every school, as one moment of the store knows them."""
    every = {"every_school": "progress is proved for all of them"}
    kept = session.execute(
        select(
            Progress.school_id,
            Progress.pupil_id,
            Progress.objective,
            Progress.good,
            Progress.slips,
            Progress.last_at,
        ),
        execution_options=every,
    )
    rows = frozenset(Kept(*row) for row in kept)
    answers = session.execute(
        select(
            Answer.school_id, Answer.pupil_id, Answer.objectives, Answer.good, Answer.given_at
        ).where(Answer.evidence),
        execution_options={**every, "yield_per": 1000},
    )
    count, made = _made_of(answers)
    return Proof(count, rows, made)


def _made_of(
    answers: Iterable[Row[str, str, str, bool, datetime]],
) -> tuple[int, frozenset[Kept]]:
    """The number of first answers and the progress they make."""
    sums: dict[tuple[str, str, str], tuple[int, int, datetime]] = {}
    count = 0
    for school_id, pupil_id, objectives, good, given_at in answers:
        count += 1
        for objective in objectives.split():
            key = (school_id, pupil_id, objective)
            goods, slips, last = sums.get(key, (0, 0, given_at))
            sums[key] = (goods + good, slips + (not good), max(last, given_at))
    return count, frozenset(Kept(*key, *total) for key, total in sums.items())


def _in_words(row: Kept) -> str:
    last = f"{row.last_at:%Y-%m-%d %H:%M:%S}"
    return f"pupil {row.pupil_id}, {row.objective}, {row.good} good, {row.slips} slips, last {last}"

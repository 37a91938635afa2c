"""A term that has been: runs are gone through in memory, and then kept in one transaction.

Only the demo's school gets its past in this way. Each answer is marked, placed and counted by the
rules that the pages' own actions follow (`NewAnswer.row`, `what_it_shows`); what is left out is
a transaction for each of some thousands of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from app.base.database import Store, writing
from app.content.conditions import in_words
from app.content.story_values import Moment, Move, Story
from app.content.values import Card, Option, Question
from app.learning.actions import ADD_PROGRESS, ANSWER, ATTEMPT, NewAnswer, what_it_shows
from app.learning.rules import Piece, mark_move, mark_option
from app.learning.runs import Given, Run, first_place, place_of, scene_of


@dataclass
class PastRun:
    """A run as it grows; its answers are numbered from 1 until they are kept."""

    school_id: str
    piece: Piece
    run: Run
    began_at: datetime
    finished_at: datetime | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begun(
        cls, school_id: str, pupil_id: str, *, piece: Piece, number: int, moment: datetime
    ) -> PastRun:
        """A run at its first place."""
        run = Run(
            id=0,
            pupil_id=pupil_id,
            piece=piece.id,
            version=piece.version,
            number=number,
            at=first_place(piece),
            step=0,
            finished=False,
            edition=piece.edition or None,
        )
        return cls(school_id, piece, run, moment)

    @property
    def scene(self) -> Moment:
        """The scene of a story that has been reached."""
        return scene_of(self.run, self._story)

    @property
    def _story(self) -> Story:
        assert isinstance(self.piece, Story)
        return self.piece

    def answer(self, card: Card, question: Question, option: Option, moment: datetime) -> None:
        """Answer a card's question."""
        self._keep(NewAnswer(place_of(card, question), mark_option(question, option), moment))

    def turn_to(self, card: Card) -> None:
        """Go on to a card."""
        self.run = replace(self.run, at=str(card.number), step=self.run.step + 1)

    def finish(self, moment: datetime) -> None:
        """End the run at its last place."""
        self.run = replace(self.run, finished=True, step=self.run.step + 1)
        self.finished_at = moment

    def move(self, move: Move, moment: datetime) -> None:
        """Make a move; an ending finishes the run."""
        scene = self.scene
        state = in_words(move.after(scene.memory))
        self._keep(NewAnswer(scene.id, mark_move(move), moment, state))
        ends = self._story.scenes[move.to].ends
        self.run = replace(self.run, at=move.to, finished=ends)
        self.finished_at = moment if ends else None

    def _keep(self, answer: NewAnswer) -> None:
        row = answer.row(self.school_id, self.run)
        self.rows.append(row)
        given = Given(
            place=row["place"],
            turn=row["turn"],
            choice=row["choice"],
            good=row["good"],
            id=len(self.rows),
            after=self.run.tip,
            state=row["state"],
        )
        answers = (*self.run.answers, given)
        self.run = replace(self.run, answers=answers, tip=given.id, step=self.run.step + 1)


def keep_history(runs: Sequence[PastRun]) -> int:
    """Keep runs with their answers and what those show; how many answers there are."""
    # Later answers get higher ids, as if they had been kept one by one.
    given = [(n, place) for n, past in enumerate(runs) for place in range(len(past.rows))]
    given.sort(key=lambda one: runs[one[0]].rows[one[1]]["given_at"])
    if not runs:
        return 0
    with writing(Store.LEARNING) as session:
        connection = session.connection()
        first, answer = _next_id(connection, ATTEMPT), _next_id(connection, ANSWER)
        ids = {one: answer + count for count, one in enumerate(given)}
        attempts = [_attempt(n, past, first, ids) for n, past in enumerate(runs)]
        connection.execute(insert(ATTEMPT), attempts)
        rows = [_answer(one, runs[one[0]], first, ids) for one in given]
        if rows:
            connection.execute(insert(ANSWER), rows)
            connection.execute(ADD_PROGRESS, [one for row in rows for one in what_it_shows(row)])
    return len(rows)


Place = tuple[int, int]
"""Which run, and which of its answers; both from 0."""


def _next_id(connection: Connection, table: Table) -> int:
    """An id that nobody has, nor any after it; inside a write nobody else can take them."""
    newest = connection.scalar(
        select(func.max(table.c.id)),
        execution_options={"every_school": "one row of numbers serves all of them"},
    )
    return int(newest or 0) + 1


def _answer(place: Place, past: PastRun, first: int, ids: Mapping[Place, int]) -> dict[str, Any]:
    run, row = place[0], past.rows[place[1]]
    after = row["after_id"]
    before = None if after is None else ids[run, after - 1]
    return {**row, "id": ids[place], "attempt_id": first + run, "after_id": before}


def _attempt(n: int, past: PastRun, first: int, ids: Mapping[Place, int]) -> dict[str, Any]:
    run = past.run
    return {
        "id": first + n,
        "school_id": past.school_id,
        "pupil_id": run.pupil_id,
        "piece": run.piece,
        "version": run.version,
        "number": run.number,
        "at": run.at,
        "edition": run.edition,
        "tip_id": None if run.tip is None else ids[n, run.tip - 1],
        "step": run.step,
        "began_at": past.began_at,
        "finished_at": past.finished_at,
    }

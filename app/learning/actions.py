"""What pupils do: begin, answer, move, turn a card, finish. Each is one write transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from app.base.clock import Instant
from app.base.database import Store, writing, writing_rows
from app.content.conditions import in_words
from app.content.story_values import Move, Story
from app.learning.proof import Proof, progress_proof
from app.learning.rules import Marked, Piece, mark_move
from app.learning.runs import Run, Step, first_place, scene_of
from app.learning.tables import Answer, Attempt, Progress

ATTEMPT = cast(Table, Attempt.__table__)
ANSWER = cast(Table, Answer.__table__)
PROGRESS = cast(Table, Progress.__table__)

KEEP_ANSWER = insert(ANSWER)
ADD_PROGRESS = text(
    # `excluded` is the row that was to be inserted, in SQLite and PostgreSQL alike.
    "INSERT INTO progress (pupil_id, objective, school_id, good, slips, last_at) "
    "VALUES (:pupil_id, :objective, :school_id, :good, :slips, :last_at) "
    "ON CONFLICT (pupil_id, objective) DO UPDATE SET "
    "good = progress.good + excluded.good, "
    "slips = progress.slips + excluded.slips, "
    # A clock that was set back must not move "last" back.
    "last_at = CASE WHEN excluded.last_at > progress.last_at "
    "THEN excluded.last_at ELSE progress.last_at END"
).bindparams(bindparam("last_at", type_=Instant))


@dataclass(frozen=True, slots=True)
class Seen:
    """The run as it is on disk, and the step of the page that the pupil had in front of them."""

    run: Run
    step: int

    @property
    def overtaken(self) -> bool:
        """Whether the run has moved on since the page was drawn."""
        return self.step != self.run.step


def begin(
    school_id: str, pupil_id: str, *, piece: Piece, runs_seen: int, moment: datetime
) -> int | None:
    """Begin a run through a piece; the attempt's id.

    An open run is gone on with. None, and nothing begun, if there were more runs already than
    the pupil's page knew of, so that a page left lying starts no second run by itself.
    """
    try:
        with writing(Store.LEARNING) as session:
            connection = session.connection()
            newest = connection.execute(
                select(ATTEMPT.c.id, ATTEMPT.c.number, ATTEMPT.c.finished_at)
                .where(
                    ATTEMPT.c.school_id == school_id,
                    ATTEMPT.c.pupil_id == pupil_id,
                    ATTEMPT.c.piece == piece.id,
                )
                .order_by(ATTEMPT.c.number.desc())
                .limit(1)
            ).first()
            if newest is not None and newest.finished_at is None:
                return int(newest.id)
            if (newest.number if newest else 0) != runs_seen:
                return None
            return _new_run(
                connection,
                school_id=school_id,
                pupil_id=pupil_id,
                piece=piece.id,
                version=piece.version,
                edition=piece.edition or None,
                number=runs_seen + 1,
                at=first_place(piece),
                began_at=moment,
            )
    except IntegrityError:
        return None


def _new_run(connection: Connection, **values: Any) -> int:
    made = connection.execute(insert(ATTEMPT).values(step=0, finished_at=None, **values))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def answer_question(
    school_id: str, seen: Seen, *, place: str, marked: Marked, moment: datetime
) -> bool:
    """Keep an answer to a card's question; False if the pupil's page was overtaken."""
    answer = NewAnswer(place, marked, moment)
    return _keep(school_id, seen, answer=answer, to={}, while_open=True)


def make_move(school_id: str, seen: Seen, *, story: Story, move: Move, moment: datetime) -> bool:
    """Keep a move with what is remembered then, and go on to its scene; an ending finishes the run.

    A run that was finished takes moves after a Look again. False if the pupil's page was overtaken.
    """
    to: dict[str, Any] = {"at": move.to}
    if story.scenes[move.to].ends:
        to["finished_at"] = moment
    scene = scene_of(seen.run, story)
    before = seen.run.made_before(scene.id, move.number)
    if before is not None:
        # Whoever looked again and presses the same is back on the way they were on.
        return _keep(school_id, seen, answer=None, to={**to, "tip_id": before.id})
    state = in_words(move.after(scene.memory))
    answer = NewAnswer(scene.id, mark_move(move), moment, state)
    return _keep(school_id, seen, answer=answer, to=to)


def look_again(school_id: str, seen: Seen, *, to: Step) -> bool:
    """Go back to the scene of a step, with what was remembered then; nothing kept is changed.

    A run that was finished stays so. False if the pupil's page was overtaken.
    """
    return _keep(school_id, seen, answer=None, to={"at": to.scene.id, "tip_id": to.after})


def turn_card(school_id: str, seen: Seen, *, to: int) -> bool:
    """Go on to a card; False if the pupil's page was overtaken."""
    return _keep(school_id, seen, answer=None, to={"at": str(to)}, while_open=True)


def finish(school_id: str, seen: Seen, *, moment: datetime) -> bool:
    """End a run at its last place; False if the pupil's page was overtaken."""
    return _keep(school_id, seen, answer=None, to={"finished_at": moment}, while_open=True)


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to be kept, with what a story remembers once it is given."""

    place: str
    marked: Marked
    given_at: datetime
    state: str = ""

    def row(self, school_id: str, run: Run) -> dict[str, Any]:
        """As it is kept, when this is how the run stands before it."""
        return {
            "school_id": school_id,
            "pupil_id": run.pupil_id,
            "attempt_id": run.id,
            "place": run.kept_at(self.place),
            "turn": run.next_turn(self.place),
            "after_id": run.tip,
            "state": self.state,
            "choice": self.marked.choice,
            "good": self.marked.good,
            "misconception": self.marked.misconception,
            "objectives": " ".join(self.marked.objectives),
            "evidence": run.is_evidence(self.place),
            "given_at": self.given_at,
        }


def what_it_shows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an answer that is kept adds to progress, objective by objective."""
    if not answer["evidence"]:
        return []
    return [
        {
            "pupil_id": answer["pupil_id"],
            "objective": objective,
            "school_id": answer["school_id"],
            "good": int(answer["good"]),
            "slips": int(not answer["good"]),
            "last_at": answer["given_at"],
        }
        for objective in answer["objectives"].split()
    ]


class _OvertakenError(Exception):
    """The run moved on since the page was drawn."""


def _keep(
    school_id: str,
    seen: Seen,
    *,
    answer: NewAnswer | None,
    to: dict[str, Any],
    while_open: bool = False,
) -> bool:
    """Move the run on by one step, if it still stands where the page was drawn, with its answer.

    A double click, a second tab or device and Back all come with an older step: the first wins.
    """
    if seen.overtaken or (while_open and seen.run.finished):
        return False
    try:
        with writing_rows(Store.LEARNING) as connection:
            if answer is not None:
                tip = _keep_answer(connection, school_id, seen.run, answer)
                to = {**to, "tip_id": tip}
            _step_on(connection, school_id, seen, to)
            return True
    except (IntegrityError, _OvertakenError):
        return False


@cache
def _step(changing: tuple[str, ...]) -> Update:
    """One step on with these columns, if the run still stands where the page was drawn."""
    to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in changing}
    if "finished_at" in to:
        # The first time stands: whoever looks again comes to an end once more.
        to["finished_at"] = func.coalesce(ATTEMPT.c.finished_at, bindparam("to_finished_at"))
    return (
        update(ATTEMPT)
        .where(
            ATTEMPT.c.id == bindparam("run"),
            ATTEMPT.c.school_id == bindparam("school"),
            ATTEMPT.c.pupil_id == bindparam("pupil"),
            ATTEMPT.c.step == bindparam("seen"),
        )
        .values(step=ATTEMPT.c.step + 1, **to)
    )


def _step_on(connection: Connection, school_id: str, seen: Seen, to: dict[str, Any]) -> None:
    here = {"run": seen.run.id, "school": school_id, "pupil": seen.run.pupil_id, "seen": seen.step}
    new = {f"to_{name}": value for name, value in to.items()}
    if connection.execute(_step(tuple(to)), {**here, **new}).rowcount != 1:
        raise _OvertakenError


def _keep_answer(connection: Connection, school_id: str, run: Run, answer: NewAnswer) -> int:
    """The answer's id, once it and what it counts towards are written."""
    row = answer.row(school_id, run)
    kept = connection.execute(KEEP_ANSWER, row)
    shows = what_it_shows(row)
    if shows:
        connection.execute(ADD_PROGRESS, shows)
    assert kept.inserted_primary_key is not None
    return int(kept.inserted_primary_key[0])


def rebuild_progress() -> Proof:
    """Make progress anew from the first answers of every school; how it stood before."""
    with writing(Store.LEARNING) as session:
        proof = progress_proof(session)
        if not proof.agrees:
            connection = session.connection()
            connection.execute(
                delete(PROGRESS),
                execution_options={"every_school": "progress is made anew for all of them"},
            )
            if proof.made:
                connection.execute(insert(PROGRESS), [asdict(row) for row in proof.made])
        return proof

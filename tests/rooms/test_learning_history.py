"""A past that is kept at once is to the letter what the pages' actions would have kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.base.database import Store, db, writing
from app.learning.actions import Seen, answer_question, begin, finish, make_move, turn_card
from app.learning.history import PastRun, keep_history
from app.learning.proof import progress_proof
from app.learning.queries import newest_run
from app.learning.rules import Piece, mark_option
from app.learning.runs import place_of, scene_of
from app.learning.tables import Answer, Attempt, Progress
from tests.playing import MONDAY, SCHOOL, card, lesson, pond, question, store_in

POND = pond()
HOP = lesson(card(1, question(1), question(2)), card(2, question(1)), card(3))
LATER = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Flask]:
    with store_in(tmp_path) as app:
        yield app


def seen(pupil: str, piece: Piece) -> Seen:
    run = newest_run(SCHOOL, pupil, piece.id)
    assert run is not None
    return Seen(run, run.step)


def by_pages(pupil: str) -> None:
    """A lesson with a slip that is mended, and a story twice, the second time half-way."""
    moment = MONDAY
    begin(SCHOOL, pupil, piece=HOP, runs_seen=0, moment=moment)
    for at, number, choice in ((0, 0, 1), (0, 0, 2), (0, 1, 2), (1, 0, 1)):
        here = HOP.cards[at]
        asked = here.questions[number]
        if at == 1:
            turn_card(SCHOOL, seen(pupil, HOP), to=2)
        moment += LATER
        marked = mark_option(asked, asked.options[choice - 1])
        place = place_of(here, asked)
        answer_question(SCHOOL, seen(pupil, HOP), place=place, marked=marked, moment=moment)
    turn_card(SCHOOL, seen(pupil, HOP), to=3)
    finish(SCHOOL, seen(pupil, HOP), moment=moment + LATER)
    for runs, choices in enumerate(((1, 2), (2,))):
        begin(SCHOOL, pupil, piece=POND, runs_seen=runs, moment=moment)
        for choice in choices:
            moment += LATER
            now = seen(pupil, POND)
            move = scene_of(now.run, POND).moves[choice - 1]
            make_move(SCHOOL, now, story=POND, move=move, moment=moment)


def at_once(pupil: str) -> list[PastRun]:
    """The same in memory."""
    moment = MONDAY
    hop = past(pupil, HOP, 1, moment)
    for at, number, choice in ((0, 0, 1), (0, 0, 2), (0, 1, 2), (1, 0, 1)):
        here = HOP.cards[at]
        if at == 1:
            hop.turn_to(here)
        moment += LATER
        asked = here.questions[number]
        hop.answer(here, asked, asked.options[choice - 1], moment)
    hop.turn_to(HOP.cards[2])
    hop.finish(moment + LATER)
    runs = [hop]
    for number, choices in ((1, (1, 2)), (2, (2,))):
        runs.append(past(pupil, POND, number, moment))
        for choice in choices:
            moment += LATER
            runs[-1].move(runs[-1].scene.moves[choice - 1], moment)
    return runs


def past(pupil: str, piece: Piece, number: int, moment: datetime) -> PastRun:
    return PastRun.begun(SCHOOL, pupil, piece=piece, number=number, moment=moment)


def kept(pupil: str) -> list[list[dict[str, Any]]]:
    """All rows of a pupil; ids as their places, for another pupil has others."""
    found = []
    for table in (Attempt.__table__, Answer.__table__, Progress.__table__):
        order = [c for name in ("id", "objective") if (c := table.c.get(name)) is not None]
        asked = select(table).where(table.c.school_id == SCHOOL, table.c.pupil_id == pupil)
        found.append([dict(row._mapping) for row in db.session.execute(asked.order_by(*order))])
    attempts, answers, progress = found
    places = {row["id"]: n for n, row in enumerate(attempts)}
    numbers = {None: None, **{row["id"]: n for n, row in enumerate(answers)}}
    for row in attempts:
        row |= {"id": places[row["id"]], "tip_id": numbers[row["tip_id"]]}
    for row in answers:
        row |= {"id": numbers[row["id"]], "after_id": numbers[row["after_id"]]}
        row["attempt_id"] = places[row["attempt_id"]]
    for row in (*attempts, *answers, *progress):
        del row["pupil_id"]
    return [attempts, answers, progress]


def test_a_past_is_what_the_actions_would_have_kept(store: Flask) -> None:
    by_pages("amina")
    assert keep_history(at_once("ben")) == 7
    assert [len(rows) for rows in kept("amina")] == [3, 7, 3]
    assert kept("amina") == kept("ben")
    assert progress_proof(db.session()).agrees


def test_a_past_stands_beside_what_was_there_and_is_gone_on_with(store: Flask) -> None:
    keep_history([*at_once("ben"), *at_once("chidi")])
    times = [row.given_at for row in db.session.scalars(select(Answer).order_by(Answer.id))]
    assert times == sorted(times)
    now = seen("chidi", POND)
    assert make_move(
        SCHOOL, now, story=POND, move=scene_of(now.run, POND).moves[0], moment=MONDAY + 9 * LATER
    )
    by_pages("amina")
    assert kept("amina") == kept("ben")
    assert progress_proof(db.session()).agrees


def test_a_past_is_kept_whole_or_not_at_all(store: Flask) -> None:
    keep_history(at_once("ben"))
    with pytest.raises(Exception, match="UNIQUE"):
        keep_history([*at_once("amina"), *at_once("ben")])
    assert kept("amina") == [[], [], []]
    assert keep_history([]) == 0
    with writing(Store.LEARNING):
        assert progress_proof(db.session()).agrees

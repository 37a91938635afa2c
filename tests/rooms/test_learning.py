"""Playing on a real database: what is kept, and what is never counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.base.database import Store, db, writing
from app.base.errors import StoreAway
from app.content.values import Question
from app.learning.actions import (
    Seen,
    answer_question,
    begin,
    finish,
    make_move,
    turn_card,
)
from app.learning.queries import newest_run, pieces_state, pupil_progress
from app.learning.rules import Piece, Shown, mark_option
from app.learning.runs import PieceState, Run, scene_of
from app.learning.tables import Answer, Progress
from tests.playing import MONDAY, SCHOOL, add_school, card, lesson, pond, question, store_in

HOP = lesson(card(1, question(1), question(2)), card(2))


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Flask]:
    with store_in(tmp_path) as app:
        yield app


def run_of(piece: Piece, pupil: str = "amina") -> Run:
    run = newest_run(SCHOOL, pupil, piece.id)
    assert run is not None
    return run


def start(piece: Piece, pupil: str = "amina", runs_seen: int = 0) -> Run:
    begin(SCHOOL, pupil, piece=piece, runs_seen=runs_seen, moment=MONDAY)
    return run_of(piece, pupil)


def answer(run: Run, asked: Question, choice: int, step: int | None = None) -> bool:
    marked = mark_option(asked, asked.options[choice - 1])
    seen = Seen(run, run.step if step is None else step)
    return answer_question(SCHOOL, seen, place=f"1.{asked.number}", marked=marked, moment=MONDAY)


def play(run: Run, *choices: int) -> Run:
    for choice in choices:
        move = scene_of(run, pond()).moves[choice - 1]
        assert make_move(SCHOOL, Seen(run, run.step), story=pond(), move=move, moment=MONDAY)
        run = run_of(pond())
    return run


def count(table: type[Answer] | type[Progress]) -> int:
    found = db.session.execute(select(func.count()).select_from(table)).scalar()
    assert found is not None
    return found


def test_a_pupil_begins_at_the_beginning_with_the_version_of_the_day() -> None:
    run = start(lesson(*HOP.cards, version=4))
    assert (run.number, run.version, run.at, run.step, run.finished) == (1, 4, "1", 0, False)


def test_starting_twice_goes_on_with_the_same_run() -> None:
    first = start(HOP)
    assert start(HOP).id == first.id
    assert start(HOP, runs_seen=1).id == first.id


def test_only_play_again_begins_a_second_run() -> None:
    first = start(HOP)
    finish(SCHOOL, Seen(first, 0), moment=MONDAY)
    assert begin(SCHOOL, "amina", piece=HOP, runs_seen=0, moment=MONDAY) is None
    assert run_of(HOP).id == first.id
    assert start(HOP, runs_seen=1).number == 2


def test_an_answer_is_kept_as_it_was_given() -> None:
    assert answer(start(HOP), question(1), 1)
    (row,) = db.session.execute(select(Answer.__table__)).all()
    assert (row.place, row.turn, row.choice, row.good) == ("1.1", 1, 1, False)
    assert (row.misconception, row.objectives) == ("s-code-share", "safe.password")
    assert row.evidence
    assert row.given_at == MONDAY


def test_a_double_click_counts_once() -> None:
    run = start(HOP)
    assert answer(run, question(1), 2)
    assert not answer(run, question(1), 2)
    assert count(Answer) == 1
    assert pupil_progress(SCHOOL, "amina") == {"safe.password": Shown(1, 0)}


def test_of_two_tabs_the_first_answer_wins() -> None:
    run = start(HOP)
    assert answer(run, question(1), 1)
    assert not answer(run_of(HOP), question(1), 2, step=run.step)
    assert [given.choice for given in run_of(HOP).answers] == [1]


def test_a_made_up_step_cannot_count_an_answer_twice() -> None:
    run = start(HOP)
    answer(run, question(1), 2)
    assert not answer(run, question(1), 2, step=1)
    assert count(Answer) == 1


def test_the_database_itself_refuses_a_second_first_answer() -> None:
    run = start(HOP)
    answer(run, question(1), 2)
    older = Run(**{name: getattr(run, name) for name in Run.__slots__} | {"step": 1})
    assert not answer(older, question(1), 2, step=1)
    assert count(Answer) == 1
    assert run_of(HOP).step == 1


def test_another_try_is_kept_as_practice_and_changes_no_progress() -> None:
    answer(start(HOP), question(1), 1)
    assert answer(run_of(HOP), question(1), 2)
    assert [(given.turn, given.good) for given in run_of(HOP).answers] == [(1, False), (2, True)]
    assert pupil_progress(SCHOOL, "amina") == {"safe.password": Shown(0, 1)}


def test_a_second_run_is_practice() -> None:
    play(start(pond()), 2, 2)
    before = pupil_progress(SCHOOL, "amina")
    play(start(pond(), runs_seen=1), 1, 1)
    assert pupil_progress(SCHOOL, "amina") == before
    assert count(Answer) == 4


def test_a_risky_move_is_a_slip_and_a_safe_one_counts_for_all_its_objectives() -> None:
    play(start(pond()), 1, 2)
    assert pupil_progress(SCHOOL, "amina") == {
        "tell.block": Shown(1, 1),
        "tell.helpers": Shown(1, 0),
    }


def test_the_move_to_an_ending_finishes_the_run_in_the_same_step() -> None:
    run = play(start(pond()), 2, 2)
    assert (run.finished, run.at, run.step) == (True, "home", 2)


def test_a_finished_run_takes_no_more_answers() -> None:
    run = start(HOP)
    finish(SCHOOL, Seen(run, 0), moment=MONDAY)
    assert not answer(run_of(HOP), question(1), 1)
    assert count(Answer) == 0


def test_turning_a_card_moves_on_once() -> None:
    run = start(HOP)
    assert turn_card(SCHOOL, Seen(run, 0), to=2)
    assert not turn_card(SCHOOL, Seen(run, 0), to=2)
    assert (run_of(HOP).at, run_of(HOP).step) == ("2", 1)


def test_nothing_is_half_written_when_the_disk_fails() -> None:
    run = start(HOP)
    with writing(Store.LEARNING) as session:
        session.connection().exec_driver_sql("ALTER TABLE progress RENAME TO away")
    with pytest.raises(StoreAway):
        answer(run, question(1), 2)
    assert count(Answer) == 0
    assert run_of(HOP).step == 0


def test_a_school_cannot_move_the_run_of_another_school() -> None:
    add_school("other", "oak", ("zofia",))
    run = start(HOP)
    marked = mark_option(question(1), question(1).options[0])
    seen = Seen(run, 0)
    assert not answer_question("other", seen, place="1.1", marked=marked, moment=MONDAY)
    assert newest_run("other", "amina", HOP.id) is None


def test_a_clock_that_was_set_back_never_moves_the_last_day_back() -> None:
    run = start(pond())
    first, second = pond().scenes["fly"], pond().scenes["rain"]
    make_move(SCHOOL, Seen(run, 0), story=pond(), move=first.moves[1], moment=MONDAY)
    earlier = MONDAY - timedelta(days=1)
    make_move(SCHOOL, Seen(run_of(pond()), 1), story=pond(), move=second.moves[1], moment=earlier)
    last = select(Progress.last_at).where(Progress.objective == "tell.block")
    assert db.session.execute(last).scalar() == MONDAY


def test_a_scene_that_was_lost_starts_the_story_again_and_its_first_answer_stays() -> None:
    play(start(pond()), 2)
    with writing(Store.LEARNING) as session:
        session.execute(update(Answer.metadata.tables["attempt"]).values(at="gone"))
    play(run_of(pond()), 1)
    turns = [(given.place, given.turn) for given in run_of(pond()).answers]
    assert turns == [("fly", 1), ("fly", 2)]
    assert pupil_progress(SCHOOL, "amina") == {"tell.block": Shown(1, 0)}


def test_the_map_knows_what_is_open_and_what_is_done() -> None:
    run = start(HOP)
    turn_card(SCHOOL, Seen(run, 0), to=2)
    play(start(pond()), 2, 2)
    assert pieces_state(SCHOOL, "amina") == {
        HOP.id: PieceState(runs=1, finished=0, at="2"),
        pond().id: PieceState(runs=1, finished=1, at=None),
    }
    assert pieces_state(SCHOOL, "ben") == {}

"""Progress is always what the first answers make: by chance, at once, and after mending."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from app.base.database import Store, db, writing
from app.learning.actions import Seen, begin, make_move, rebuild_progress
from app.learning.proof import progress_proof
from app.learning.queries import newest_run, pieces_state, pupil_progress
from app.learning.rules import Shown
from app.learning.runs import Run, scene_of
from app.learning.tables import Answer, Progress
from tests.playing import MONDAY, PUPILS, SCHOOL, pond, store_in

POND = pond()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Flask]:
    with store_in(tmp_path) as app:
        yield app


def newest(pupil: str) -> Run:
    run = newest_run(SCHOOL, pupil, POND.id)
    assert run is not None
    return run


def step_on(pupil: str, choice: int, *, late: bool = False) -> bool:
    """Begin if there is nothing open, else make a move, perhaps from a page that is too old."""
    state = pieces_state(SCHOOL, pupil).get(POND.id)
    if state is None or not state.open:
        seen = state.runs if state else 0
        begin(SCHOOL, pupil, piece=POND, runs_seen=seen, moment=MONDAY)
    run = newest(pupil)
    move = scene_of(run, POND).moves[choice - 1]
    seen_step = run.step - 1 if late else run.step
    return make_move(SCHOOL, Seen(run, seen_step), story=POND, move=move, moment=MONDAY)


STEPS = st.lists(
    st.tuples(st.sampled_from(PUPILS), st.sampled_from([1, 2]), st.booleans()), max_size=12
)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_progress_agrees_with_the_answers_whatever_pupils_do(
    steps: list[tuple[str, int, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, store_in(Path(folder)):
        kept = [step_on(pupil, choice, late=late) for pupil, choice, late in steps]
        assert kept == [not late for _, _, late in steps]
        proof = progress_proof(db.session())
        assert proof.agrees, list(proof.differences())
        assert db.session.execute(select(func.count(Answer.id))).scalar() == sum(kept)


def test_sixteen_devices_at_once_lose_nothing_and_count_nothing_twice(store: Flask) -> None:
    gather = Barrier(16)

    def play(device: int) -> int:
        pupil = PUPILS[device % 2]
        with store.app_context():
            gather.wait()
            return sum(step_on_or_late(pupil) for _ in range(10))

    for pupil in PUPILS[:2]:
        begin(SCHOOL, pupil, piece=POND, runs_seen=0, moment=MONDAY)
    with ThreadPoolExecutor(16) as devices:
        acknowledged = sum(devices.map(play, range(16)))
    assert db.session.execute(select(func.count(Answer.id))).scalar() == acknowledged == 4
    assert pupil_progress(SCHOOL, "amina") == {
        "tell.block": Shown(2, 0),
        "tell.helpers": Shown(1, 0),
    }
    assert progress_proof(db.session()).agrees


def step_on_or_late(pupil: str) -> bool:
    run = newest(pupil)
    moves = scene_of(run, POND).moves
    seen = Seen(run, run.step)
    return bool(moves) and make_move(SCHOOL, seen, story=POND, move=moves[1], moment=MONDAY)


def test_sixteen_pupils_who_answer_at_once_are_all_kept(tmp_path: Path) -> None:
    from tests.playing import add_school

    crowd = tuple(f"pupil{number}" for number in range(16))
    with store_in(tmp_path) as app:
        add_school("big", "oak", crowd)
        gather = Barrier(16)

        def play(pupil: str) -> bool:
            with app.app_context():
                begin("big", pupil, piece=POND, runs_seen=0, moment=MONDAY)
                run = newest_run("big", pupil, POND.id)
                assert run is not None
                gather.wait()
                move = POND.scenes["fly"].moves[1]
                return make_move("big", Seen(run, 0), story=POND, move=move, moment=MONDAY)

        with ThreadPoolExecutor(16) as devices:
            assert all(devices.map(play, crowd))
        assert db.session.execute(select(func.count(Answer.id))).scalar() == 16
        assert progress_proof(db.session()).agrees


def test_sixteen_presses_on_start_begin_one_run(store: Flask) -> None:
    gather = Barrier(16)

    def press(_: int) -> int | None:
        with store.app_context():
            gather.wait()
            return begin(SCHOOL, "amina", piece=POND, runs_seen=0, moment=MONDAY)

    with ThreadPoolExecutor(16) as devices:
        assert len(set(devices.map(press, range(16)))) == 1
    assert pieces_state(SCHOOL, "amina")[POND.id].runs == 1


@pytest.mark.parametrize(
    "harm",
    [
        delete(Progress).where(Progress.objective == "tell.block"),
        update(Progress).values(good=Progress.good + 1),
        update(Progress).values(slips=7),
    ],
)
def test_rebuilding_finds_and_mends_every_kind_of_harm(store: Flask, harm: object) -> None:
    step_on("amina", 2)
    before = pupil_progress(SCHOOL, "amina")
    with writing(Store.LEARNING) as session:
        session.execute(harm)  # type: ignore[call-overload]
    assert not progress_proof(db.session()).agrees
    found = rebuild_progress()
    assert list(found.differences())
    assert pupil_progress(SCHOOL, "amina") == before
    assert progress_proof(db.session()).agrees


def test_progress_that_nobody_earned_goes_away(store: Flask) -> None:
    with writing(Store.LEARNING) as session:
        session.add(
            Progress(
                pupil_id="amina",
                objective="tell.block",
                school_id=SCHOOL,
                good=5,
                slips=0,
                last_at=MONDAY,
            )
        )
    rebuild_progress()
    assert pupil_progress(SCHOOL, "amina") == {}

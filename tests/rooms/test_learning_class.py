"""What a teacher is told of a class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, update

from app.base.database import Store, engine_of, writing
from app.learning.actions import Seen, begin, make_move
from app.learning.queries import class_progress, misconception_counts, newest_run
from app.learning.rules import Shown
from app.learning.runs import scene_of
from app.people.tables import Pupil
from tests.playing import CLASS, MONDAY, SCHOOL, add_school, pond, store_in


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Flask]:
    with store_in(tmp_path) as app:
        add_school("other", "oak", ("zofia",))
        yield app


def play(pupil: str, *choices: int, school_id: str = SCHOOL, runs_seen: int = 0) -> None:
    begin(school_id, pupil, piece=pond(), runs_seen=runs_seen, moment=MONDAY)
    for choice in choices:
        run = newest_run(school_id, pupil, pond().id)
        assert run is not None
        move = scene_of(run, pond()).moves[choice - 1]
        make_move(school_id, Seen(run, run.step), story=pond(), move=move, moment=MONDAY)


def leave(pupil: str) -> None:
    with writing(Store.LEARNING) as session:
        session.execute(update(Pupil).where(Pupil.id == pupil).values(left_at=MONDAY))


def test_a_class_shows_its_own_pupils_and_no_others() -> None:
    play("amina", 2, 1)
    play("zofia", 2, school_id="other")
    assert class_progress(SCHOOL, CLASS) == {
        ("amina", "tell.block"): Shown(1, 0),
        ("amina", "tell.helpers"): Shown(0, 1),
    }
    assert class_progress("other", CLASS) == {}
    assert class_progress(SCHOOL, "oak") == {}


def test_a_pupil_who_left_is_no_longer_shown() -> None:
    play("amina", 1)
    leave("amina")
    assert class_progress(SCHOOL, CLASS) == {}
    assert misconception_counts(SCHOOL, CLASS) == {}


def test_a_misconception_counts_pupils_and_not_slips() -> None:
    play("amina", 1, 1)
    play("ben", 1, 2)
    play("chidi", 2, 2)
    assert misconception_counts(SCHOOL, CLASS) == {"t-block-fixes": 2}
    assert misconception_counts("other", CLASS) == {}


def test_practice_shows_no_misconception() -> None:
    play("amina", 2, 2)
    play("amina", 1, 1, runs_seen=1)
    assert misconception_counts(SCHOOL, CLASS) == {}


def test_a_class_is_read_in_one_select() -> None:
    play("amina", 2)
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(engine_of(Store.LEARNING), "before_cursor_execute", note)
    class_progress(SCHOOL, CLASS)
    assert len(statements) == 1

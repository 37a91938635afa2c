"""The class page over ten thousand, a million, ten million answers: its SELECTs and its time.

The school grows around one class of thirty, three hundred answers to each pupil, as a trust of
many schools on one installation would.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, event

from app import create_app
from app.base import clock
from app.base.database import Store, engine_of
from app.config import Settings
from app.content.catalogue import Catalogue
from app.learning.rules import objectives_taught
from app.people.actions.sign_ins import begin_for_staff
from app.prepare import prepare
from tests.at_desk import school_with_team
from tests.load.big_school import LESSON, cookie
from tests.look.learners import NAMES, add_class, add_pupils

EACH = 300
"""Answers of a pupil in a year, about two lessons a week."""
CLASS = 30
SIZES = (10_000, 1_000_000, 10_000_000)


@dataclass(frozen=True)
class Grid:
    """The class page at one size."""

    answers: int
    selects: int
    milliseconds: float


def grids(sizes: tuple[int, ...] = SIZES, *, looks: int = 60) -> list[Grid]:
    """The page at each size; the sizes take turns, so that a busy moment falls on all of them."""
    with tempfile.TemporaryDirectory() as folder:
        pages = [_Page(Path(folder) / str(size), size) for size in sizes]
        times: list[list[float]] = [[] for _ in pages]
        for _ in range(looks):
            for page, found in zip(pages, times, strict=True):
                found.append(page.look())
        return [
            Grid(page.answers, page.selects(), statistics.median(found[5:]) * 1000)
            for page, found in zip(pages, times, strict=True)
        ]


class _Page:
    """The class page of a school with so many answers."""

    def __init__(self, folder: Path, answers: int) -> None:
        settings = Settings(data_dir=folder / "data", keys_dir=folder / "keys")
        app = create_app(prepare(settings))
        desk = school_with_team(app)
        with app.app_context():
            names = [f"{name} {n}" for n in (1, 2) for name in NAMES][:CLASS]
            class_id = add_class(desk.id, "Grid", "4")
            add_pupils(desk.id, class_id, names)
            token = begin_for_staff(desk.id, desk.school.lane, clock.now(), second_step=True)
            self.answers = _fill(app, desk.id, answers // EACH)
        self._client = app.test_client()
        self._client.set_cookie("catkin", cookie(app, token))
        self._path, self._app = f"/class/{class_id}/progress", app

    def look(self) -> float:
        """Seconds for one look."""
        began = time.perf_counter()
        answer = self._client.get(self._path)
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.status_code
        return took

    def selects(self) -> int:
        """The SELECTs of one look, but for who is looking."""
        heard: list[str] = []

        def hear(_c: object, _k: object, statement: str, *_: object) -> None:
            if statement.lstrip().upper().startswith("SELECT") and "sign_in" not in statement:
                heard.append(statement)

        with self._app.app_context():
            engine = engine_of(Store.LEARNING)
        event.listen(engine, "before_cursor_execute", hear)
        self.look()
        event.remove(engine, "before_cursor_execute", hear)
        return len(heard)


def _fill(app: Flask, school_id: str, pupils: int) -> int:
    """Pupils, their runs, answers and progress, by SQL alone; the class of thirty among them."""
    known: Catalogue = app.extensions["catkin"].catalogue
    asked = objectives_taught([*known.lessons_for("7-9"), *known.quizzes_for("7-9")])
    with engine_of(Store.LEARNING).connect() as connection:
        for setting in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-500000"):
            connection.exec_driver_sql(f"PRAGMA {setting}")
        connection.exec_driver_sql("BEGIN")
        for statement in (MORE_CLASSES, MORE_PUPILS, RUNS, ANSWERS):
            _run(connection, statement, school_id, pupils)
        for objective in asked:
            connection.exec_driver_sql(PROGRESS, {"school": school_id, "objective": objective})
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        found = connection.exec_driver_sql("SELECT count(*) FROM answer").scalar()
    engine_of(Store.LEARNING).dispose()
    return int(found or 0)


def _run(connection: Connection, statement: str, school_id: str, pupils: int) -> None:
    connection.exec_driver_sql(
        statement,
        {"school": school_id, "pupils": pupils, "lesson": LESSON, "each": EACH, "class": CLASS},
    )


NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {most}) "
MORE_CLASSES = NUMBERS.format(most="max(1, :pupils / :class)") + (
    "INSERT INTO school_class (id, school_id, name, years, code_word, code_number, made_at) "
    "SELECT 'class' || i, :school, 'Class ' || i, '4', 'many' || i, '1111', '2026-09-01 09:00:00' "
    "FROM n"
)
MORE_PUPILS = NUMBERS.format(most=":pupils") + (
    "INSERT INTO pupil (id, school_id, class_id, given_name, family_name, shown_name, avatar,"
    " made_at) SELECT 'pupil' || i, :school, 'class' || (i / :class), 'Pupil', 'Khan',"
    " 'Pupil ' || i, 'fox', '2026-09-01 09:00:00' FROM n "
    "WHERE i >= :class"  # The class that is looked at has thirty of its own.
)
RUNS = (
    "INSERT INTO attempt (school_id, pupil_id, piece, version, number, at, step, began_at) "
    "SELECT school_id, id, :lesson, 1, 1, '1', 0, '2026-09-01 09:00:00' FROM pupil "
    "WHERE school_id = :school"
)
ANSWERS = NUMBERS.format(most=":each") + (
    "INSERT INTO answer (school_id, pupil_id, attempt_id, place, turn, choice, good, objectives,"
    " evidence, given_at) SELECT a.school_id, a.pupil_id, a.id, '1.' || n.i, 1, 1, n.i % 3 > 0,"
    " 'tell.feelings', 1, '2026-10-01 09:00:00' FROM attempt a, n"
)
PROGRESS = (
    "INSERT INTO progress (pupil_id, objective, school_id, good, slips, last_at) "
    "SELECT id, :objective, school_id, 4, 1, '2026-10-01 09:00:00' FROM pupil "
    "WHERE school_id = :school"
)

"""The lessons, quizzes and registers that Catkin comes with."""

from __future__ import annotations

from pathlib import Path

from app.content.check import check

ROOT = Path(__file__).resolve().parents[3]


def test_every_lesson_and_quiz_that_ships_keeps_every_rule() -> None:
    assert [str(problem) for problem in check(ROOT)] == []

"""What a class's first answers ask of its teacher, and by when a school has promised to read."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from app.base.clock import SCHOOL_ZONE
from app.content.values import Misconception
from app.learning.rules import GridRow, Shown, State
from app.learning.teaching import have_answered, stuck_pupils, teach_next, under_way, wrong_ideas
from app.people.rules import SchoolDay
from app.safeguarding.rules import HOUR, read_by
from tests.quick import content

DAY = SchoolDay(time(8, 45), time(15, 30))
LOOKED = ("ours", date(2026, 11, 20), True)
KNOWN = {
    one: Misconception(one, ("7-9",), "T", f"{one}!", "", "", "tell.again", *LOOKED)
    for one in ("a", "b")
}
N, S, X, O = State.NEARLY, State.SECURE, State.STUCK, State.NOT_STARTED  # noqa: E741


def row(objective: str, *cells: State) -> GridRow:
    return GridRow(objective, "T", objective, cells)


def test_seven_pupils_are_too_few_to_say_what_a_class_gets_wrong() -> None:
    assert wrong_ideas({"a": 7}, KNOWN, answered=7) == []
    assert [idea.count for idea in wrong_ideas({"a": 7}, KNOWN, answered=8)] == [7]


def test_the_most_common_wrong_idea_comes_first_and_a_forgotten_one_is_left_out() -> None:
    found = wrong_ideas({"a": 2, "b": 5, "gone": 9}, KNOWN, answered=10)
    assert [(idea.sentence, idea.count) for idea in found] == [("b!", 5), ("a!", 2)]


def test_a_pupil_with_one_answer_has_answered() -> None:
    assert have_answered({("x", "1"): Shown(1, 0), ("x", "2"): Shown(), ("y", "1"): Shown()}) == 2


def test_who_is_stuck_on_most_comes_first() -> None:
    found = stuck_pupils([row("1", X, S, X), row("2", O, N, X)])
    assert [(one.place, len(one.objectives)) for one in found] == [(2, 2), (0, 1)]
    assert stuck_pupils([]) == []


def test_the_rows_on_which_most_pupils_are_at_work_fit_on_today_in_their_order() -> None:
    rows = [row("1", O, O), row("2", N, O), row("3", S, S), row("4", N, X)]
    assert [one.objective for one in under_way(rows, 2)] == ["2", "4"]


def test_the_lesson_that_answers_the_common_mistake_is_taught_next() -> None:
    lessons = content().lessons_for("7-9")
    idea = lessons[0].misconceptions[0]
    wrong = wrong_ideas({idea: 3}, content().misconceptions, answered=9)
    following = teach_next(lessons, wrong, {lessons[0].id: 9}, of=9)
    assert following is not None
    assert following.answers is not None
    assert (following.lesson, following.answers.id) == (lessons[0], idea)


def test_without_a_mistake_the_next_lesson_is_one_that_half_the_class_has_not_done() -> None:
    lesson = content().lessons["t-79"]
    following = teach_next([lesson], [], {lesson.id: 4}, of=9)
    assert following is not None
    assert following.answers is None
    assert teach_next([lesson], [], {lesson.id: 5}, of=9) is None


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SCHOOL_ZONE)


@pytest.mark.parametrize(
    ("told", "promise", "due"),
    [
        ("2026-11-16 10:00", "the same school day", "2026-11-16 15:30"),
        ("2026-11-16 16:00", "the same school day", "2026-11-17 15:30"),
        ("2026-11-16 07:00", HOUR, "2026-11-16 09:45"),
        ("2026-11-16 10:00", HOUR, "2026-11-16 11:00"),
        ("2026-11-16 15:00", HOUR, "2026-11-17 09:15"),
        ("2026-11-20 15:20", HOUR, "2026-11-23 09:35"),
        ("2026-11-21 12:00", "the same school day", "2026-11-23 15:30"),
    ],
)
def test_a_promise_counts_in_school_days_and_hours(told: str, promise: str, due: str) -> None:
    assert read_by(at(told), DAY, promise) == at(due)


def test_a_school_that_promised_nothing_is_held_to_no_time() -> None:
    assert read_by(at("2026-11-16 10:00"), DAY, None) is None

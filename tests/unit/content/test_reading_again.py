"""Content that is read again while it is edited, and content that is read in many processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content import catalogue
from app.content.catalogue import Memo, read_and_check
from app.content.check import check
from tests.unit.content.conftest import Desk


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are really read and checked, in order."""
    files: list[str] = []
    for folder, (ending, reader) in catalogue.FILES.items():

        def noted(text: str, label: str, *rest: object, reader: object = reader) -> object:
            files.append(label)
            return reader(text, label, *rest)  # type: ignore[operator]

        monkeypatch.setattr(
            catalogue, f"read_{'story' if folder == 'quizzes' else 'lesson'}", noted
        )
        monkeypatch.setitem(catalogue.FILES, folder, (ending, noted))  # type: ignore[arg-type]
    return files


def test_only_what_changed_is_read_again(desk: Desk, read: list[str]) -> None:
    memo = Memo()
    first = read_and_check(desk.root, memo)
    assert read_and_check(desk.root, memo) == first
    assert sorted(read) == [Desk.LESSON, Desk.STORY]
    read.clear()
    desk.plant(Desk.STORY, "Iona plays with her frog.", "Iona plays with a frog.")
    again, problems = read_and_check(desk.root, memo)
    assert read == [Desk.STORY]
    assert (again, problems) == read_and_check(desk.root)
    assert again != first[0]


def test_a_register_that_changes_is_heard_of_in_every_piece(desk: Desk, read: list[str]) -> None:
    memo = Memo()
    read_and_check(desk.root, memo)
    read.clear()
    desk.plant("lessons/facts/misconceptions.yaml", "id: t-once", "id: t-twice")
    _, problems = read_and_check(desk.root, memo)
    assert sorted(read) == [Desk.LESSON, Desk.STORY]
    assert problems == tuple(check(desk.root))
    assert any("there is no misconception t-once" in problem.what for problem in problems)


def test_a_problem_is_told_each_time_and_gone_when_it_is_mended(desk: Desk) -> None:
    memo, whole = Memo(), (desk.root / Desk.STORY).read_bytes()
    desk.plant(Desk.STORY, "start: pond", "start: pnod")
    for _ in range(2):
        assert [p.what for p in read_and_check(desk.root, memo)[1]] == [
            "there is no scene pnod to start with"
        ]
    desk.write(Desk.STORY, whole)
    assert read_and_check(desk.root, memo)[1] == ()


def faulty(desk: Desk) -> Path:
    """Faults of every kind that show only when files are laid side by side, and some others."""
    text = (desk.root / Desk.STORY).read_text("utf-8")
    desk.write("quizzes/7-9/twin.yaml", text)
    desk.write("quizzes/7-9/other.yaml", text.replace("t-79-small", "t-79-other"))
    desk.write("quizzes/5-7/moved.yaml", text.replace("t-79-small", "t-79-moved"))
    desk.write("quizzes/9-11/bytes.yaml", b"\xff\xfe")
    desk.write("lessons/9-11/odd.txt", "x")
    lesson = (desk.root / Desk.LESSON).read_text("utf-8")
    desk.write("lessons/7-9/again.md", lesson)
    desk.write(
        "lessons/7-9/lost.md",
        lesson.replace("id: t-79\n", "id: t-79-x\n").replace("t-79-small", "t-79-lost"),
    )
    return desk.root


def test_many_processes_say_what_one_says(desk: Desk) -> None:
    assert check(desk.root, many=1) == check(desk.root, many=10_000) == []
    root = faulty(desk)
    one = check(root, many=10_000)
    assert check(root, many=1) == one
    assert len({problem.file for problem in one}) >= 5

"""Drafts: checked like everything, and seen by their authors alone."""

from __future__ import annotations

from typing import Any

from app.content.catalogue import published, read_and_check


def test_a_draft_is_checked_and_not_published(desk: Any) -> None:
    desk.plant(desk.STORY, "start: pond", "draft: true\nstart: pond")
    catalogue, problems = read_and_check(desk.root)
    assert [problem.file for problem in problems] == [desk.LESSON]
    assert [story.draft for story in catalogue.quizzes.values()] == [True]
    assert list(published(catalogue).quizzes) == []


def test_a_lesson_that_is_no_draft_names_no_draft(desk: Any) -> None:
    desk.plant(desk.STORY, "start: pond", "draft: true\nstart: pond")
    said = [p for p in desk.problems() if "is a draft" in p.what]
    assert [(p.file, p.mend) for p in said] == [(desk.LESSON, "let the lesson be one too")]


def test_a_fault_of_a_draft_is_named(desk: Any) -> None:
    desk.plant(desk.STORY, "start: pond", "draft: true\nstart: pond")
    line = desk.plant(desk.STORY, "to: dry", "to: drie")
    assert line in {p.line for p in desk.problems()}

"""Files as people save them, and files that are no files of ours."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from app.content.catalogue import read_catalogue
from app.content.problems import ContentProblems


@pytest.mark.parametrize("which", ["STORY", "LESSON"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b"\xef\xbb\xbf"),
        (b"\n", b"\r\n"),
        (b"\n", b"\r"),
        (b"  ", b"\t"),
        (b". ", b".\xc2\xa0"),
        (b"\n", b"  \n"),
    ],
    ids=["BOM", "Windows line ends", "old line ends", "tabs", "hard spaces", "trailing spaces"],
)
def test_what_an_editor_leaves_in_a_file_is_mended(
    desk: Any, which: str, old: bytes, new: bytes
) -> None:
    name = getattr(desk, which)
    before = read_catalogue(desk.root)
    raw = (desk.root / name).read_bytes()
    desk.write(name, raw.replace(old, new) if old else new + raw)
    after = read_catalogue(desk.root)
    assert (after.lessons, after.quizzes) == (before.lessons, before.quizzes)


@pytest.mark.parametrize("name", ["quizzes/7-9/x.yaml", "lessons/7-9/x.md"])
@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        (b"id: a\nb: \0", "a NUL byte", 2),
        (b"id: a\r\nb: caf\xe9", "not UTF-8", 2),
        ("id: é".encode("utf-16"), "saved as UTF-16", 1),
        (b"#" * (256 * 1024 + 1), "over 256 KB", 1),
    ],
    ids=["NUL", "latin", "UTF-16", "long"],
)
def test_a_file_that_cannot_be_read_is_one_problem_and_no_stop(
    desk: Any, name: str, content: bytes, words: str, line: int
) -> None:
    desk.write(name, content)
    (problem,) = desk.problems()
    assert words in problem.what
    assert (problem.file, problem.line) == (name, line)


def test_a_folder_or_a_locked_file_in_the_place_of_a_file_is_one_problem(desk: Any) -> None:
    (desk.root / "lessons/7-9/x.md").mkdir()
    os.mkfifo(desk.root / "lessons/7-9/y.md")
    (desk.root / "lessons/7-9/z.md").symlink_to(desk.root / "nowhere")
    assert [p.file[-4:] for p in desk.problems()] == ["x.md", "y.md", "z.md"]


def test_a_character_that_nobody_can_see_is_named(desk: Any) -> None:
    line = desk.plant(desk.STORY, "They have tea.", "They ha\u200bve \u202etea.")
    assert [(p.line, p.what) for p in desk.problems()] == [
        (line, "a hidden character (U+200B)"),
        (line, "a hidden character (U+202E)"),
    ]


def test_broken_yaml_is_one_problem_with_its_line_and_other_files_are_still_read(
    desk: Any,
) -> None:
    line = desk.plant(desk.STORY, "title: The Small Frog", "title: The Small: Frog")
    desk.plant(desk.LESSON, "Help her.", "Help her favorite frog.")
    lesson, story = desk.problems()
    assert (lesson.file, story.file, story.line) == (desk.LESSON, desk.STORY, line)
    assert "colon" in story.mend


def test_a_missing_folder_or_register_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentProblems) as caught:
        read_catalogue(tmp_path)
    assert str(caught.value).endswith("10 problems.")
    assert "lessons/facts/objectives.yaml:1: the register is missing, put it back" in str(
        caught.value
    )


def test_a_broken_register_blames_no_lesson(desk: Any) -> None:
    desk.write("lessons/facts/objectives.yaml", "- id: [\n")
    assert {p.file for p in desk.problems()} == {"lessons/facts/objectives.yaml"}


NAUGHTY = [
    "",
    "\n\n",
    "---\n---\n",
    "null",
    "[]",
    "- 1\n- 2",
    "just words",
    "[" * 600,
    "{" * 600,
    "- " * 5000,
    "? " * 3000,
    "a: " * 3000,
    "%YAML 1.1\n---\nid: yes",
    "%YAML 9.9\n---\nid: yes",
    "%TAG ! tag:x,2000:\n---\n!y {}",
    "a: &a [*a]",
    "a: *b",
    "<<: {a: 1}",
    "? [a, b]\n: c",
    "? {a: b}\n: c",
    "!!binary x",
    "!!set {a, b}",
    "!!python/object/apply:os.system [x]",
    "a: 0x1F\nb: 1e999\nc: .nan\nd: 12:30:45\ne: 9999-99-99",
    "scenes: 5\ncast: []\nobjectives: {a: b}",
    "scenes: [1, null, [], {moves: 3}, {moves: [4, {feedback: []}]}, {tell: {a: b}}]",
    "scenes: [{id: {}, ending: [[]], moves: [{to: []}]}]\nstart: []",
    "a: |\n  " + "x" * 9000,
    "a: " + "9" * 9000,
    "'" * 999,
    '"\\ud800"',
    "---\nid: 1\n---\n## \n# \n#\n##\n? \n( )\n(*)\n>\n[[\n]]\n[[]]\n{\n}\n",
    "---\nid: 1\n---\n## idea: x\n" + "> " * 999 + "\n" + "*_" * 999,
]


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_nothing_written_in_a_file_stops_the_check(desk: Any, text: str) -> None:
    for name in ("lessons/7-9/x.md", "quizzes/7-9/x.yaml", "lessons/facts/age-limits.yaml"):
        desk.write(name, text)
    with pytest.raises(ContentProblems):
        read_catalogue(desk.root)


@pytest.mark.parametrize("which", ["STORY", "LESSON", "MISCONCEPTIONS"])
def test_nothing_torn_up_at_random_stops_the_check(desk: Any, which: str) -> None:
    name = getattr(desk, which, "lessons/facts/misconceptions.yaml")
    lines = (desk.root / name).read_text().split("\n")
    chance = random.Random(which)
    for _ in range(40):
        torn = list(lines)
        for _ in range(chance.randint(1, 4)):
            i = chance.randrange(len(torn))
            word = chance.choice(['"', "{", "- ", "::", "!x", "[", "  ", "\t", "|", "", "# ", "*a"])
            at = chance.randrange(len(torn[i]) + 1)
            torn[i] = chance.choice(["", torn[i][:at], torn[i][:at] + word + torn[i][at:]])
        desk.write(name, "\n".join(torn))
        for problem in desk.problems():
            assert problem.what
            assert problem.mend
            assert problem.line > 0

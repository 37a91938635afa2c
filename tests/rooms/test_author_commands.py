"""The commands for authors: a map into a file, a draft into the right folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.base.errors import CannotStart
from app.cli import run_command
from app.config import ROOT, Settings

NEW = ["content", "new", "story", "--band", "7-9", "--letter", "t", "--title", "The Lost Hat"]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the content, and an author who stands in another folder."""
    root = tmp_path / "library"
    for name in ("lessons", "quizzes"):
        shutil.copytree(ROOT / name, root / name)
    monkeypatch.setattr("app.cli.read_settings", lambda: Settings(content_dir=root))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return root


def test_a_map_is_written_beside_its_author(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["content", "map", "t-79-block-it"]) == 0
    written = Path("t-79-block-it.html").absolute()
    assert capsys.readouterr().out == f"The map is in {written}\n"
    assert "Block it: story map" in written.read_text("utf-8")


def test_a_map_is_drawn_of_a_file_and_into_a_file(library: Path) -> None:
    story = str(library / "quizzes/7-9/block-it.yaml")
    Path("maps").mkdir()
    for to in ("mine.html", "mine.html", "maps"):  # A map may be drawn again.
        assert run_command(["content", "map", story, "--to", to]) == 0
    assert Path("maps/t-79-block-it.html").read_bytes() == Path("mine.html").read_bytes()


def test_a_faulty_story_is_drawn_and_its_problems_are_printed(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = library / "quizzes/7-9/block-it.yaml"
    story.write_text(story.read_text("utf-8").replace("start: fly", "start: fyl"), "utf-8")
    assert run_command(["content", "map", "t-79-block-it"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("quizzes/7-9/block-it.yaml:")
    assert said[-1] == "1 problem."
    assert Path("t-79-block-it.html").exists()


def test_no_other_file_is_written_over_by_a_map(library: Path) -> None:
    Path("notes.html").write_text("mine", "utf-8")
    with pytest.raises(CannotStart, match="is no map"):
        run_command(["content", "map", "t-79-block-it", "--to", "notes.html"])
    assert Path("notes.html").read_text("utf-8") == "mine"
    with pytest.raises(CannotStart, match="cannot be written"):
        run_command(["content", "map", "t-79-block-it", "--to", "no/where.html"])


@pytest.mark.parametrize(
    ("story", "says"),
    [("t-79-blok-it", "Did you mean t-79-block-it?"), ("zzz", "Give the id"), ("x.md", "no story")],
)
def test_what_is_no_story_is_said_in_one_sentence(library: Path, story: str, says: str) -> None:
    Path("x.md").write_text("# x", "utf-8")
    with pytest.raises(CannotStart) as said:
        run_command(["content", "map", story])
    assert says in str(said.value)


def test_a_new_story_and_its_lesson_pass_the_check_at_once(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*NEW, "--skin", "lobby"]) == 0
    said = capsys.readouterr().out
    assert "The new story is quizzes/7-9/the-lost-hat.yaml" in said
    assert "content map t-79-the-lost-hat" in said
    lesson = ["lesson" if word == "story" else word for word in NEW]
    with pytest.raises(CannotStart, match="in use already"):  # Of a lesson and a story too.
        run_command([*lesson, "--story", "t-79-the-lost-hat"])
    assert run_command([*lesson[:-1], "Hats off", "--story", "t-79-the-lost-hat"]) == 0
    assert run_command(["content", "check"]) == 0
    assert (library / "lessons/7-9/hats-off.md").stat().st_mode & 0o044 == 0o044


def test_a_draft_is_never_written_twice(library: Path) -> None:
    assert run_command([*NEW, "--skin", "lobby"]) == 0
    file = library / "quizzes/7-9/the-lost-hat.yaml"
    file.write_text("mine", "utf-8")
    with pytest.raises(CannotStart, match="There is a file"):
        run_command([*NEW, "--skin", "lobby"])
    assert file.read_text("utf-8") == "mine"


def test_what_the_check_says_of_a_title_is_said_at_once(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*NEW[:-1], "My favorite hat", "--skin", "lobby"]) == 0
    assert "American spelling" in capsys.readouterr().out


def test_a_letter_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_command(["content", "new", "story", "--band", "7-9", "--letter", "X", "--title", "A"])
    assert "--letter" in capsys.readouterr().err

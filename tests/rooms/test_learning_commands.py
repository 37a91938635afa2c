"""The commands that prove progress and check the content."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from app.base.database import Store, writing
from app.base.errors import CannotStart
from app.base.migrations import migrate
from app.cli import check_content, run_command
from app.config import ROOT
from app.learning.actions import Seen, begin, make_move
from app.learning.queries import newest_run
from app.learning.tables import Progress
from tests.playing import MONDAY, SCHOOL, pond, store_in

CHECK = ["data", "rebuild-progress", "--check"]


def one_answer(folder: Path, *, harm: bool = False) -> None:
    """A store in which Amina has made one safe move; `harm` spoils what was kept of it."""
    with store_in(folder):
        begin(SCHOOL, "amina", piece=pond(), runs_seen=0, moment=MONDAY)
        run = newest_run(SCHOOL, "amina", pond().id)
        assert run is not None
        move = pond().scenes["fly"].moves[1]
        make_move(SCHOOL, Seen(run, 0), story=pond(), move=move, moment=MONDAY)
        if harm:
            with writing(Store.LEARNING) as session:
                session.execute(update(Progress).values(good=9))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


def test_progress_that_agrees_is_said_to_agree(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_answer(folder)
    assert run_command(CHECK) == 0
    assert capsys.readouterr().out == "Progress agrees with 1 answer.\n"


def test_the_check_names_each_difference_and_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_answer(folder, harm=True)
    for _ in range(2):
        assert run_command(CHECK) == 1
        said = capsys.readouterr().out.splitlines()
        assert [line.partition(":")[0] for line in said] == [
            "kept, but the answers do not say so",
            "the answers say so, but it is not kept",
        ]
        assert "pupil amina, tell.block, 9 good, 0 slips" in said[0]


def test_without_check_the_command_mends(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one_answer(folder, harm=True)
    assert run_command(CHECK[:-1]) == 0
    assert "Progress was made anew from 1 answer." in capsys.readouterr().out
    assert run_command(CHECK) == 0


def test_a_folder_without_data_is_refused_in_one_sentence(folder: Path) -> None:
    with pytest.raises(CannotStart, match="There is no Catkin data"):
        run_command(CHECK)
    assert list(folder.iterdir()) == []


def test_older_data_is_not_touched(folder: Path) -> None:
    migrate(folder, Store.LEARNING)
    migrate(folder, Store.LEARNING, "base")
    with pytest.raises(CannotStart, match="older Catkin"):
        run_command(CHECK)


@pytest.mark.parametrize("typed", [["people"], ["data"], ["content", "chekc"], ["--nonsense"]])
def test_a_command_that_is_not_known_ends_with_its_usage(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(typed)
    assert ended.value.code == 2
    assert "usage: python -m app" in capsys.readouterr().err


def test_the_real_content_has_nothing_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["content", "check"]) == 0
    assert capsys.readouterr().out.endswith(" files, nothing to mend.\n")


def test_content_problems_are_all_named_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("lessons", "quizzes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    quiz = tmp_path / "quizzes/7-9/block-it.yaml"
    quiz.write_text(quiz.read_text().replace("start: fly", "start: nowhere"))
    assert check_content(tmp_path) == 1
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"quizzes/7-9/{quiz.name}:") for line in said)
    assert said[-1].endswith("problem.") or said[-1].endswith("problems.")

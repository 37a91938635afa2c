"""Setting a bare machine up, and mending what was cut short."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import bootstrap


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """bootstrap.py in an empty project, with an installer that only notes what it is asked."""
    apart = map(bootstrap.requirements_of, (bootstrap.SEMGREP, bootstrap.ATTACK))
    for name in (bootstrap.RUN, bootstrap.DEV, bootstrap.BENCH, *apart):
        (tmp_path / name).write_text("flask==3\n")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "VENV", str(venv))
    monkeypatch.setattr(bootstrap, "STAMP", str(venv / "installed.txt"))
    monkeypatch.setattr(bootstrap, "PYTHON", str(venv / "bin" / "python"))
    monkeypatch.setattr(bootstrap, "fetched", [], raising=False)
    monkeypatch.setattr(bootstrap, "fetch", lambda names, *_: bootstrap.fetched.append(names))
    return bootstrap


def test_a_second_start_installs_nothing(house: ModuleType) -> None:
    house.install(house.RUN)
    house.install(house.RUN)
    assert house.fetched == [[house.RUN]]


def test_what_the_tests_need_is_added_to_what_is_there(house: ModuleType, tmp_path: Path) -> None:
    house.install(house.RUN)
    (tmp_path / ".venv" / "kept").touch()
    house.install(house.RUN, house.DEV)
    house.install(house.RUN)
    assert house.fetched == [[house.RUN], [house.DEV]]
    assert (tmp_path / ".venv" / "kept").exists()


def test_what_the_figures_need_costs_the_next_start_nothing(house: ModuleType) -> None:
    house.install(house.RUN, house.DEV, house.BENCH)
    house.install(house.RUN)
    house.install(house.RUN, house.DEV, house.BENCH)
    assert house.fetched == [[house.RUN, house.DEV, house.BENCH]]


@pytest.mark.parametrize("changed", [bootstrap.RUN, bootstrap.DEV])
def test_changed_requirements_are_installed_afresh(
    house: ModuleType, tmp_path: Path, changed: str
) -> None:
    house.install(house.RUN, house.DEV)
    (tmp_path / ".venv" / "old").touch()
    (tmp_path / changed).write_text("flask==4\n")
    house.install(house.RUN, house.DEV)
    assert house.fetched == [[house.RUN, house.DEV]] * 2
    assert not (tmp_path / ".venv" / "old").exists()


def test_line_ends_of_windows_change_nothing(house: ModuleType, tmp_path: Path) -> None:
    house.install(house.RUN)
    (tmp_path / house.RUN).write_bytes(b"flask==3\r\n")
    house.install(house.RUN)
    assert len(house.fetched) == 1


def test_an_installation_cut_short_mends_itself(
    house: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(names: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power_cut:
        power_cut.setattr(house, "fetch", cut)
        with pytest.raises(KeyboardInterrupt):
            house.install(house.RUN)
    (tmp_path / ".venv" / "half").touch()
    house.install(house.RUN)
    assert house.fetched == [[house.RUN]]
    assert not (tmp_path / ".venv" / "half").exists()


def test_tools_that_clash_have_an_environment_of_their_own(
    house: ModuleType, tmp_path: Path
) -> None:
    house.install(house.RUN)
    programs = [house.apart(house.SEMGREP) for _ in range(2)]
    assert set(programs) == {str(tmp_path / ".venv-semgrep/bin")}
    assert (tmp_path / ".venv-semgrep/bin/python").exists()
    assert house.fetched == [[house.RUN], ["requirements-semgrep.txt"]]
    (tmp_path / "requirements-semgrep.txt").write_text("semgrep==2\n")
    house.apart(house.SEMGREP)
    house.install(house.RUN)
    assert house.fetched[2:] == [["requirements-semgrep.txt"]]


def test_tools_that_cannot_be_had_are_named_in_one_sentence(
    house: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(names: list[str], folder: str) -> None:
        raise house.Stop("Installing failed.")

    monkeypatch.setattr(house, "fetch", cut)
    for _ in range(2):
        with pytest.raises(house.Stop, match=r"requirements-attack.txt .*check the network"):
            house.apart(house.ATTACK)
    assert not (tmp_path / ".venv-attack/installed.txt").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(
    house: ModuleType, tmp_path: Path
) -> None:
    house.install(house.RUN)
    (tmp_path / ".venv" / "bin" / "python").unlink()
    house.install(house.RUN)
    assert (tmp_path / ".venv" / "bin" / "python").exists()


def test_a_project_that_cannot_be_written_is_said_in_one_sentence(
    house: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / ".venv").write_text("in the way")
    (tmp_path / ".venv.lock").mkdir()
    with pytest.raises(bootstrap.Stop, match="cannot be written"):
        house.install(house.RUN)


def test_an_older_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert bootstrap.main(["run"]) == 1
    assert capsys.readouterr().out.startswith("Catkin needs Python 3.11 or newer")


def test_a_machine_without_pip_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(subprocess, "call", lambda *args, **kwargs: 1)
    with pytest.raises(bootstrap.Stop, match="python3-pip"):
        bootstrap.outer_pip()


def test_folders_are_meant_from_where_the_caller_stands(
    house: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    become: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda python, call: become.append(call))
    monkeypatch.setattr(bootstrap, "WINDOWS", False)
    monkeypatch.setenv("DATA_DIR", "mine")
    monkeypatch.delenv("KEYS_DIR", raising=False)
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    house.run()
    assert os.environ["DATA_DIR"] == str(elsewhere / "mine")
    assert become == [[house.PYTHON, "-m", "app"]]
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize(("failing", "reached"), [(0, 1), (3, 4), (5, 6)])
def test_the_checks_stop_at_the_first_that_fails(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, failing: int, reached: int
) -> None:
    calls: list[list[str]] = []

    def step(call: list[str]) -> int:
        calls.append(call)
        return 7 if len(calls) == failing + 1 else 0

    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(subprocess, "call", step)
    monkeypatch.setattr(bootstrap, "no_browser", lambda: "")
    monkeypatch.setattr(bootstrap, "LINUX", True)
    assert house.test() == 7
    assert len(calls) == reached


def test_a_machine_without_a_browser_names_what_it_skips(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(subprocess, "call", lambda call: 0)
    monkeypatch.setattr(bootstrap, "has_package", lambda name: False)
    monkeypatch.setattr(bootstrap, "may_use_apt", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap, "LINUX", False)
    assert house.test() == 0
    said = capsys.readouterr().out
    assert "Skipped: tests/browser (no Chromium here" in said
    assert "Skipped: our own rules hold" in said

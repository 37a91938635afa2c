"""Catkin's commands in what people read: whole, with this installation's folders, to be typed."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

import pytest

from app.__main__ import main
from app.base.commands import ALONE, WITH_VERB, commands_in, whole
from app.cli import _parser
from app.config import ROOT, Settings

PYTHON = ".venv/bin/python"


def subjects() -> dict[str, argparse.ArgumentParser]:
    (choices,) = (
        action.choices
        for action in _parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(choices)


def verbs_of(parser: argparse.ArgumentParser) -> list[str]:
    return [
        verb
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for verb in action.choices
    ]


def test_every_command_there_is_stands_whole() -> None:
    found = subjects()
    assert set(found) == {*ALONE, *WITH_VERB}
    for subject, parser in found.items():
        for command in [f"{subject} {verb}" for verb in verbs_of(parser)] or [subject]:
            said = commands_in(f"Now: {PYTHON} -m app {command} makes a thing.")
            assert said == [
                ("Now: ", [f"{PYTHON} -m app {command}"]),
                (" makes a thing.", []),
            ], command


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"{PYTHON} -m app tls --renew (or", [f"{PYTHON} -m app tls", "--renew"]),
        (
            f"{PYTHON} -m app data backup --to FOLDER",
            [f"{PYTHON} -m app data backup", "--to FOLDER"],
        ),
        (f"{PYTHON} -m app data restore BACKUP", [f"{PYTHON} -m app data restore", "BACKUP"]),
        (
            f"{PYTHON} -m app data verify --head 312-9f04ac1b2d3e4f50",
            [f"{PYTHON} -m app data verify", "--head 312-9f04ac1b2d3e4f50"],
        ),
        (
            f"{PYTHON} -m app data verify --head b7f3f81304d1f4fa",
            [f"{PYTHON} -m app data verify", "--head b7f3f81304d1f4fa"],
        ),
        (
            f"DATA_DIR='/my school/it'\"'\"'s' KEYS_DIR=/k {PYTHON} -m app doctor. Then",
            ["DATA_DIR='/my school/it'\"'\"'s'", "KEYS_DIR=/k", f"{PYTHON} -m app doctor"],
        ),
        (
            'set "DATA_DIR=C:\\a b" && run.cmd doctor',
            ['set "DATA_DIR=C:\\a b" &&', "run.cmd doctor"],
        ),
    ],
)
def test_a_line_breaks_between_its_parts_alone(text: str, parts: list[str]) -> None:
    assert commands_in(text)[0] == ("", parts)


def test_a_command_names_the_folders_that_are_not_the_usual_ones_and_no_others() -> None:
    says = f"Make one: {PYTHON} -m app data backup. Or: make run"
    assert Settings().whole(says) == says
    odd = Path("/srv/the school's $HOME")
    there = Settings(data_dir=odd / "data", keys_dir=odd / "keys").whole(says)
    for typed in (there[len("Make one: ") :].partition(". Or: ")[0], there.partition("Or: ")[2]):
        given, rest = shlex.split(typed)[:2], shlex.split(typed)[2:]
        assert given == [f"DATA_DIR={odd}/data", f"KEYS_DIR={odd}/keys"]
        assert rest in ([PYTHON, "-m", "app", "data", "backup"], ["make", "run"])


def test_the_demo_is_asked_for_as_the_demo() -> None:
    says = f"{PYTHON} -m app doctor"
    usual = Settings(demo=True, data_dir=ROOT / "data-demo")
    assert usual.whole(says) == f"DEMO=1 {says}"
    other = Settings(demo=True, data_dir=Path("/srv/x-demo"), keys_dir=Path("/srv/k-demo"))
    assert other.whole(says) == f"DEMO=1 DATA_DIR=/srv/x KEYS_DIR=/srv/k {says}"


def test_windows_sets_first_and_has_a_command_of_its_own() -> None:
    said = whole(f"Now: {PYTHON} -m app doctor", {"DATA_DIR": r"C:\my school"}, windows=True)
    assert said == r'Now: set "DATA_DIR=C:\my school" && run.cmd doctor'


def test_what_a_command_refuses_with_can_be_typed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "my school"
    data.mkdir()
    (data / "safeguarding.db").write_text("no database " * 900)
    (data / "installation.json").write_text('{"id": "a1"}')
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("KEYS_DIR", "/srv/keys")
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    assert main(["data", "verify"]) == 1
    given = f"DATA_DIR='{data}' KEYS_DIR=/srv/keys"
    assert f"{given} {PYTHON} -m app data restore" in capsys.readouterr().err

"""Commands asked for a folder without a school: they say so, and make nothing in it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.__main__ import main

COMMANDS: Sequence[Sequence[str]] = (
    ["data", "verify"],
    ["data", "drill"],
    ["data", "backup"],
    ["data", "rebuild-progress"],
    ["data", "new-pictures-key"],
    ["data", "rotate-key", "--yes"],
    ["data", "recover-keys"],
    ["school", "list"],
    ["school", "add", "Ash", "--nation", "Wales"],
    ["people", "reset", "ada@example.org"],
    ["service"],
    ["tls", "--name", "catkin.oak.school"],
)
"""The last needs no school where a folder is named for the keys."""


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command closes what it makes to others, for the whole process."""
    monkeypatch.setattr(os, "umask", lambda mask: mask)


@pytest.mark.parametrize("there", [True, False], ids=["an empty folder", "no folder"])
@pytest.mark.parametrize(
    ("command", "keys"),
    [*((one, True) for one in COMMANDS if one[0] != "tls"), *((one, False) for one in COMMANDS)],
)
def test_it_is_said_plainly_and_nothing_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    there: bool,
    keys: bool,
) -> None:
    data = tmp_path / "data"
    if there:
        data.mkdir()
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("KEYS_DIR", raising=False)
    if keys:
        monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    before = sorted(os.walk(tmp_path))
    assert main(list(command)) == 1
    said = capsys.readouterr()
    assert f"There is no Catkin data in {data}" in said.err
    assert said.out == ""
    assert sorted(os.walk(tmp_path)) == before


def test_a_folder_that_lost_its_name_gets_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another name would look for the keys where there are none."""
    (tmp_path / "safeguarding.db").write_bytes(b"")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for keys in ("", str(tmp_path / "keys")):
        monkeypatch.setenv("KEYS_DIR", keys)
        assert main(["data", "verify"]) == 1
        assert "installation.json is gone: put it back" in capsys.readouterr().err
        assert os.listdir(tmp_path) == ["safeguarding.db"]

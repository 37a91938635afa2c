"""The commands that the guides print, done as they stand there: only the folders are others."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import ROOT, Settings
from app.content.catalogue import Catalogue
from app.prepare import prepare
from app.safeguarding import queries
from tests.at_desk import school_with_team, tell, viewer
from tests.contracts.test_guides import README, TECHNICIAN, commands, parts

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name != "posix", reason="as a shell of Linux or macOS reads them"),
]
TELLS = "They call me names."


def printed(page: Path, *words: str) -> str:
    """The one command of a page with these words in it."""
    (found,) = {one for one in commands(page) if all(word in one for word in words)}
    return found


def typed(line: str, folder: Path, **others: str) -> subprocess.CompletedProcess[str]:
    """Type a command as it is printed, on a computer whose folders are `folder`'s."""
    for name, there in {".venv/bin/python": shlex.quote(sys.executable), **others}.items():
        assert name in line, f"“{name}” is not in “{line}”"
        line = line.replace(name, there)
    own = {"DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys")}
    return subprocess.run(
        ["sh", "-c", line], cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


def test_a_technician_backs_up_tries_the_way_back_and_asks_whether_it_is_all_right(
    app: Flask, read_once: Catalogue, tmp_path: Path
) -> None:
    again, stick, safe = (str(tmp_path / one) for one in ("again", "stick", "safe"))
    for path in tmp_path.rglob("*"):  # As where Catkin itself was started.
        path.chmod(0o700 if path.is_dir() else 0o600)
    desk = school_with_team(app)
    reference = tell(app, desk, words=TELLS)

    line = printed(TECHNICIAN, "data backup")
    done = typed(line, tmp_path, **{"/media/stick": stick, "/media/safe": safe})
    assert (done.returncode, done.stderr) == (0, "")
    (name,) = os.listdir(f"{stick}/catkin")
    assert f"{stick}/catkin/{name}" in done.stdout

    line = printed(TECHNICIAN, "data restore", "--keys")
    swaps = {"/media/stick": stick, "/media/safe": safe, "/tmp/again": again, "NAME": name}
    done = typed(line, tmp_path, **swaps)
    assert (done.returncode, done.stderr) == (0, "")
    assert "what children told can be read" in done.stdout

    given, words = parts(printed(TECHNICIAN, "make run", "/tmp/again"))
    assert words == ["make", "run"]
    assert given.pop("PORT").isdigit()
    data, keys = (Path(given[one].replace("/tmp/again", again)) for one in ("DATA_DIR", "KEYS_DIR"))
    back = create_app(prepare(Settings(data_dir=data, keys_dir=keys), read_once))
    lead = viewer(back, desk, desk.school.lane)
    with back.app_context():
        facts = queries.desk.concern(desk.id, lead, reference)
        assert facts is not None
        assert [one.spoken.words for one in queries.desk.said(desk.id, facts) if one.spoken] == [
            TELLS
        ]

    done = typed(printed(TECHNICIAN, "-m app doctor"), tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "To mend: 0." in done.stdout
    done = typed(
        printed(TECHNICIAN, "service", "--to"), tmp_path, **{"service-files": f"{stick}/units"}
    )
    assert done.returncode == 0
    # Whoever tests as root is told that Catkin should have a user of its own, and no more.
    assert ("run as root" in done.stderr) == bool(done.stderr)
    assert "HOST=0.0.0.0" in Path(f"{stick}/units/catkin.service").read_text("utf-8")


def test_the_demo_is_listed_as_the_readme_says(tmp_path: Path) -> None:
    done = typed(printed(README, "demo --json"), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["school"]

"""A backup while a real server serves, and another server on what was put back from it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app import create_app
from app.base.backup import backups_folder, backups_in
from app.base.database import Store, file_of
from app.config import ROOT, Settings
from app.prepare import prepare
from tests.at_desk import school_with_team
from tests.ground.running import Running
from tests.ground.storm import teller

pytestmark = pytest.mark.process


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    """`python -m app data …` on the data and keys in a folder."""
    own = {"DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys")}
    return subprocess.Popen(
        [sys.executable, "-m", "app", "data", *words],
        cwd=ROOT, env={**os.environ, **own}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def references(data: Path) -> set[str]:
    with closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as store:
        return {
            reference
            for (reference,) in store.execute("SELECT reference FROM concern WHERE NOT canary")
        }


def test_children_tell_during_a_backup_and_another_server_has_what_they_told_before(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    school_with_team(create_app(prepare(Settings(data_dir=old / "data", keys_dir=old / "keys"))))
    server = Running.start(old / "data", old / "keys")
    tellers = [teller(server.port, number) for number in range(20)]
    assert all(press() for _, press in tellers[:5])
    before = {child.reference for child, _ in tellers[:5]}

    backup = command(old, "backup", "--nightly", "--keys-to", str(tmp_path / "stick"))
    assert all(press() for _, press in tellers[5:])
    said, faults = backup.communicate(timeout=60)
    assert (backup.returncode, faults) == (0, "")
    ((place, _),) = backups_in(backups_folder(old / "data"))
    assert str(place) in said

    restored = command(new, "restore", str(place), "--keys", str(tmp_path / "stick"))
    said, faults = restored.communicate(timeout=60)
    assert (restored.returncode, faults) == (0, "")
    assert "what children told can be read" in said
    # Sealed with the same keys: the lessons need not be checked once more.
    shutil.copy(old / "data" / "content.cache", new / "data")
    other = Running.start(new / "data", new / "keys")
    after = {child.reference for child, _ in tellers}
    assert before <= references(new / "data") <= after == references(old / "data")
    assert other.stop() == server.stop() == 0

"""The drill: a backup restored elsewhere and read; and backups kept in a second place."""

from __future__ import annotations

import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app.base.backup import backups_folder, backups_in
from app.base.copies import copies_of
from app.base.database import Store, db, file_of
from app.base.errors import CannotStart
from app.base.manifest import MANIFEST, read_manifest
from app.cli.backup import make_backup
from app.cli.drill import drill
from app.config import Settings, read_settings
from app.health.copies import copies, practice
from app.health.findings import Mark
from app.safeguarding.actions.canary import fly
from app.safeguarding.queries.canary import DrillFacts, last_drill
from app.safeguarding.words import key_name
from tests.at_school import TEN
from tests.founded import Founded

NIGHTLY = Namespace(to=None, keys_to=None, nightly=True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def settings(school: Founded) -> Settings:
    """Those of a school whose canary has flown."""
    with school.app.app_context():
        fly(school.id)
    found: Settings = school.app.extensions["catkin"].settings
    return found


def tried(settings: Settings, school: Founded, backup: Path | None = None) -> DrillFacts:
    """What the drill kept; its exit code says the same."""
    code = drill(settings, Namespace(backup=backup))
    with school.app.app_context():
        found = last_drill(school.id)
        db.session.rollback()
    assert found is not None
    assert code == (0 if found.works else 1)
    return found


def the_backup(settings: Settings) -> Path:
    return backups_in(backups_folder(settings.data_dir))[0][0]


def test_each_night_the_backup_is_tried_out_and_leaves_nothing_behind(
    settings: Settings, school: Founded, clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    clock.shift(timedelta(hours=16))
    assert make_backup(settings, NIGHTLY) == 0
    assert "was put back to try it out, in " in capsys.readouterr().out
    with school.app.app_context():
        found = last_drill(school.id)
    assert found is not None
    assert (found.works, found.why, found.backup) == (True, "", the_backup(settings).name)
    assert practice(found).mark is Mark.OK
    folder = backups_folder(settings.data_dir)
    assert list(folder.iterdir()) == [the_backup(settings)]


def test_one_byte_changed_anywhere_is_named(
    settings: Settings, school: Founded, capsys: pytest.CaptureFixture[str]
) -> None:
    make_backup(settings, NIGHTLY)
    backup = the_backup(settings)
    files = [path for path in backup.rglob("*") if path.is_file()]
    assert {"backup.json", "installation.json", "learning.db"} < {path.name for path in files}
    for file in files:
        whole = file.read_bytes()
        for place in (0, len(whole) // 2, len(whole) - 1):
            changed = bytearray(whole)
            changed[place] ^= 1
            file.write_bytes(changed)
            capsys.readouterr()
            name = file.relative_to(backup).as_posix()
            found = tried(settings, school, backup)
            assert found.why == f"damaged: {name}", place
            assert f"{name} is not as it was" in capsys.readouterr().out
        file.write_bytes(whole)
    assert tried(settings, school).works
    account = (backup / MANIFEST).read_bytes()
    for place in range(len(account)):
        changed = bytearray(account)
        changed[place] ^= 1
        (backup / MANIFEST).write_bytes(changed)
        with pytest.raises(CannotStart):
            read_manifest(backup)
    (backup / MANIFEST).write_bytes(account)
    assert [path.name for path in backups_folder(settings.data_dir).glob(".*")] == []


@pytest.mark.tampers
def test_a_key_that_is_away_and_a_record_cut_short_are_named(
    settings: Settings, school: Founded, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    make_backup(settings, NIGHTLY)
    key = school.app.extensions["catkin"].keys.file(key_name(school.id, 1))
    kept = key.read_bytes()
    key.unlink()
    assert tried(settings, school).why == "does not open"
    key.write_bytes(kept)
    assert tried(settings, school).works
    with closing(sqlite3.connect(file_of(settings.data_dir, Store.SAFEGUARDING))) as live:
        live.execute("DROP TRIGGER link_never_goes")
        live.execute("DELETE FROM link WHERE number = (SELECT max(number) FROM link)")
        live.commit()
    assert tried(settings, school).why == "chain differs"


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def test_a_second_folder_has_the_same_and_where_it_is_away_the_first_stays(
    settings: Settings, school: Founded, tmp_path: Path, clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    share = tmp_path / "share"
    both = replace(settings, backup_also=share)
    assert make_backup(both, NIGHTLY) == 1
    assert f"the folder {share} of BACKUP_ALSO is not there" in capsys.readouterr().out
    assert not share.exists(), "what is not there is not made"
    assert len(backups_in(backups_folder(settings.data_dir))) == 1
    (_, second, away) = copies(settings.data_dir, share)
    assert (second.mark, away.mark) == (Mark.MEND, Mark.LOOK)
    share.mkdir()
    for _ in range(16):
        clock.shift(timedelta(days=1))
        assert make_backup(both, NIGHTLY) == 0
    assert len(backups_in(share)) == len(backups_in(backups_folder(settings.data_dir))) == 14
    assert everything(share) == everything(backups_folder(settings.data_dir))
    assert [one.mark for one in copies(settings.data_dir, share)[:2]] == [Mark.OK, Mark.OK]
    assert copies_of(settings.data_dir).also == clock_now()
    shutil.rmtree(share)
    make_backup(both, NIGHTLY)
    second = copies(settings.data_dir, share)[1]
    assert second.mark is Mark.MEND
    assert "it could not be written to" in second.says


def clock_now() -> object:
    from app.base import clock

    return clock.now()


def test_what_was_taken_away_is_remembered_with_its_place(
    settings: Settings, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    make_backup(settings, Namespace(to=tmp_path / "stick", keys_to=None, nightly=False))
    shutil.rmtree(tmp_path / "stick")
    known = copies_of(settings.data_dir)
    assert known.taken_to.startswith(str(tmp_path / "stick" / "catkin-"))
    assert copies(settings.data_dir, None)[2].mark is Mark.OK
    clock.shift(timedelta(days=32))
    assert copies(settings.data_dir, None)[2].mark is Mark.LOOK


def test_the_second_folder_is_named_by_a_setting(settings: Settings, tmp_path: Path) -> None:
    assert read_settings({"BACKUP_ALSO": str(tmp_path)}).backup_also == tmp_path
    assert read_settings({"BACKUP_ALSO": str(tmp_path), "DEMO": "1"}).backup_also is None
    inside = replace(settings, backup_also=settings.data_dir / "also")
    (settings.data_dir / "also").mkdir()
    assert make_backup(inside, NIGHTLY) == 1
    shutil.rmtree(backups_folder(settings.data_dir))
    with pytest.raises(CannotStart, match="no backup to try out"):
        drill(settings, Namespace(backup=None))

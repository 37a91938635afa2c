"""A newer Catkin on a school's older data: a backup first, and a way back from everything."""

from __future__ import annotations

import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.base import backup as backups
from app.base import migrations, upgrade
from app.base.backup import backups_folder, backups_in
from app.base.database import Store, file_of
from app.base.errors import CannotStart
from app.base.manifest import Kind
from app.cli.backup import restore_backup
from app.prepare import Prepared, prepare
from tests.founded import Founded

OLDER = "0001"


@pytest.fixture
def older(prepared: Prepared, school: Founded) -> Path:
    """The data folder of a school, in the tables of an earlier Catkin."""
    data = prepared.folders.data
    for store in Store:
        migrations.migrate(data, store, OLDER)
    return data


@pytest.fixture
def start(prepared: Prepared) -> Callable[[], Prepared]:
    """Starts this Catkin on the folders."""
    return lambda: prepare(prepared.settings)


def content_of(data: Path) -> dict[Store, list[str]]:
    """All that both stores hold, as text."""
    found: dict[Store, list[str]] = {}
    for store in Store:
        with closing(sqlite3.connect(file_of(data, store))) as opened:
            found[store] = list(opened.iterdump())
    return found


def refused(start: Callable[[], Prepared]) -> str:
    with pytest.raises(CannotStart) as caught:
        start()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def is_newest(data: Path) -> bool:
    found = {store: migrations.version_of(data, store) for store in Store}
    return found == {store: migrations.versions(store)[-1] for store in Store}


def test_a_school_is_backed_up_before_its_tables_change_and_can_go_back(
    prepared: Prepared, older: Path, start: Callable[[], Prepared]
) -> None:
    before = content_of(older)
    started = start()
    ((place, manifest),) = backups_in(backups_folder(older))
    assert started.remarks == (f"Catkin was updated. A backup from before is {place}.",)
    assert (manifest.kind, set(manifest.stores.values())) == (Kind.UPGRADE, {OLDER})
    assert is_newest(older)
    older.rename(older.with_name("moved away"))
    restore_backup(prepared.settings, Namespace(backup=place, keys=None))
    assert content_of(older) == before


def test_nothing_is_backed_up_where_nothing_changes_or_nobody_is(
    prepared: Prepared, start: Callable[[], Prepared]
) -> None:
    data = prepared.folders.data
    for store in Store:
        migrations.migrate(data, store, OLDER)
    assert start().remarks == ()  # Older, and no school.
    assert is_newest(data)
    assert not backups_folder(data).exists()


def test_a_school_that_is_up_to_date_just_starts(
    prepared: Prepared, school: Founded, start: Callable[[], Prepared]
) -> None:
    assert start().remarks == ()
    assert not backups_folder(prepared.folders.data).exists()


def test_without_a_backup_nothing_is_changed(
    older: Path, start: Callable[[], Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    before = content_of(older)
    monkeypatch.setattr(backups, "keep_free", full)
    said = refused(start)
    assert "never does without a backup. No backup was made: the disk of" in said
    assert said.endswith("Nothing was changed.")
    assert content_of(older) == before


BROKEN = """
from alembic import op
revision, down_revision = "{new}", "{newest}"

def upgrade():
    op.execute("CREATE TABLE half_way (id INTEGER)")
    op.execute("{last}")

def downgrade():
    pass
"""


@pytest.mark.parametrize("breaks", list(Store))
def test_a_migration_that_fails_leaves_both_stores_as_they_were(
    prepared: Prepared, school: Founded, start: Callable[[], Prepared], breaks: Store,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    data = prepared.folders.data
    versions = tmp_path / "migrations"
    shutil.copytree(migrations.VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    for store in Store:
        last = "SELECT nothing FROM nowhere" if store is breaks else "SELECT 1"
        newest = migrations.versions(store)[-1]
        new = f"{int(newest) + 1:04}"
        text = BROKEN.format(new=new, newest=newest, last=last)
        (versions / store / f"{new}_broken.py").write_text(text)
    before = content_of(data)
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "VERSIONS", versions)
        said = refused(start)
    ((place, _),) = backups_in(backups_folder(data))
    assert "could not take over the data, which stand as they were" in said
    assert said.endswith(f"Go back to the Catkin that you had. A backup from before is {place}.")
    assert content_of(data) == before
    assert start().setup_code is None


def test_what_only_breaks_python_is_told_too_and_only_five_such_backups_are_kept(
    older: Path, start: Callable[[], Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> None:
        raise KeyError("a child's word")

    before = content_of(older)
    monkeypatch.setattr(upgrade, "migrate", broken)
    for _ in range(7):
        said = refused(start)
    assert "(KeyError)" in said
    assert "child" not in said
    assert content_of(older) == before
    assert len(backups_in(backups_folder(older))) == 5

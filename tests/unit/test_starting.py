"""What a start makes of folders, databases and keys that are not as it left them."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app import create_app
from app.__main__ import main
from app.base import migrations
from app.base.database import Store, file_of
from app.base.errors import CannotStart
from app.cli.data import new_pictures_key
from app.config import Settings
from app.content.catalogue import Catalogue
from app.prepare import Prepared, prepare
from tests.founded import Founded


@pytest.fixture
def start(prepared: Prepared) -> Callable[[], Prepared]:
    """Starts Catkin again on the same folders."""
    return lambda: prepare(prepared.settings)


def refusal(start: Callable[[], Prepared]) -> str:
    """The one sentence with which a start is refused."""
    with pytest.raises(CannotStart) as caught:
        start()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def ask(prepared: Prepared, store: Store, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file_of(prepared.folders.data, store))) as connection:
        found = connection.execute(statement).fetchall()
        connection.commit()
        return found


@pytest.mark.parametrize("text", ["", "61", "00" * 31])
@pytest.mark.parametrize(
    ("name", "cost"), [("cookies", "sign in again"), ("pictures", "new pictures")]
)
def test_a_damaged_key_stops_the_start_and_says_what_to_do(
    prepared: Prepared, start: Callable[[], Prepared], text: str, name: str, cost: str
) -> None:
    file = prepared.keys.file(name)
    file.write_text(text)
    said = refusal(start)
    assert str(file) in said
    assert "put it back" in said
    assert cost in said
    file.unlink()
    assert len(start().keys.read(name)) == 32


def test_the_key_of_pictures_that_were_drawn_is_waited_for_and_never_made_anew_unasked(
    prepared: Prepared, school: Founded, start: Callable[[], Prepared], tmp_path: Path
) -> None:
    ask(prepared, Store.LEARNING, "UPDATE pupil SET pictures = 'drawn'")
    key, away = prepared.keys.file("pictures"), tmp_path / "away"
    key.rename(away)
    again = start()
    (remark,) = again.remarks
    assert remark.index(f"Put the keys folder {key.parent} back") < remark.index("draw new")
    assert not key.exists()
    away.rename(key)
    old = again.keys.read("pictures")
    assert start().remarks == ()
    with pytest.raises(CannotStart, match="stays as it is"):
        new_pictures_key(prepared.settings)
    key.unlink()
    assert new_pictures_key(prepared.settings) == 0
    assert start().keys.read("pictures") != old


def test_a_school_starts_again_with_its_own_safeguarding_database(
    school: Founded, start: Callable[[], Prepared]
) -> None:
    assert start().setup_code is None


@pytest.mark.parametrize("begun", [False, True])
def test_a_school_never_starts_without_a_place_for_what_children_tell(
    prepared: Prepared, school: Founded, start: Callable[[], Prepared], begun: bool
) -> None:
    data = prepared.folders.data
    for part in data.glob("safeguarding.db*"):
        part.unlink()
    if begun:
        migrations.migrate(data, Store.SAFEGUARDING)
    said = refusal(start)
    assert "does not belong to this school" in said
    assert str(file_of(data, Store.SAFEGUARDING)) in said
    assert file_of(data, Store.SAFEGUARDING).exists() is begun


def test_the_safeguarding_database_of_another_school_is_refused(
    prepared: Prepared, school: Founded, start: Callable[[], Prepared]
) -> None:
    ask(prepared, Store.SAFEGUARDING, "UPDATE school_key SET school_id = 'another'")
    assert "does not belong to this school" in refusal(start)


def test_a_school_can_be_set_up_where_an_earlier_attempt_left_a_key(
    prepared: Prepared, start: Callable[[], Prepared]
) -> None:
    left = "INSERT INTO school_key VALUES ('begun', 1, x'00', '2026-11-16 10:00:00.000000', NULL)"
    ask(prepared, Store.SAFEGUARDING, left)
    assert start().setup_code is not None


@pytest.mark.parametrize("store", list(Store))
@pytest.mark.parametrize("harm", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_tables_without_their_version_stop_the_start_in_one_sentence(
    prepared: Prepared, start: Callable[[], Prepared], store: Store, harm: str
) -> None:
    ask(prepared, store, harm)
    said = refusal(start)
    assert "does not say which Catkin wrote it" in said
    assert str(file_of(prepared.folders.data, store)) in said


def test_a_version_written_twice_stops_the_start_too(
    prepared: Prepared, start: Callable[[], Prepared]
) -> None:
    ask(prepared, Store.LEARNING, "INSERT INTO alembic_version VALUES ('0000')")
    assert "damaged" in refusal(start)


@pytest.mark.parametrize("store", list(Store))
def test_a_file_that_is_no_database_stops_the_start_in_one_sentence(
    prepared: Prepared, start: Callable[[], Prepared], store: Store
) -> None:
    for part in prepared.folders.data.glob(f"{store.value}.db-*"):
        part.unlink()
    file_of(prepared.folders.data, store).write_bytes(b"What a child told is not in here." * 99)
    assert "is not a Catkin database" in refusal(start)


@pytest.mark.parametrize(
    ("store", "table"), [(Store.LEARNING, "school"), (Store.SAFEGUARDING, "words")]
)
def test_a_database_that_lost_a_table_stops_the_start_in_one_sentence(
    prepared: Prepared, start: Callable[[], Prepared], store: Store, table: str
) -> None:
    ask(prepared, store, f"DROP TABLE {table}")
    assert "is damaged" in refusal(start)


def test_a_database_in_use_by_another_program_is_not_called_damaged(
    prepared: Prepared, start: Callable[[], Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(prepared, Store.SAFEGUARDING, "DROP TRIGGER words_never_goes")
    monkeypatch.setattr(
        "app.base.migrations.stand_guards",
        lambda connection, declared: (
            connection.exec_driver_sql("PRAGMA busy_timeout=0"),
            connection.exec_driver_sql("DROP TRIGGER words_never_changes"),
        ),
    )
    with closing(
        sqlite3.connect(file_of(prepared.folders.data, Store.SAFEGUARDING), isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "in use by another program" in refusal(start)


ODD = ["50% of it", "a%41b", "what?mode=ro", "one#two", "ümlaut & Ωmega", "a b;c"]


@pytest.mark.parametrize("name", ODD)
def test_the_name_of_a_folder_may_hold_any_mark(
    tmp_path: Path, read_once: Catalogue, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    versions = tmp_path / name / "migrations"
    shutil.copytree(migrations.VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "VERSIONS", versions)
    monkeypatch.setattr("app.prepare.read_content", lambda *given: read_once)
    data = tmp_path / name / "data"
    ready = prepare(Settings(data_dir=data, keys_dir=tmp_path / name / "keys"))
    health = create_app(ready, testing=True).test_client().get("/healthz").get_json()
    assert (health["database"], health["safeguarding"]) == ("ok", "ok")
    assert {path.name for path in data.glob("*.db")} == {"learning.db", "safeguarding.db"}
    assert {path.name for path in tmp_path.iterdir()} == {name}


def test_concerns_without_their_school_stop_the_start(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", keys_dir=tmp_path / "keys")
    prepare(settings)
    with closing(sqlite3.connect(tmp_path / "data" / "safeguarding.db")) as store:
        store.execute(
            "INSERT INTO concern (school_id, reference, idempotency_key, signed_in, urgency,"
            " state, told_at) VALUES ('gone', 'C-2', 'k', 0, 'today', 'open', '2026-01-01')"
        )
        store.commit()
    with pytest.raises(CannotStart, match="database of their school is missing"):
        prepare(settings)


def test_a_command_of_another_user_is_told_whose_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("learning.db", "safeguarding.db", "installation.json"):
        (tmp_path / name).touch(0o600)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert main(["data", "backup"]) == 1
    assert capsys.readouterr().err == (
        f"This user may not use {tmp_path / 'learning.db'}:"
        " give the command as the user that Catkin runs as.\n"
    )

"""The two histories: up, down, up again; the tables as declared, the guards all standing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from app.base import migrations
from app.base import throttle as _throttle
from app.base.database import METADATA, Store, address_of, file_of, triggers_of
from app.base.errors import CannotStart
from app.learning import tables as _learning
from app.people import tables as _people
from app.safeguarding.schema import SHAPES, shapes_in
from app.safeguarding.tables import TRIGGERS
from app.workshops import tables as _workshops

DECLARED = {Store.LEARNING: {}, Store.SAFEGUARDING: TRIGGERS}
assert _learning.Base is _people.Base is _throttle.Base is _workshops.Base


def standing(folder: Path, store: Store) -> dict[str, str]:
    engine = create_engine(address_of(folder, store))
    with engine.connect() as connection:
        found = triggers_of(connection)
    engine.dispose()
    return found


def tables(folder: Path, store: Store) -> set[str]:
    with sqlite3.connect(file_of(folder, store)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows} - {"alembic_version"}


@pytest.mark.parametrize("store", list(Store))
def test_every_migration_goes_up_and_down_and_up_again(tmp_path: Path, store: Store) -> None:
    for version in migrations.versions(store):
        migrations.migrate(tmp_path, store, version)
        assert migrations.version_of(tmp_path, store) == version
    full = tables(tmp_path, store)
    migrations.migrate(tmp_path, store, "base")
    assert tables(tmp_path, store) == set()
    migrations.migrate(tmp_path, store)
    assert tables(tmp_path, store) == full != set()


@pytest.mark.parametrize("store", list(Store))
def test_the_tables_are_as_the_code_declares_them(tmp_path: Path, store: Store) -> None:
    migrations.migrate(tmp_path, store)
    engine = create_engine(address_of(tmp_path, store))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA[store]) == []
    engine.dispose()


def test_the_listing_of_told_tables_is_what_migrations_make(tmp_path: Path) -> None:
    """`data verify` compares each school's file with it."""
    migrations.migrate(tmp_path, Store.SAFEGUARDING)
    with closing(sqlite3.connect(file_of(tmp_path, Store.SAFEGUARDING))) as file:
        assert shapes_in(file) == SHAPES


@pytest.mark.parametrize("store", list(Store))
def test_all_guards_stand_after_every_migration(tmp_path: Path, store: Store) -> None:
    """Each migration must leave the guards of the tables that it leaves; the last, as declared."""
    for version in migrations.versions(store):
        migrations.migrate(tmp_path, store, version)
        there = tables(tmp_path, store)
        declared = {
            n for n, sql in DECLARED[store].items() if sql.split(" ON ")[1].split()[0] in there
        }
        assert set(standing(tmp_path, store)) == declared
    assert standing(tmp_path, store) == DECLARED[store]


def test_a_guard_that_was_dropped_or_changed_stands_again_at_the_next_start(tmp_path: Path) -> None:
    migrations.migrate(tmp_path, Store.SAFEGUARDING)
    with sqlite3.connect(file_of(tmp_path, Store.SAFEGUARDING)) as connection:
        connection.execute("DROP TRIGGER words_never_changes")
        connection.execute("DROP TRIGGER entry_never_goes")
        connection.execute(
            "CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry BEGIN SELECT 1; END"
        )
    fallen = migrations.restore_guards(tmp_path, Store.SAFEGUARDING, TRIGGERS)
    assert sorted(fallen) == ["entry_never_goes", "words_never_changes"]
    assert standing(tmp_path, Store.SAFEGUARDING) == TRIGGERS


def test_every_table_but_bases_own_carries_its_school() -> None:
    homeless = [
        table.name
        for metadata in METADATA.values()
        for table in metadata.tables.values()
        if "school_id" not in table.columns and table.name not in {"school", "throttle"}
    ]
    assert homeless == []


@pytest.mark.parametrize("store", list(Store))
def test_data_of_a_newer_catkin_is_refused_in_one_sentence(tmp_path: Path, store: Store) -> None:
    migrations.migrate(tmp_path, store)
    with sqlite3.connect(file_of(tmp_path, store)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CannotStart, match="written by a newer Catkin"):
        migrations.refuse_newer(tmp_path, store)

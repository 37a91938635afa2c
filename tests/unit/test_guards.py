"""What was said stays said, whoever opens the file and however they write to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Integer, LargeBinary, Table, create_engine

from app.base.database import METADATA, Store, address_of, file_of
from app.base.migrations import migrate
from app.safeguarding import tables

TABLES = METADATA[Store.SAFEGUARDING].tables
KEPT = ("words", "entry", "view", "concern_about", "concern_person", "notice", "concern")
"""The tables of which no row is ever lost."""
MAY_CHANGE = {"notice": {"opened_at"}, "concern": {"urgency", "state"}}
"""What is written over in them; all else stays as it was."""

Row = dict[str, object]
assert tables.TRIGGERS


def a_row(table: Table, number: int) -> Row:
    """A row, each of whose values differs from those of a row with another number."""
    row: Row = {}
    for column in table.columns:
        if isinstance(column.type, LargeBinary):
            row[column.name] = bytes([number])
        else:
            number_only = isinstance(column.type, Integer)
            row[column.name] = number if number_only else f"{column.name} {number}"
    return row


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The safeguarding file with two rows in each table, in a program that knows no Catkin."""
    migrate(tmp_path, Store.SAFEGUARDING)
    with closing(sqlite3.connect(file_of(tmp_path, Store.SAFEGUARDING))) as connection:
        assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        for table in TABLES.values():
            for number in (1, 2):
                put(connection, "INSERT", table.name, a_row(table, number))
        connection.commit()
        yield connection


def put(connection: sqlite3.Connection, verb: str, table: str, row: Row) -> None:
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"{verb} INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())
    )


def rows(connection: sqlite3.Connection, table: str) -> list[object]:
    return connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid").fetchall()


@pytest.mark.parametrize("name", KEPT)
def test_no_row_is_deleted(plain: sqlite3.Connection, name: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        plain.execute(f"DELETE FROM {name}")


@pytest.mark.parametrize("name", [*KEPT, "concern_key"])
def test_no_row_is_replaced_by_another_with_a_key_of_its(
    plain: sqlite3.Connection, name: str
) -> None:
    table, before = TABLES[name], rows(plain, name)
    keys = [c.name for c in table.columns if c.unique] + ["rowid"]
    taken = [{**a_row(table, 9), key: a_row(table, 1).get(key, 1)} for key in keys]
    primary = {c.name: a_row(table, 1)[c.name] for c in table.primary_key}
    for row in (*taken, {**a_row(table, 9), **primary}, a_row(table, 1)):
        if "rowid" in row and isinstance(row.get("id"), int):
            del row["id"]
        with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
            put(plain, "INSERT OR REPLACE", name, row)
    assert rows(plain, name) == before


@pytest.mark.parametrize("name", KEPT)
def test_no_column_is_written_over_but_those_that_may_be(
    plain: sqlite3.Connection, name: str
) -> None:
    table = TABLES[name]
    for column in (*table.columns.keys(), "rowid"):
        value = a_row(table, 1).get(column, 1)
        change = f"UPDATE OR REPLACE {name} SET {column} = ? WHERE rowid = 2"
        if column in MAY_CHANGE.get(name, set()):
            assert plain.execute(change, [value]).rowcount == 1
            continue
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            plain.execute(change, [value])
    assert len(rows(plain, name)) == 2


def test_a_data_key_may_be_wrapped_anew_or_destroyed_but_never_moved(
    plain: sqlite3.Connection,
) -> None:
    plain.execute("UPDATE concern_key SET wrapped = x'09', version = 2 WHERE rowid = 1")
    for column in ("id", "school_id", "concern_id", "rowid"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            plain.execute(f"UPDATE concern_key SET {column} = 77 WHERE rowid = 1")
    assert plain.execute("DELETE FROM concern_key WHERE concern_id = 1").rowcount == 1


def test_catkins_own_connections_wake_the_guards_for_a_replace_too(tmp_path: Path) -> None:
    migrate(tmp_path, Store.SAFEGUARDING)
    engine = create_engine(address_of(tmp_path, Store.SAFEGUARDING))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 1
    engine.dispose()

"""Two databases, their settings, and the one way to write to each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    Executable,
    MetaData,
    PrimaryKeyConstraint,
    Result,
    Table,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from app.base import ballast
from app.base.connecting import connected, never_make_anew, patient, which
from app.base.errors import StoreAway
from app.base.gate import Gate
from app.base.patience import Patience

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Store(StrEnum):
    """The two files: people with their learning, and what children told."""

    LEARNING = "learning"
    SAFEGUARDING = "safeguarding"


class Base(DeclarativeBase):
    """Tables of the learning store."""

    metadata = MetaData(naming_convention=NAMES)


class TellBase(DeclarativeBase):
    """Tables of the safeguarding store; nothing in it points across to the other file."""

    metadata = MetaData(naming_convention=NAMES, info={"bind_key": Store.SAFEGUARDING.value})


METADATA = {Store.LEARNING: Base.metadata, Store.SAFEGUARDING: TellBase.metadata}

db = SQLAlchemy(metadata=Base.metadata)
db.metadatas[Store.SAFEGUARDING.value] = TellBase.metadata


def file_of(data_dir: Path, store: Store) -> Path:
    """Where a store lies in the data folder."""
    return data_dir / f"{store.value}.db"


def address_of(data_dir: Path, store: Store) -> URL:
    """The store's address in SQLAlchemy's form, whatever marks the folder's name holds."""
    return URL.create("sqlite", database=str(file_of(data_dir, store)))


def connect_stores(app: Flask, data_dir: Path) -> None:
    """Bind both stores to the app, each with its gate."""
    app.config["SQLALCHEMY_DATABASE_URI"] = address_of(data_dir, Store.LEARNING)
    app.config["SQLALCHEMY_BINDS"] = {
        Store.SAFEGUARDING.value: address_of(data_dir, Store.SAFEGUARDING)
    }
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 10, "max_overflow": 20}
    db.init_app(app)
    app.extensions["catkin_gates"] = {store: gate_of(data_dir, store) for store in Store}
    app.extensions["catkin_files"] = {store: file_of(data_dir, store) for store in Store}
    app.extensions["catkin_patience"] = Patience()
    app.teardown_appcontext(_ask_no_more)
    with app.app_context():
        for store in Store:
            event.listen(engine_of(store), "do_connect", never_make_anew)


def gate_of(data_dir: Path, store: Store) -> Gate:
    """The gate that every writer of a store passes: requests, migrations, backup, commands."""
    return Gate(data_dir / f"{store.value}.gate")


def engine_of(store: Store) -> Engine:
    """The store's engine in the current app."""
    return db.engines[None if store is Store.LEARNING else store.value]


def forget_connections(app: Flask) -> None:
    """Drop connections that a parent opened: a SQLite handle must not cross a fork."""
    with app.app_context():
        for store in Store:
            engine_of(store).dispose(close=False)


AWAY = ("OperationalError", "DatabaseError")
"""How the driver says that a file is locked, full, gone, or no database any more."""


@event.listens_for(Engine, "handle_error")
def _name_it(context: ExceptionContext) -> StoreAway | None:
    """Let the floors above know a store that is away without knowing its driver."""
    if type(context.original_exception).__name__ not in AWAY:
        return None
    return StoreAway(str(context.original_exception))


@event.listens_for(Engine, "connect")
def _settings(connection: Any, record: Any) -> None:
    """Every SQLite connection: full durability, real foreign keys, no hidden transactions."""
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    file = cursor.execute("PRAGMA database_list").fetchone()[2]
    record.info["file"] = which(file) if file else None
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "secure_delete=ON",
        "recursive_triggers=ON",  # Only so does REPLACE wake the guards against deletion.
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def begin_writing(connection: Connection) -> None:
    """Open a write transaction at once, so that it can never fail half-way for a lock."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def ask(statement: Executable, every_school: str | None = None, /, **values: Any) -> Result[Any]:
    """The rows of the store of lessons that answer a statement.

    For statements that are made once and asked with each page: as rows of a connection, without
    what the session does for objects. `every_school` says why it names no school.
    """
    options = {} if every_school is None else {"every_school": every_school}
    if "asking" not in g:
        g.asking = engine_of(Store.LEARNING).connect()
    return cast(Connection, g.asking).execute(statement, values, execution_options=options)


def _ask_no_more(_fault: BaseException | None) -> None:
    """At the end of a request its connection goes back."""
    connection: Connection | None = g.pop("asking", None)
    if connection is not None:
        connection.close()


@contextmanager
def writing(
    store: Store, *, wait: bool = True, within: float | None = None, vital: bool = False
) -> Iterator[Session]:
    """One write transaction on one store, behind its gate: all of the block, or none of it.

    StoreAway when the store cannot be written; with `wait=False` also when the gate is taken, and
    with `within` when gate and store together were not free for so many seconds. What is `vital`
    (to sign in, for one) goes into the store of lessons even while the ballast is away.
    """
    with writing_rows(store, wait=wait, within=within, vital=vital) as connection:
        # The session must own the transaction begun there, or its commit would keep nothing.
        session = Session(
            bind=connection, expire_on_commit=False, join_transaction_mode="control_fully"
        )
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


@contextmanager
def writing_rows(
    store: Store, *, wait: bool = True, within: float | None = None, vital: bool = False
) -> Iterator[Connection]:
    """The same for statements on rows alone, which need no objects and take half the time."""
    gate: Gate = current_app.extensions["catkin_gates"][store]
    file: Path = current_app.extensions["catkin_files"][store]
    if store is Store.LEARNING and not vital:
        ballast.refuse_while_away(file.parent)
    ends = None if within is None else perf_counter() + within
    with gate.hold(wait=wait, within=within), connected(engine_of(store), file) as connection:
        with patient(connection, None if ends is None else ends - perf_counter()):
            begin_writing(connection)
        try:
            yield connection
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


@contextmanager
def looking(store: Store, *, within: float) -> Iterator[Connection]:
    """A look at a store that waits so many seconds at most; StoreAway when they are over."""
    with engine_of(store).connect() as connection, patient(connection, within):
        yield connection


def answers(store: Store) -> bool:
    """Whether a store can be read and written just now; for the health page. Waits 1 s at most."""
    try:
        with engine_of(store).connect() as connection:
            if connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() != 1:
                return False
            return _can_be_written(connection)
    except (SQLAlchemyError, StoreAway):
        return False


def _can_be_written(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return True
    try:
        connection.exec_driver_sql("PRAGMA busy_timeout=1000")
        begin_writing(connection)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        connection.exec_driver_sql("ROLLBACK")
    finally:
        connection.exec_driver_sql("PRAGMA busy_timeout=5000")
    return True


ROWID = "rowid"
"""The hidden key of every SQLite table; the column `id` is another name of it."""


def _guard(name: str, happening: str, table: str, says: str) -> dict[str, str]:
    stop = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    return {name: f"CREATE TRIGGER {name} BEFORE {happening} ON {table} {stop}"}


def never_deleted(model: type[DeclarativeBase]) -> dict[str, str]:
    """The guards, by name, of a table whose rows stay: neither deleted nor replaced."""
    table = model.__tablename__
    gone = _guard(f"{table}_never_goes", "DELETE", table, f"{table} is never deleted")
    return gone | never_replaced(model)


def never_replaced(model: type[DeclarativeBase]) -> dict[str, str]:
    """The guard, by name, against INSERT OR REPLACE, which deletes what has the same key.

    SQLite wakes the guard against deletion for it only where `recursive_triggers` is on, and
    whoever opens the file with another program does not have that on.
    """
    table = model.__tablename__
    same = " OR ".join(_same_row(key) for key in _keys_of(cast(Table, model.__table__)))
    there = f"{table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  # our names
    return _guard(f"{table}_never_replaced", "INSERT", there, f"{table} is never replaced")


def never_changed(model: type[DeclarativeBase], *columns: str) -> dict[str, str]:
    """The guard, by name, of a table (or of some columns of it) that is never written over."""
    table = model.__tablename__
    # UPDATE OF would not notice who writes to the column under its other name, rowid.
    other = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in (*columns, ROWID))
    there = f"{table} WHEN {other}" if columns else table
    return _guard(f"{table}_never_changes", "UPDATE", there, f"{table} is never changed")


def append_only(model: type[DeclarativeBase]) -> dict[str, str]:
    """The guards of a table whose rows may be added, and that is all."""
    return never_changed(model) | never_deleted(model)


def _keys_of(table: Table) -> list[list[str]]:
    """The columns of each key by which a row of the table can take another's place."""
    kinds = (PrimaryKeyConstraint, UniqueConstraint)
    keys = [[c.name for c in k.columns] for k in table.constraints if isinstance(k, kinds)]
    unique = [[c.name for c in index.columns] for index in table.indexes if index.unique]
    return sorted([[ROWID], *keys, *unique])


def _same_row(key: list[str]) -> str:
    return "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")"


def triggers_of(connection: Connection) -> dict[str, str]:
    """The triggers that stand in a database, by name."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {str(name): str(sql) for name, sql in rows}


def stand_guards(connection: Connection, declared: dict[str, str]) -> list[str]:
    """Put back any declared guard that is missing or altered; the names of those."""
    standing = triggers_of(connection)
    fallen = [name for name, sql in declared.items() if standing.get(name) != sql]
    for name in fallen:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(declared[name])
    return fallen

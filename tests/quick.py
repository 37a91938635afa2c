"""What is the same for every test is made once, and in memory: none of it is what is tested."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from ruamel.yaml import YAML
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from app.base.database import Store, db, engine_of, file_of
from app.config import ROOT, Settings
from app.content.catalogue import Catalogue, read_catalogue
from app.people import passwords
from app.prepare import Prepared, prepare

MEMORY = Path("/dev/shm")
ENOUGH = 3 * 1024**3
"""Bytes that all folders of all tests fit into."""
REAL_HASHER = passwords._HASHER


class Compiled(BytecodeCache):
    """Templates compiled once for all apps; a template that differs by a sign is another."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled before, if it was."""
        bucket.code = self._known.get(_written(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        assert bucket.code is not None
        self._known[_written(bucket)] = bucket.code


def _written(bucket: Bucket) -> tuple[Any, ...]:
    """All that the code depends on: the text, and how the environment reads it."""
    reads = bucket.environment
    return bucket.key, bucket.checksum, reads.trim_blocks, reads.lstrip_blocks


class Statements(dict[Any, Any]):
    """Statements put into words once for all engines, which all speak to SQLite alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for another engine too: the first part of a key names the engine."""
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


def compile_once() -> None:
    """Templates, statements, the addresses of routes, YAML: for the first who brings them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
    db._engine_options["execution_options"] = {"compiled_cache": Statements()}
    built: dict[tuple[Any, ...], Any] = {}
    build = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, str(rule._trace), str(rule.defaults), append_unknown)
        if key not in built:
            built[key] = build(rule, append_unknown)
        return built[key]

    Rule._compile_builder = once  # type: ignore[method-assign]
    compose = lru_cache(120)(lambda text: real_compose(YAML(typ="safe", pure=True), text))
    real_compose, YAML.compose = YAML.compose, lambda yaml, text: compose(text)


def hash_cheaply() -> None:
    """Passwords are kept in a form that is as sound and costs nothing to make."""
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def has_room(folder: Path) -> bool:
    """Whether there is such a folder, and all that tests write fits in."""
    return (
        folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ENOUGH
    )


def work_in_memory() -> None:
    """Let pytest make its folders where no disk must be waited for, if there is such a place."""
    if has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@cache
def content() -> Catalogue:
    """The real content with its drafts."""
    return read_catalogue(ROOT)


@cache
def first_start() -> Prepared:
    """What the first start on this machine made, with the real content; gone with the process."""
    folder = Path(tempfile.mkdtemp(prefix="catkin-", dir=MEMORY if has_room(MEMORY) else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with patch("app.prepare.read_catalogue", lambda root: content()):
        return prepare(Settings(data_dir=folder / "data", keys_dir=folder / "keys"))


def started_before(data: Path, keys: Path) -> None:
    """Folders as a first start leaves them: a start on these reads no content and makes nothing."""
    shutil.copytree(first_start().folders.data, data)
    shutil.copytree(first_start().folders.keys, keys)


@contextmanager
def locked(app: Flask, store: Store) -> Iterator[None]:
    """Another program writes to a store; for this one it waits a tenth of a second, not five."""

    def hurry(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=100")

    with app.app_context():
        engine_of(store).dispose()
    event.listen(Engine, "connect", hurry)
    file = file_of(app.extensions["catkin"].folders.data, store)
    with closing(sqlite3.connect(file)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            lock.rollback()
            event.remove(Engine, "connect", hurry)


@contextmanager
def nowhere_to_keep(app: Flask, store: Store = Store.SAFEGUARDING) -> Iterator[None]:
    """The same, and the spool cannot be written either: its folder is a file."""
    place = app.extensions["catkin"].folders.data / "spool"
    place.write_bytes(b"")
    try:
        with locked(app, store):
            yield
    finally:
        place.unlink()

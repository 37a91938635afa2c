"""What every test may ask for: a fresh Catkin in a folder of its own, and a browser before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from app import create_app
from app.base.database import Store, engine_of
from app.base.keys import KeyFolder
from app.config import Settings
from app.content.catalogue import Catalogue
from app.content.editions import FOLDER, Editions
from app.prepare import Prepared
from tests.contracts.guarded import kept_behind, undressed
from tests.contracts.page_contract import faults_of
from tests.contracts.school_in_queries import fault_of
from tests.founded import Founded, found_oak_lane
from tests.proving import all_that_is_wrong
from tests.quick import (
    compile_once,
    first_start,
    hash_cheaply,
    started_before,
    work_in_memory,
)

pytest_plugins = ("tests.contracts.worlds",)

GONE_WRONG = 500
BODILESS = {"HEAD", "OPTIONS"}

compile_once()
hash_cheaply()
work_in_memory()


class ContractClient(FlaskClient):
    """A browser that looks at the guards of every answer, and holds every page to its contract."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page, and check what comes."""
        answer = super().open(*args, **kwargs)
        path = answer.request.path
        assert answer.status_code != GONE_WRONG, f"{path} broke: {answer.text[:400]}"
        assert undressed(answer) == [], f"{path}: {answer.status}"
        static = path.startswith(f"{self.application.static_url_path}/")
        assert static or not kept_behind(answer), f"{path}: {answer.status}"
        is_page = answer.mimetype == "text/html" and answer.request.method not in BODILESS
        if is_page and answer.status_code not in {301, 302, 303}:
            assert faults_of(path, answer.text) == [], path
        return answer


def asked_by_catkin() -> bool:
    """Whether the app itself asked, not a test that looks into the tables."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(("app.", "tests.")) and not name.startswith(("app.base.", "tests.conf")):
            return name.startswith("app.")
        frame = frame.f_back
    return True


@pytest.fixture(scope="session")
def read_once() -> Catalogue:
    """The real content, read once for all tests."""
    return first_start().catalogue


@pytest.fixture
def prepared(tmp_path: Path, read_once: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """Folders, keys and tables as a first start makes them."""
    monkeypatch.setattr("app.prepare.read_content", lambda *given: read_once)
    data, keys = tmp_path / "data", tmp_path / "keys"
    started_before(data, keys)
    return replace(
        first_start(),
        settings=Settings(data_dir=data, keys_dir=keys),
        folders=replace(first_start().folders, data=data, keys=keys),
        keys=KeyFolder(keys),
        editions=Editions(data / FOLDER, read_once),
    )


@pytest.fixture
def app(prepared: Prepared) -> Iterator[Flask]:
    """Catkin, without a school yet."""
    app = create_app(prepared, testing=True)
    app.test_client_class = ContractClient
    yield app
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser on the same machine."""
    return app.test_client()


@pytest.fixture
def school(app: Flask) -> Founded:
    """A founded school: a safeguarding team of three, a teacher, a class of five with pictures."""
    return found_oak_lane(app)


@pytest.fixture(autouse=True)
def every_query_names_its_school() -> Iterator[None]:
    """Hear every statement of the test, and fail it for one that names no school."""
    faults: list[str] = []

    def hear(_c: Any, _k: Any, statement: str, _p: Any, context: Any, _m: Any) -> None:
        fault = fault_of(statement, context.execution_options if context else {})
        if fault and asked_by_catkin():
            faults.append(fault)

    event.listen(Engine, "before_cursor_execute", hear)
    yield
    event.remove(Engine, "before_cursor_execute", hear)
    assert faults == []


@pytest.fixture(autouse=True)
def every_write_leaves_a_link(request: pytest.FixtureRequest) -> Iterator[None]:
    """Look at each record that the test wrote: every row stands in a link, as it is."""
    if "tmp_path" in request.fixturenames:
        request.getfixturevalue("tmp_path")  # What is asked for later would be gone before this.
    files: set[Path] = set()

    def hear(connection: Any, _k: Any, statement: str, _p: Any, _c: Any, _m: Any) -> None:
        if statement.startswith("INSERT INTO link"):
            files.add(Path(connection.engine.url.database))

    event.listen(Engine, "before_cursor_execute", hear)
    yield
    event.remove(Engine, "before_cursor_execute", hear)
    if request.node.get_closest_marker("tampers") is None:
        assert [fault.says for file in files for fault in all_that_is_wrong(file)] == []

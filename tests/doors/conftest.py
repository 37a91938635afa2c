"""Ten on a school day; the demo, made once for all tests, and a copy for a test that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app.base.database import Store, engine_of
from app.config import Settings
from app.content.catalogue import Catalogue
from app.demo.app import demo_app, open_up
from app.demo.seed import seed_demo
from app.prepare import prepare
from tests.at_school import TEN
from tests.conftest import ContractClient
from tests.still import clock

__all__ = ["clock", "demo", "demo_as_made", "demo_folder"]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, read_once: Catalogue) -> Path:
    """Where the demo lies that was made on a Monday in November."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(TEN, tick=False):
        patch.setattr("app.prepare.read_content", lambda *given: read_once)
        seed_demo(settings_in(folder))
    return folder


@pytest.fixture(scope="session")
def demo_as_made(demo_folder: Path, read_once: Catalogue) -> Iterator[Flask]:
    """The demo as it was made; for tests that only look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.prepare.read_content", lambda *given: read_once)
        app = demo_app(prepare(settings_in(demo_folder)), testing=True)
    yield app
    _let_go(app)


@pytest.fixture
def demo(
    demo_folder: Path, tmp_path: Path, read_once: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The demo as it is served, with its classes open; it belongs to this test alone."""
    monkeypatch.setattr("app.prepare.read_content", lambda *given: read_once)
    for name in ("data-demo", "keys-demo"):
        shutil.copytree(demo_folder / name, tmp_path / name)
    app = demo_app(prepare(settings_in(tmp_path)), testing=True)
    app.test_client_class = ContractClient
    open_up(app)
    yield app
    _let_go(app)


def _let_go(app: Flask) -> None:
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def settings_in(folder: Path) -> Settings:
    """The demo's settings in a folder."""
    return Settings(data_dir=folder / "data-demo", keys_dir=folder / "keys-demo", demo=True)

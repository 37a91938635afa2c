"""Two schools, built once for all tests; each test finds them as they were built."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import create_app
from app.base.database import Store, engine_of
from app.config import Settings
from app.content.catalogue import Catalogue
from app.prepare import prepare
from tests.conftest import ContractClient
from tests.contracts.forms_seen import Form, all_forms
from tests.contracts.looked_at import Pages
from tests.contracts.mornings import build_world
from tests.contracts.two_schools import World, in_the_morning


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, read_once: Catalogue) -> Iterator[World]:
    """Both schools as they were built."""
    folder = tmp_path_factory.mktemp("two-schools")
    with pytest.MonkeyPatch.context() as patch, in_the_morning():
        patch.setattr("app.prepare.read_content", lambda *given: read_once)
        prepared = prepare(Settings(data_dir=folder / "data", keys_dir=folder / "keys"))
        app = create_app(prepared, testing=True)
        app.test_client_class = ContractClient
        world = build_world(app, prepared.folders.data)
    yield world
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


@pytest.fixture(scope="session")
def forms(built: World) -> list[Form]:
    """One of each kind of form there is."""
    with in_the_morning():
        return all_forms(built)


@pytest.fixture(scope="session")
def pages(built: World) -> Pages:
    """Every page as everybody."""
    return Pages(built)


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """Two schools on a Monday at ten; what a test does there is gone after it."""
    with in_the_morning():
        built.kept.put_back()
        yield built
        built.kept.put_back()

"""Every answer of every kind: guarded by its headers, and honest without showing our insides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app import create_app
from app.base.database import db
from app.content.reading import too_hard
from app.people.rights import May
from app.prepare import Prepared
from app.web.guards import Door
from tests.conftest import ContractClient
from tests.contracts.guarded import kept_behind, undressed
from tests.contracts.page_contract import faults_of
from tests.contracts.words_of import buttons_of, pieces_of
from tests.founded import found_oak_lane

CANARY = "MagpieCanary7"
NOT_ONE_OF_OURS = 418


@pytest.fixture
def breaking(prepared: Prepared) -> Iterator[Flask]:
    """Catkin with a page that fails as one asks it to."""
    app = create_app(prepared, testing=False)
    door = Door("planted", __name__)

    def fail(code: int) -> str:
        if code == NOT_ONE_OF_OURS:
            raise ValueError(f"could not keep {CANARY}")
        abort(code)

    door.opens("/planted/<int:code>", may=May.READ_ANYWHERE, methods=("GET", "POST"))(fail)
    app.register_blueprint(door)
    found_oak_lane(app)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def every_kind(client: FlaskClient) -> Iterator[tuple[int, TestResponse]]:
    """An answer of each kind that can go wrong, and the status it must have."""
    for code in (400, 403, 404, 405, 413, 429):
        yield code, client.get(f"/planted/{code}")
    yield 404, client.get("/nowhere")
    yield 405, client.put("/sign-in")
    yield 413, client.post("/sign-in", data={"word": "x" * 2_000_000})
    yield 404, client.get("/static/nowhere.css")
    yield 404, client.get("/static/../app/config.py")
    yield 500, client.get(f"/planted/{NOT_ONE_OF_OURS}")
    yield 500, client.post(f"/planted/{NOT_ONE_OF_OURS}", data={"words": CANARY})
    yield 400, client.get("/planted/409")


def test_whatever_goes_wrong_is_guarded_and_a_page_of_ours(breaking: Flask) -> None:
    for code, answer in every_kind(breaking.test_client()):
        assert answer.status_code in {code, 409}
        assert undressed(answer) == [], answer.request.path
        assert faults_of(answer.request.path, answer.text) == []
        assert not kept_behind(answer), answer.request.path


def test_whatever_goes_wrong_is_said_in_words_that_a_child_can_read(breaking: Flask) -> None:
    for _code, answer in every_kind(breaking.test_client()):
        for piece in (*pieces_of(answer.text), *buttons_of(answer.text)):
            assert too_hard(piece, "tell") == (), answer.request.path


def test_from_every_error_page_a_child_can_tell_or_is_told_whom_to_tell(breaking: Flask) -> None:
    for code, answer in every_kind(breaking.test_client()):
        assert "Tell a teacher" in answer.text or (code == 500 and "grown-up now" in answer.text)


def test_what_lies_in_static_may_be_stored_and_is_guarded_all_the_same(client: FlaskClient) -> None:
    with client.get(f"{client.application.static_url_path}/css/base.css") as answer:
        assert answer.status_code == 200
        assert undressed(answer) == []
        assert "max-age" in answer.headers["Cache-Control"]


def test_nothing_but_static_files_is_served_from_the_folder(client: FlaskClient) -> None:
    for path in ("../README.md", "..%2fREADME.md", "%2e%2e/app"):
        answer = client.get(f"{client.application.static_url_path}/{path}")
        assert answer.status_code in {308, 404}, path
        assert "Catkin" not in answer.text.partition("<body")[2]


def test_a_fault_of_ours_shows_none_of_our_insides(
    breaking: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    client = breaking.test_client()
    page = client.post(f"/planted/{NOT_ONE_OF_OURS}", data={"words": f"{CANARY} said hi"})
    assert page.status_code == 500
    for inside in ("Traceback", "ValueError", ".py", "could not keep"):
        assert inside not in page.text
    heard = caplog.text + "".join(capfd.readouterr())
    assert CANARY not in heard
    (line,) = [record.getMessage() for record in caplog.records if record.name == "catkin"]
    assert line[7:].startswith(" POST planted.fail failed: ValueError at ")
    assert line[:7] in page.text, "what is told to the technician is found in the log"
    assert "test_headers.py:" in line


def test_the_page_for_a_fault_of_ours_asks_no_database(
    breaking: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the database may be what failed."""

    def explode(*_args: object, **_kwargs: object) -> None:
        raise OSError("the disk is gone")

    client = breaking.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "somebody who was signed in"
    monkeypatch.setattr(Engine, "connect", explode)
    for path in ("/map", "/today", "/tell", "/sign-in", f"/planted/{NOT_ONE_OF_OURS}"):
        answer = client.get(path)
        assert answer.status_code == 500, path
        assert "Something broke" in answer.text
        assert undressed(answer) == []


def test_an_answer_without_its_guards_is_noticed_whoever_asks_for_it(prepared: Prepared) -> None:
    """Whatever a test asks for, it asks with this client: each page, as everybody."""
    app = create_app(prepared, testing=True)
    app.after_request_funcs[None].clear()
    answer = app.test_client().get("/healthz")
    assert undressed(answer) != []
    assert kept_behind(answer)
    app.test_client_class = ContractClient
    with pytest.raises(AssertionError, match="nosniff|X-Content-Type-Options"):
        app.test_client().get("/healthz")

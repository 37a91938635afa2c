"""The first page, and the health of the installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import Store, engine_of
from app.web.parts import catalogue
from tests.at_school import wording
from tests.founded import Founded


def test_the_first_visit_offers_to_set_up_the_school(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Grow up SMART online." in wording(page)
    assert "Set up my school" in wording(page)
    assert 'href="/set-up"' in page.text


def test_nobody_is_promised_a_reader_before_there_is_a_school(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "/tell" not in page
    assert "Tell a teacher" not in page


def test_help_lines_on_the_first_page_come_from_the_register(
    app: Flask, client: FlaskClient
) -> None:
    known = app.extensions["catkin"].catalogue.helplines
    said = wording(client.get("/"))
    for line in ("emergency", "childline"):
        assert known[line].contact.partition(";")[0] in said


def test_once_there_is_a_school_the_first_page_is_the_pupils_sign_in(
    client: FlaskClient, school: Founded
) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_healthy_catkin_says_so(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/healthz")
    with app.app_context():
        content = catalogue()
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "database": "ok",
        "safeguarding": "ok",
        "lessons": len(content.lessons),
        "quizzes": len(content.quizzes),
    }
    assert len(content.lessons) > 0


@pytest.mark.parametrize(
    ("store", "part", "other"),
    [
        (Store.LEARNING, "database", "safeguarding"),
        (Store.SAFEGUARDING, "safeguarding", "database"),
    ],
)
def test_a_broken_file_is_named(
    app: Flask, client: FlaskClient, store: Store, part: str, other: str
) -> None:
    with app.app_context():
        engine = engine_of(store)
        assert engine.url.database is not None
        file = Path(engine.url.database)
    engine.dispose()
    for side in ("", "-wal", "-shm"):
        Path(f"{file}{side}").unlink(missing_ok=True)
    file.write_bytes(b"This is no database. " * 500)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] == answer.json[part] == "failing"
    assert answer.json[other] == "ok"

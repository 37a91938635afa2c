"""Lessons that change under a pupil: another band, taken away, a newer version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content.catalogue import Catalogue
from app.learning.queries import newest_run
from app.learning.rules import Run
from tests.playing import SCHOOL, add_school, content, press, sign_in

LESSON = content().lessons["t-79"]
HOME = f"/lesson/{LESSON.id}"


@pytest.fixture
def amina(app: Flask) -> FlaskClient:
    with app.app_context():
        add_school()
    client = app.test_client()
    sign_in(client, "amina")
    return client


def run_of(app: Flask) -> Run:
    with app.app_context():
        run = newest_run(SCHOOL, "amina", LESSON.id)
    assert run is not None
    return run


def change_content(app: Flask, known: Catalogue) -> None:
    app.extensions["catkin"] = replace(app.extensions["catkin"], catalogue=known)


def test_a_lesson_of_another_band_does_not_exist(app: Flask, amina: FlaskClient) -> None:
    older = replace(LESSON, band="9-11")
    change_content(app, replace(content(), lessons={LESSON.id: older}))
    assert amina.get(HOME).status_code == 404
    assert amina.get("/lesson/nothing").status_code == 404


def test_a_lesson_that_was_taken_away_leads_kindly_back_to_the_map(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    change_content(app, replace(content(), lessons={}))
    page = amina.get(f"{HOME}/1", follow_redirects=True)
    assert page.request.path == "/map"
    assert "That one is not here now" in page.text


def test_a_new_version_goes_on_at_the_same_card_or_at_the_first(
    app: Flask, amina: FlaskClient
) -> None:
    press(amina, HOME)
    for _ in range(2):
        press(amina, f"{HOME}/1", choice=1)
    press(amina, f"{HOME}/1", do="next")
    newer = replace(LESSON, version=LESSON.version + 1)
    change_content(app, replace(content(), lessons={LESSON.id: newer}))
    assert amina.get(HOME).headers["Location"] == f"{HOME}/2"
    shorter = replace(newer, cards=LESSON.cards[:1])
    change_content(app, replace(content(), lessons={LESSON.id: shorter}))
    assert amina.get(HOME).headers["Location"] == f"{HOME}/1"
    assert (run_of(app).version, len(run_of(app).answers)) == (LESSON.version, 2)

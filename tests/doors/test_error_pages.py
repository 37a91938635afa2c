"""Error pages in the look of whoever reads them; the page for our own faults knows nobody."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.base.database import Store, engine_of
from app.base.errors import StoreAway
from tests.at_school import (
    AtSchool,
    card_for,
    signed_in_adult,
    signed_in_pupil,
    small_school,
    wording,
)

PUPIL_LOOK, STAFF_LOOK = '<body class="pupil">', '<body class="staff">'


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


@pytest.fixture
def asked(app: Flask) -> list[str]:
    """What is asked of either database."""
    heard: list[str] = []
    with app.app_context():
        for store in Store:
            event.listen(
                engine_of(store), "before_cursor_execute", lambda *said: heard.append(said[2])
            )
    return heard


def test_a_pupil_who_goes_astray_sees_a_page_for_pupils(
    client: FlaskClient, here: AtSchool
) -> None:
    signed_in_pupil(client, here.amina)
    for path, code in (("/nowhere", 404), ("/today", 403)):
        page = client.get(path)
        assert page.status_code == code
        assert PUPIL_LOOK in page.text
        assert "Sign out" in wording(page)
        assert "Tell a teacher" in wording(page)


def test_a_teacher_who_goes_astray_sees_a_page_for_staff(
    client: FlaskClient, here: AtSchool
) -> None:
    signed_in_adult(client)
    page = client.get("/nowhere")
    assert (page.status_code, STAFF_LOOK in page.text) == (404, True)
    assert "Check the address." in wording(page)
    assert "Back to Today" in wording(page)


def test_whoever_is_not_signed_in_sees_a_page_for_pupils_with_tell(
    client: FlaskClient, here: AtSchool
) -> None:
    page = client.get("/nowhere")
    assert PUPIL_LOOK in page.text
    assert "Tell a teacher" in wording(page)


@pytest.mark.parametrize(("fault", "code"), [(ValueError(), 500), (StoreAway(), 503)])
@pytest.mark.parametrize(("path", "look"), [("/map", PUPIL_LOOK), ("/today", STAFF_LOOK)])
def test_the_page_for_our_own_faults_asks_nothing_of_a_database(
    app: Flask, asked: list[str], fault: Exception, code: int, path: str, look: str
) -> None:
    app.test_client().get("/sign-in")
    app.test_client().get("/nowhere")
    assert asked, "nothing is heard of what other pages ask"
    asked.clear()
    with app.test_request_context(path):
        answer = app.make_response(app.handle_user_exception(fault))
    assert answer.status_code == code
    assert look in answer.get_data(as_text=True)
    assert asked == []


def test_a_card_shows_the_animal_of_its_pupil(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    page = client.get(f"/card/{card_for(app, here, here.finn)}")
    assert "Is this you?" in wording(page)
    assert 'sprite.svg#av-fox"' in page.text

"""How a pupil likes to read: chosen without a script, kept on this browser."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.at_school import press
from tests.founded import Founded


def look_of(client: FlaskClient) -> str:
    return client.get("/sign-in").text.partition("<head>")[0]


def test_big_letters_wide_lines_and_dark_paper_stay_chosen(
    client: FlaskClient, school: Founded
) -> None:
    page = client.get("/text?after=/sign-in")
    answer = press(client, page, "Use this", size="150", lines="wide", paper="dark")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    look = look_of(client)
    assert 'data-size="150"' in look
    assert 'data-lines="wide"' in look
    assert 'data-paper="dark"' in look


def test_what_is_not_on_offer_changes_nothing(client: FlaskClient, school: Founded) -> None:
    before = look_of(client)
    press(client, client.get("/text"), "Use this", size="900", lines="x", paper='dark"><b>')
    assert look_of(client) == before


def test_the_way_back_never_leads_out_of_catkin(client: FlaskClient, school: Founded) -> None:
    page = client.get("/text?after=https://example.org/")
    assert "example.org" not in page.text
    answer = press(client, page, "Use this", after="//example.org/", size="100")
    assert answer.location == "/"

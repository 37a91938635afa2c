"""Privacy, the DPIA, the accessibility statement, credits and news: open to all, true, linked."""

from __future__ import annotations

import re
from importlib.metadata import version as installed

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock
from app.papers import news, records, thanks
from app.people.actions.sign_ins import begin_for_pupil
from tests.at_desk import school_with_team
from tests.at_school import wording

PAPERS = ("/privacy", "/privacy/dpia", "/accessibility", "/credits", "/new")
QUIET = ("/privacy", "/accessibility", "/credits", "/new")


def ours(text: str) -> set[str]:
    """The addresses of Catkin's own to which a page leads."""
    found = re.findall(r'<a [^>]*href="([^"#]+)"', text)
    return {one for one in found if not re.match(r"(tel|sms|mailto|https):", one)}


@pytest.mark.parametrize("path", PAPERS)
def test_a_paper_opens_without_a_school_and_all_it_leads_to_is_there(
    client: FlaskClient, path: str
) -> None:
    text = client.get(path).text
    assert f'<a href="{path}" aria-current="page">' in text
    assert f"Catkin {news.version()}" in text
    assert set(PAPERS) <= ours(text)
    for address in ours(text):
        with client.get(address) as answer:
            assert answer.status_code in {200, 303}, address


def test_every_row_of_the_record_stands_on_the_page_and_in_both_forms_of_the_dpia(
    client: FlaskClient,
) -> None:
    pages = [wording(client.get(path)) for path in ("/privacy", "/privacy/dpia")]
    text = client.get("/privacy/dpia.md")
    assert text.headers["Content-Type"] == "text/markdown; charset=utf-8"
    for row in records.kept().rows():
        for page in (*pages, text.text):
            assert row.name in page
            assert row.why in page
    for risk in records.assessment().risks:
        assert risk.risk in pages[1]
        assert risk.left in text.text
    for page in (*pages, text.text):
        assert "{" not in page
        assert "15 minutes" in page, "times are filled in from the code"


def test_credits_are_read_from_what_is_installed(client: FlaskClient) -> None:
    page, text = client.get("/credits"), client.get("/credits/licences.txt")
    for name in ("Flask", "SQLAlchemy", "cryptography", "Jinja2"):
        assert re.search(rf"{name}\b.*?<td>{re.escape(installed(name))}</td>", page.text, re.S)
        assert f"{name} {installed(name)}\n===" in text.text
    assert [one.name for one in thanks.packages() if one.licence == "see text"] == []
    assert len(thanks.fonts()) == 3
    said = wording(page)
    assert "SMART rules of the charity Childnet" in said
    assert "Childnet has not made, seen or endorsed Catkin." in said
    assert "childline.org.uk" in said
    assert text.mimetype == "text/plain"
    assert "Permission is hereby granted" in text.text


def test_what_is_new_is_rendered_and_nothing_in_it_is_let_through(client: FlaskClient) -> None:
    said = wording(client.get("/new"))
    for one in news.versions():
        assert f"{one.number} {one.day}" in said
    assert "Look again: go back to any moment" in said


def test_adults_pages_lead_there_and_pupils_pages_do_not(app: Flask, client: FlaskClient) -> None:
    assert set(QUIET) <= ours(client.get("/").text)
    assert set(QUIET) <= ours(client.get("/help").text)
    school_with_team(app)
    assert set(QUIET) <= ours(client.get("/staff/sign-in").text)
    for path in ("/sign-in", "/tell", "/text"):
        assert not set(QUIET) & ours(client.get(path).text), path


def test_a_pupil_who_comes_across_privacy_finds_the_way_back_and_tell(
    app: Flask, client: FlaskClient
) -> None:
    assert "/tell" not in ours(client.get("/privacy").text)
    desk = school_with_team(app)
    with app.app_context():
        token = begin_for_pupil(desk.id, desk.school.amina, clock.now())
    with client.session_transaction() as session:
        session |= {"_user_id": token, "_fresh": True}
    text = client.get("/privacy").text
    assert {"/map", "/tell"} <= ours(text)
    assert text.index("What Catkin knows about me") < text.index("From here on for adults.")


def test_the_statement_has_every_part_of_the_model(client: FlaskClient) -> None:
    said = wording(client.get("/accessibility"))
    parts = (
        "This accessibility statement applies to",
        "How accessible Catkin is",
        "Feedback",
        "Enforcement procedure",
        "Compliance status",
        "partially compliant",
        "Non-accessible content",
        "Disproportionate burden",
        "What we are doing to improve accessibility",
        "Preparation of this statement",
    )
    assert sorted(parts, key=said.index) == list(parts)
    for line in records.accessibility().not_tested:
        assert line in said

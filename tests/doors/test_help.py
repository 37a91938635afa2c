"""Where families get help: with or without a school, in each nation, and nothing of a child."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.base import clock
from app.base.database import Store, writing
from app.content.values import Helpline
from app.people.actions.sign_ins import begin_for_pupil
from app.people.rules import NATIONS
from app.people.tables import School
from tests.at_desk import AtDesk, school_with_team, tell
from tests.at_school import wording

HELP = "/help"
PAPERS = {"/privacy", "/accessibility", "/credits", "/new"}


@pytest.fixture
def lines(app: Flask) -> dict[str, Helpline]:
    return dict(app.extensions["catkin"].catalogue.helplines)


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def shown(client: FlaskClient) -> list[str]:
    """The names of the lines on the page, in their order."""
    return re.findall(r"<h3>([^<]+)</h3>", client.get(HELP).text)


def in_nation(app: Flask, desk: AtDesk, nation: str) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(update(School).where(School.id == desk.id).values(nation=nation))


def test_before_there_is_a_school_the_lines_of_the_whole_uk_are_shown(
    client: FlaskClient, lines: dict[str, Helpline]
) -> None:
    page = client.get(HELP)
    assert "These lines are for all of the UK." in wording(page)
    names = shown(client)
    assert {"Childline", "NSPCC Helpline"} <= set(names)
    everywhere = {line.name for line in lines.values() if set(line.nations) >= set(NATIONS)}
    assert set(names) <= everywhere


def test_the_emergency_number_comes_first_and_then_the_school(
    client: FlaskClient, lines: dict[str, Helpline], desk: AtDesk
) -> None:
    text = client.get(HELP).text
    emergency = lines["emergency"].number
    places = [text.index(f'href="tel:{emergency}"'), text.index("Ring the school office")]
    places += [text.index(f"<h3>{lines[one].name}") for one in ("nspcc", "childline", "ceop")]
    assert places == sorted(places)
    assert text.count(f'href="tel:{emergency}"') == 1


@pytest.mark.parametrize("nation", NATIONS)
def test_each_nation_has_its_own_lines_and_no_others(
    app: Flask, client: FlaskClient, lines: dict[str, Helpline], desk: AtDesk, nation: str
) -> None:
    in_nation(app, desk, nation)
    assert f"These lines are for {nation}." in wording(client.get(HELP))
    mine = [one.name for one in lines.values() if nation in one.nations and one.verified]
    names = shown(client)
    assert set(names) <= set(mine)
    assert ("Meic" in names) == (nation == "Wales")
    assert any("Online Safety Hub" in name for name in names) == (nation == "Northern Ireland")
    assert any("Report Fraud" in name for name in names) == (nation != "Scotland")


@pytest.mark.parametrize("nation", NATIONS)
def test_what_nobody_has_checked_or_is_not_for_parents_is_left_out(
    app: Flask, client: FlaskClient, lines: dict[str, Helpline], desk: AtDesk, nation: str
) -> None:
    in_nation(app, desk, nation)
    said = wording(client.get(HELP))
    left_out = [one for one in lines.values() if not one.verified or "parent" not in one.show_to]
    assert left_out
    for line in left_out:
        assert line.name not in said
        assert line.contact not in said
    assert "recalled" not in said


def test_every_line_says_when_it_was_checked_and_never_its_hours(
    client: FlaskClient, lines: dict[str, Helpline], desk: AtDesk
) -> None:
    text = client.get(HELP).text
    assert text.count("Checked 20 November 2026.") == len(shown(client))
    assert "Any day." in text[text.index("<h3>Childline") : text.index("<h3>Police")]
    for line in lines.values():
        assert line.hours is None or line.hours not in text
    assert not re.search(r"\d ?[ap]m\b|\d:\d\d", wording(client.get(HELP)))


def test_a_number_is_called_and_a_page_opened_by_pressing_it(
    client: FlaskClient, lines: dict[str, Helpline]
) -> None:
    text = client.get(HELP).text
    number = lines["childline"].number
    assert f'href="tel:{number.replace(" ", "")}"' in text
    assert 'href="https://childline.org.uk" rel="external noreferrer"' in text


def test_no_adult_and_no_child_of_the_school_is_named(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    before = client.get(HELP).text
    tell(app, desk, to=(desk.school.okafor,))
    assert client.get(HELP).text == before
    for name in ("Lane", "Okafor", "Marsh", "Amina", "Hazel", "Oak Lane"):
        assert name not in before, name


def test_families_have_no_tell_key_and_no_way_to_a_page_of_a_pupil(
    client: FlaskClient, desk: AtDesk
) -> None:
    hrefs = set(re.findall(r'<a [^>]*href="([^"]+)"', client.get(HELP).text))
    ours = {href for href in hrefs if not re.match(r"(tel|sms|mailto|https):", href)}
    assert ours == {"#main", "/families"} | PAPERS


def test_a_pupil_who_asks_for_help_comes_to_tell(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    with app.app_context():
        token = begin_for_pupil(desk.id, desk.school.amina, clock.now())
    with client.session_transaction() as session:
        session |= {"_user_id": token, "_fresh": True}
    answer = client.get(HELP)
    assert (answer.status_code, answer.location) == (303, "/tell")


def test_the_first_page_and_the_staff_sign_in_lead_there_and_no_page_of_a_pupil(
    app: Flask, client: FlaskClient
) -> None:
    assert f'href="{HELP}"' in client.get("/").text
    school_with_team(app)
    page = client.get("/staff/sign-in").text
    assert f'href="{HELP}"' in page
    assert 'href="/families"' in page
    for path in ("/sign-in", "/tell", "/text"):
        assert f'href="{HELP}"' not in client.get(path).text
        assert 'href="/families"' not in client.get(path).text

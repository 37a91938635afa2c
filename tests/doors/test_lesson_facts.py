"""What a lesson's page tells staff of the curriculum and of real services; pupils of neither."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock
from app.content.blocking import UNSURE
from app.content.catalogue import Catalogue
from app.people.actions.sign_ins import begin_for_staff
from tests.at_desk import AtDesk, go_on, school_with_team
from tests.at_school import THREE, press, signed_in_pupil, wording


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def teacher(app: Flask, desk: AtDesk) -> FlaskClient:
    with app.app_context():
        token = begin_for_staff(desk.id, desk.school.okafor, clock.now())
    browser = app.test_client()
    with browser.session_transaction() as session:
        session |= {"_user_id": token, "_fresh": True}
    return browser


@pytest.fixture
def known(app: Flask) -> Catalogue:
    found: Catalogue = app.extensions["catkin"].catalogue
    return found


def panel(text: str, name: str) -> str:
    """One panel of the page."""
    start = text.index(f'aria-labelledby="{name}"')
    return text[start : text.index("</section>", start)]


def rows(text: str) -> list[str]:
    return re.findall(r"<li[ >].*?</li>", panel(text, "worked-title"), re.DOTALL)


def test_each_lesson_lists_every_statement_of_its_objectives(
    teacher: FlaskClient, known: Catalogue
) -> None:
    for lesson in known.lessons.values():
        said = "".join(rows(teacher.get(f"/lessons/{lesson.id}").text))
        for one in lesson.objectives:
            for evidence in known.objectives[one].evidences:
                statement = known.curriculum.statements[evidence]
                assert f"<b>{statement.called}" in said, (lesson.id, evidence)


def test_what_is_not_confirmed_is_marked_kept_from_print_and_never_called_statutory(
    teacher: FlaskClient, known: Catalogue
) -> None:
    by_name = {one.called: one for one in known.curriculum.statements.values()}
    today, marks = clock.local(clock.now()).date(), {True: 0, False: 0}
    for lesson in known.lessons.values():
        for row in rows(teacher.get(f"/lessons/{lesson.id}").text):
            found = re.search(r"<b>([^<]+)", row)
            assert found is not None
            unsure = "†" in row
            assert ("not confirmed" in row) == ('class="no-print"' in row) == unsure
            assert not (unsure and "statutory" in row.lower())
            if not found[1][1:].isdigit():  # The publisher's codes recur between key stages.
                one = by_name[found[1]]
                assert one.verified != unsure
                assert ("statutory" in row.lower()) == one.statutory_on(today), row
            marks["statutory" in row.lower()] += 1
    assert min(marks.values()) > 0


def test_the_word_stands_in_no_heading(teacher: FlaskClient, known: Catalogue) -> None:
    for lesson in known.lessons.values():
        text = panel(teacher.get(f"/lessons/{lesson.id}").text, "worked-title")
        assert not re.search(r"<h\d[^>]*>[^<]*statutory", text, re.IGNORECASE)


def test_a_framework_of_which_nothing_is_confirmed_is_not_printed(
    app: Flask, teacher: FlaskClient, known: Catalogue
) -> None:
    statements = known.curriculum.statements
    doubted = {one: replace(row, verified=False) for one, row in statements.items()}
    curriculum = replace(known.curriculum, statements=MappingProxyType(doubted))
    app.extensions["catkin"] = replace(
        app.extensions["catkin"], catalogue=replace(known, curriculum=curriculum)
    )
    text = panel(teacher.get("/lessons/t-79").text, "worked-title")
    assert '<div class="framework">' not in text
    assert '<div class="framework no-print">' in text
    assert "statutory" not in text.lower()


def test_real_services_stand_on_the_staffs_page_of_tell_and_on_no_other(
    teacher: FlaskClient, known: Catalogue
) -> None:
    assert known.blocking is not None
    for lesson in known.lessons.values():
        text = teacher.get(f"/lessons/{lesson.id}").text
        assert ("How to block and report in real apps" in text) == (lesson.letter == "T")
    for number in range(1, len(known.lessons["t-79"].cards) + 2):
        said = wording(teacher.get(f"/lessons/t-79/board/{number}"))
        assert not any(
            one.name in said for one in known.blocking.services.values() if one.id != "x"
        )


def test_a_service_that_is_not_confirmed_shows_none_of_its_steps(
    teacher: FlaskClient, known: Catalogue
) -> None:
    assert known.blocking is not None
    text = panel(teacher.get("/lessons/t-79").text, "services-title")
    told = dict(re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', text, re.DOTALL))
    assert list(told) == [one.name for one in known.blocking.services.values()]
    for one in known.blocking.services.values():
        sure = one.verified and one.steps_verified
        assert (UNSURE in told[one.name]) != sure, one.name
        assert ("20 November 2026" in told[one.name]) == sure
        assert ("Not confirmed" in told[one.name]) != sure
        if not one.verified and one.parent_tool:
            assert one.parent_tool.lower() not in told[one.name].lower()


def doubt(app: Flask, known: Catalogue, doubted: str) -> None:
    """From now on nobody has confirmed the line."""
    lines = dict(known.helplines)
    lines[doubted] = replace(lines[doubted], verified=False)
    app.extensions["catkin"] = replace(
        app.extensions["catkin"], catalogue=replace(known, helplines=MappingProxyType(lines))
    )


@pytest.mark.parametrize("doubted", ["childline", "emergency"])
def test_a_line_that_is_not_verified_is_on_no_public_page(
    app: Flask, client: FlaskClient, known: Catalogue, doubted: str
) -> None:
    number = known.helplines[doubted].number
    for before in (True, False):
        assert (number in wording(client.get("/"))) == before
        assert (number in wording(client.get("/help"))) == before
        if before:
            doubt(app, known, doubted)


def test_a_line_that_is_not_verified_is_on_no_page_of_a_pupil(
    app: Flask, known: Catalogue, desk: AtDesk
) -> None:
    childline, emergency = (known.helplines[one].number for one in ("childline", "emergency"))
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    for before in (True, False):
        first = amina.get("/tell")
        assert (emergency in wording(first)) == before
        receipt = go_on(amina, first, "Just talk to me")
        assert "Thank you for telling us" in wording(receipt)
        assert (childline in wording(receipt)) == (emergency in wording(receipt)) == before
        page = amina.get("/notes")
        for picture in THREE if before else ():
            page = press(amina, page, picture)
        assert (childline in wording(amina.get("/notes"))) == before
        for one in ("childline", "emergency"):
            doubt(app, app.extensions["catkin"].catalogue, one)

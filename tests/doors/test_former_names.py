"""Who takes another name is told of, and is still held from what a child says under the old one."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.base.database import db
from app.people.tables import FormerName
from tests.at_desk import AtDesk, adult_browser, school_with_team, tell
from tests.at_school import wording
from tests.founded import post

HEAD, CHAIR = "marsh@example.sch.uk", "chair@example.sch.uk"
LANE, OKAFOR = "lane.okafor@example.sch.uk", "okafor@example.sch.uk"
NAMED = "mrs marsh shouted at me"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def renames(browser: FlaskClient, staff_id: str, email: str, name: str) -> TestResponse:
    there, sent = f"/people/{staff_id}", {"name": name, "known_as": name, "email": email}
    return post(browser, f"{there}/details", sent, page=there)


def former(app: Flask) -> list[str]:
    with app.app_context():
        asked = select(FormerName.name).order_by(FormerName.id)
        return list(db.session.scalars(asked.execution_options(every_school="a test looks at all")))


def test_who_takes_another_name_is_still_held_from_what_names_the_old_one(
    app: Flask, desk: AtDesk
) -> None:
    head = adult_browser(app, HEAD)
    assert renames(head, desk.head, HEAD, "Zoe Quill").status_code == 303
    reference = tell(app, desk, words=NAMED)
    assert reference not in wording(head.get("/concerns"))
    assert head.get(f"/concerns/{reference}").status_code == 404
    lane = adult_browser(app, LANE)
    assert "Zoe Quill: Held: the words seem to name them" in wording(
        lane.get(f"/concerns/{reference}")
    )
    again = tell(app, desk, words="it was Mrs Quill")
    assert again not in wording(head.get("/concerns"))


@pytest.mark.parametrize("by", [HEAD, LANE])
def test_the_team_and_that_adult_are_told_of_another_name_for_one_of_them(
    app: Flask, desk: AtDesk, by: str
) -> None:
    renames(adult_browser(app, by), desk.head, HEAD, "Zoe Quill")
    for email in (HEAD, LANE, CHAIR):
        assert (
            "changed a name: Ada Marsh (pupils say Ada Marsh) is now Zoe Quill"
            " (pupils say Zoe Quill)." in wording(adult_browser(app, email).get("/today"))
        )


def test_of_a_teachers_name_nobody_is_told_and_the_old_one_is_kept_until_they_leave(
    app: Flask, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    renames(lane, desk.school.okafor, OKAFOR, "Ngozi Bell")
    assert "changed a name" not in wording(lane.get("/today"))
    assert former(app) == ["Ngozi Okafor"]
    renames(lane, desk.school.okafor, OKAFOR, "Ngozi Bell")
    assert former(app) == ["Ngozi Okafor"], "nothing was changed"
    post(lane, f"/people/{desk.school.okafor}/end")
    assert former(app) == []

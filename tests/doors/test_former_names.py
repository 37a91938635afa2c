"""Who takes another name is told of, and is still held from what a child says under the old one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
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


def test_the_team_and_a_teacher_who_has_joined_are_told_of_another_name_for_the_teacher(
    app: Flask, desk: AtDesk
) -> None:
    renames(adult_browser(app, LANE), desk.school.okafor, OKAFOR, "Ngozi Bell")
    for email in (HEAD, OKAFOR):
        assert "changed a name: Ngozi Okafor" in wording(adult_browser(app, email).get("/today"))


def test_the_old_name_is_kept_until_they_leave_and_stands_on_their_page(
    app: Flask, desk: AtDesk
) -> None:
    lane, there = adult_browser(app, LANE), f"/people/{desk.school.okafor}"
    assert "Names before" not in lane.get(there).text
    renames(lane, desk.school.okafor, OKAFOR, "Ngozi Bell")
    assert former(app) == ["Ngozi Okafor"]
    assert "Ngozi Okafor (pupils say Ngozi Okafor), until" in wording(lane.get(there))
    renames(lane, desk.school.okafor, OKAFOR, "Ngozi Bell")
    assert former(app) == ["Ngozi Okafor"], "nothing was changed"
    post(lane, f"{there}/end")
    assert former(app) == []


@pytest.mark.parametrize(("hours", "holds"), [(1, False), (25, True)])
def test_what_another_called_them_counts_once_it_stood_for_a_day(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller, hours: int, holds: bool
) -> None:
    renames(adult_browser(app, HEAD), desk.school.lane, LANE, "Peter Quill")
    clock.shift(timedelta(hours=hours))
    renames(adult_browser(app, HEAD), desk.school.lane, LANE, "Peter Lane")
    reference = tell(app, desk, words="mr quill shouted at me")
    lane = adult_browser(app, LANE)
    assert (lane.get(f"/concerns/{reference}").status_code == 404) is holds
    said = "stood less than a day, and holds nothing"
    assert (said not in wording(lane.get(f"/people/{desk.school.lane}"))) is holds


def test_what_they_called_themselves_counts_at_once(app: Flask, desk: AtDesk) -> None:
    lane = adult_browser(app, LANE)
    for name in ("Peter Quill", "Peter Lane"):
        renames(lane, desk.school.lane, LANE, name)
    reference = tell(app, desk, words="mr quill shouted at me")
    assert lane.get(f"/concerns/{reference}").status_code == 404


@pytest.mark.parametrize("said", ["I", "Scared", "Mr Scared", "Mrs The", "my friend", "B"])
def test_what_children_say_of_other_things_is_no_name(app: Flask, desk: AtDesk, said: str) -> None:
    head, there = adult_browser(app, HEAD), f"/people/{desk.school.lane}"
    sent = {"name": "Peter Lane", "known_as": said, "email": LANE}
    page = post(head, f"{there}/details", sent, page=there)
    assert "Pupils say this of other things, too." in wording(page)
    assert f'value="{said}"' in page.text


@pytest.mark.parametrize("said", ["Mr B", "Miss", "Mr Lane", "Peter", "Lane", "Mr Bell"])
def test_what_pupils_say_may_be_short_or_a_surname_that_is_a_word(
    app: Flask, desk: AtDesk, said: str
) -> None:
    head, there = adult_browser(app, HEAD), f"/people/{desk.school.lane}"
    sent = {"name": "Peter Lane", "known_as": said, "email": LANE}
    assert post(head, f"{there}/details", sent, page=there).status_code == 303


def test_a_letter_by_itself_names_nobody_but_after_a_title(app: Flask, desk: AtDesk) -> None:
    head, there = adult_browser(app, HEAD), f"/people/{desk.school.lane}"
    sent = {"name": "Peter Lane", "known_as": "Mr I", "email": LANE}
    assert post(head, f"{there}/details", sent, page=there).status_code == 303
    lane = adult_browser(app, LANE)
    assert lane.get(f"/concerns/{tell(app, desk, words='I feel sad.')}").status_code == 200
    assert lane.get(f"/concerns/{tell(app, desk, words='mr i hit me')}").status_code == 404

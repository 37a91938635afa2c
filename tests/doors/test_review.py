"""Due for a look: the list, the years, holds, erasing by two, the certificate. Without script."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.base.database import Store, writing
from app.people.tables import Staff
from app.safeguarding.actions import retention
from app.safeguarding.chain import chain_key_name
from tests.at_desk import (
    PASSWORD,
    WORDS,
    AtDesk,
    adult_browser,
    covered_browser,
    go_on,
    school_with_team,
    tell,
)
from tests.at_school import press, signed_in_pupil, wording
from tests.rooms.test_retention import TWO_YEARS, ask, closed

LANE, HEAD = "lane.okafor@example.sch.uk", "marsh@example.sch.uk"
CHAIR, OKAFOR = "chair@example.sch.uk", "okafor@example.sch.uk"
GROUND = "Our retention schedule says so"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def due(app: Flask, desk: AtDesk, clock: time_machine.Traveller) -> str:
    """A concern that the teacher was sent; it was closed two years ago, and one was set."""
    reference = closed(app, desk, to=(desk.school.okafor,))
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    return reference


def asked(browser: FlaskClient, reference: str, **typed: object) -> TestResponse:
    page = browser.get(f"/concerns/{reference}/keeping")
    given = {"ground": "schedule", "reason": "He left in 2026.", "password": PASSWORD}
    return go_on(browser, page, "Ask to erase it", **(given | typed))


def agreed(browser: FlaskClient, reference: str, **typed: object) -> TestResponse:
    page = browser.get(f"/concerns/{reference}/keeping")
    given = {"ground": "schedule", "password": PASSWORD}
    return go_on(browser, page, "Erase it for ever", **(given | typed))


def test_the_team_sets_the_years_and_nothing_is_due_before(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = closed(app, desk)
    clock.shift(TWO_YEARS)
    lane = adult_browser(app, LANE)
    page = lane.get("/concerns/review")
    assert "No time is set, so nothing is ever due." in wording(page)
    assert "Nothing is due." in wording(page)
    form = lane.get("/concerns/review/years")
    assert "Child protection files: 25 years from the child’s date of birth." in wording(form)
    assert "Not confirmed: ask your local authority" in wording(form)
    for wrong in ("0", "101", "-3", "many", "1.5", "9" * 400):
        assert "at-fault" in press(lane, form, "Save", years=wrong).text, wrong
    said = wording(go_on(lane, form, "Save", years="1"))
    assert "1 year after the last entry" in said
    assert "Set by Peter Lane" in said
    assert reference in said
    assert "17 November 2027" not in said
    assert "16 November 2027" in said
    again = go_on(lane, lane.get("/concerns/review/years"), "Save", years="")
    assert "nothing is ever due" in wording(again)


def test_only_the_team_comes_to_these_pages_and_the_list_is_covered(
    app: Flask, desk: AtDesk, due: str
) -> None:
    okafor = adult_browser(app, OKAFOR)
    assert due in wording(okafor.get("/concerns?show=closed"))
    for path in ("review", "review/years", f"{due}/keeping"):
        assert okafor.get(f"/concerns/{path}").status_code == 403, path
    assert "Due for a look" not in okafor.get("/concerns").text
    assert okafor.get(f"/concerns/{due}/certificate").status_code == 404
    head = covered_browser(app, HEAD)
    page = head.get("/concerns/review")
    assert due not in page.text
    assert "Amina" not in page.text
    assert "Amina Khan" in wording(go_on(head, page, "Show"))
    asks = head.get(f"/concerns/{due}/keeping")
    assert "Sign in again to open" in wording(asks)
    assert "Amina" not in asks.text


def test_a_hold_is_put_on_with_a_reason_and_nobody_is_offered_to_erase(
    app: Flask, desk: AtDesk, due: str
) -> None:
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{due}/keeping")
    assert "Write why." in wording(press(lane, page, "Put a hold on it", reason=""))
    once = press(lane, page, "Put a hold on it", reason="The police asked for it.")
    twice = press(lane, page, "Put a hold on it", reason="The police asked for it.")
    assert once.status_code == twice.status_code == 303
    said = wording(lane.get(once.location))
    assert said.count("Reason: The police asked for it.") == 1
    assert "Yes: nobody can erase it" in said
    assert "Ask to erase it" not in said
    assert "On hold" in wording(lane.get("/concerns/review"))
    assert "Hold put on by Peter Lane" in wording(lane.get(f"/concerns/{due}"))
    late = press(lane, page, "Ask to erase it", ground="law", reason="x", password=PASSWORD)
    assert "There is a hold on this concern." in wording(late)
    head = adult_browser(app, HEAD)
    page = head.get(f"/concerns/{due}/keeping")
    said = wording(go_on(head, page, "Release the hold", reason="They are done."))
    assert "Ask to erase it" in said


def test_kept_with_a_reason_it_leaves_the_list(app: Flask, desk: AtDesk, due: str) -> None:
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{due}/keeping")
    said = wording(go_on(lane, page, "Keep it", reason="A brother is in Year 3."))
    assert "Only a closed concern that is due for a look can be erased" in said
    assert due not in lane.get("/concerns/review").text
    assert "Looked at, and kept. Reason: A brother" in wording(lane.get(f"/concerns/{due}"))


def test_two_of_the_team_erase_it_each_with_a_password(app: Flask, desk: AtDesk, due: str) -> None:
    lane, head = adult_browser(app, LANE), adult_browser(app, HEAD)
    assert "Type your password." in wording(asked(lane, due, password=""))
    wrong = asked(lane, due, password="four red kites")
    assert "That did not work." in wording(wrong)
    assert "He left in 2026." in wrong.text
    assert "Choose the reason that stays" in wording(asked(lane, due, ground=""))
    assert "Not a valid choice" in wording(asked(lane, due, ground="because"))
    said = wording(asked(lane, due))
    assert "You asked. Ada Marsh or Sam Boateng can agree." in said
    assert "Erase it for ever" not in said
    assert "Agree, or keep it Asked by Peter Lane" in wording(head.get("/concerns/review"))
    seen = wording(head.get(f"/concerns/{due}/keeping"))
    assert "Peter Lane asked for this to be erased." in seen
    assert "Reason: He left in 2026." in seen
    assert "That did not work." in wording(agreed(head, due, password="four red kites"))
    stale = lane.get(f"/concerns/{due}")
    page = agreed(head, due)
    told = wording(page)
    assert f"{due} was erased" in told
    assert "Asked by Peter Lane" in told
    assert "Agreed by Ada Marsh" in told
    assert told.count(GROUND) == 2
    assert "Amina" not in page.text
    for path in ("", "/keeping"):
        answer = lane.get(f"/concerns/{due}{path}")
        assert answer.location == f"/concerns/{due}/certificate", path
    late = press(lane, stale, "Save the note", note="One more thing.")
    assert late.location == f"/concerns/{due}/certificate"
    assert "What you were writing when you were signed out is kept." in wording(
        lane.get(late.location)
    )
    assert "One more thing." in lane.get("/kept").text
    assert f"Certificate of {due}" in wording(lane.get("/concerns/review"))
    assert due not in lane.get("/concerns?show=closed").text
    okafor = adult_browser(app, OKAFOR)
    assert "was erased" in wording(okafor.get(f"/concerns/{due}/certificate"))


def test_a_certificate_shows_that_an_account_got_another_name_since(
    app: Flask, desk: AtDesk, due: str
) -> None:
    lane, head = adult_browser(app, LANE), adult_browser(app, HEAD)
    asked(lane, due)
    key = app.extensions["catkin"].keys.file(chain_key_name(desk.id))
    right = key.read_bytes()
    key.unlink()
    assert "Nothing was saved." in wording(agreed(head, due))
    key.write_bytes(right)
    assert "another name" not in wording(agreed(head, due))
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(update(Staff).where(Staff.id == desk.head).values(name="Ann Other"))
    said = wording(lane.get(f"/concerns/{due}/certificate"))
    assert "Agreed by Ann Other (the account had another name then)" in said
    assert "Asked by Peter Lane, " in said


def test_one_person_cannot_agree_to_their_own_asking_not_even_past_the_page(
    app: Flask, desk: AtDesk, due: str, clock: time_machine.Traveller
) -> None:
    ask(app, desk, due, desk.head)
    lane, head = adult_browser(app, LANE), adult_browser(app, HEAD)
    theirs = lane.get(f"/concerns/{due}/keeping")
    own = press(head, head.get(f"/concerns/{due}/keeping"), "Keep it", reason="")
    token = own.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "ground": "law", "password": PASSWORD, "once": "x"}
    refused = head.post(f"/concerns/{due}/erase/agree", data=sent)
    assert "You asked for this yourself." in wording(refused)
    clock.shift(timedelta(days=15))
    lane = adult_browser(app, LANE)
    token = lane.get(f"/concerns/{due}/keeping").text.split('name="csrf_token" value="')[1]
    sent["csrf_token"] = token.split('"')[0]
    late = lane.post(f"/concerns/{due}/erase/agree", data=sent)
    assert "the asking ran out" in wording(late)
    assert "Erase it for ever" in wording(theirs)
    assert "Erase it for ever" not in wording(late)
    assert WORDS in wording(lane.get(f"/concerns/{due}"))


def test_after_ten_minutes_nothing_is_asked_or_agreed(
    app: Flask, desk: AtDesk, due: str, clock: time_machine.Traveller
) -> None:
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{due}/keeping")
    clock.shift(timedelta(minutes=11))
    late = press(lane, page, "Ask to erase it", ground="law", reason="why", password=PASSWORD)
    assert late.location == f"/concerns/{due}"
    head = adult_browser(app, HEAD)
    assert "asked for this" not in wording(head.get(f"/concerns/{due}/keeping"))


def test_for_whom_it_is_about_nothing_of_it_is_on_any_of_these_pages(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = closed(app, desk, about=(desk.school.lane,))
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    ask(app, desk, reference, desk.head)
    lane = adult_browser(app, LANE)
    before = wording(lane.get("/concerns/review"))
    for path in ("keeping", "certificate", ""):
        assert lane.get(f"/concerns/{reference}/{path}".rstrip("/")).status_code == 404, path
    assert "was erased" in wording(agreed(adult_browser(app, CHAIR), reference))
    assert wording(lane.get("/concerns/review")) == before
    assert lane.get(f"/concerns/{reference}/certificate").status_code == 404


def test_the_child_sees_it_no_more_and_can_tell_again(app: Flask, desk: AtDesk, due: str) -> None:
    amina = app.test_client()
    lane, head = adult_browser(app, LANE), adult_browser(app, HEAD)
    asked(lane, due)
    assert "was erased" in wording(agreed(head, due))
    signed_in_pupil(amina, desk.school.amina)
    assert amina.get(f"/notes/{due}/add").status_code == 404
    assert tell(app, desk) != due

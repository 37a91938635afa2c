"""Nothing typed is lost when a sign-in ends in the middle of it, and nobody else sees it."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from app.base.database import Store
from app.safeguarding import queries
from tests.at_desk import PASSWORD, AtDesk, adult_browser, go_on, school_with_team, tell, viewer
from tests.at_school import press, signed_in_adult, signed_in_pupil, wording
from tests.quick import locked

LANE, HEAD = "lane.okafor@example.sch.uk", "marsh@example.sch.uk"
NOTE = "Spoke to children’s services at ten."


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def test_a_note_sent_after_the_sign_in_ended_is_given_back_to_its_writer(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    clock.shift(16 * 60)
    answer = press(lane, page, "Save the note", note=NOTE)
    assert "/staff/sign-in" in (answer.location or "")
    assert NOTE not in wording(lane.get(answer.location))
    signed_in_adult(lane, LANE)
    assert "is kept" in wording(lane.get("/today"))
    asks = lane.get(f"/concerns/{reference}")
    kept = go_on(lane, asks, "Open the concern", password=PASSWORD)
    assert NOTE in wording(kept)
    assert NOTE in wording(go_on(lane, kept, "Send it again", note=NOTE))
    press(lane, lane.get("/kept"), "Let it go")
    assert "is kept" not in wording(lane.get("/today"))


def test_another_adult_at_the_same_browser_never_sees_it(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    clock.shift(16 * 60)
    press(lane, page, "Save the note", note=NOTE)
    signed_in_adult(lane, HEAD)
    assert "is kept" not in wording(lane.get("/today"))
    assert lane.get("/kept").status_code == 303


def test_what_a_child_adds_too_late_is_told_all_the_same(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    page = amina.get(f"/notes/{reference}/add")
    clock.shift(11 * 60)
    assert press(amina, page, "Send it", words="He did it again.").location == "/notes/added"
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        newest = max(queries.desk.concerns(desk.id, lane), key=lambda one: one.id)
        (said,) = queries.desk.said(desk.id, newest)
    assert newest.pupil_id is None
    assert said.spoken is not None
    assert (said.spoken.words, said.spoken.began_as) == ("He did it again.", desk.school.amina)


def test_a_note_that_cannot_be_saved_stays_on_the_screen(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    with locked(app, Store.SAFEGUARDING):
        answer = press(lane, page, "Save the note", note=NOTE)
        health = lane.get("/healthz")
    assert answer.status_code == health.status_code == 503
    assert health.json is not None
    assert health.json["safeguarding"] == "failing"
    assert NOTE in wording(answer)
    assert NOTE in wording(go_on(lane, answer, "Try again", note=NOTE))

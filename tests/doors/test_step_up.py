"""Before a concern opens: the password once more, and nothing of the child until then."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from app.safeguarding import queries
from tests.at_desk import (
    PASSWORD,
    WORDS,
    AtDesk,
    adult_browser,
    covered_browser,
    go_on,
    school_with_team,
    tell,
    viewer,
)
from tests.at_school import press, wording

OKAFOR, LANE = "okafor@example.sch.uk", "lane.okafor@example.sch.uk"
OPEN = "Open the concern"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def seen_by(app: Flask, desk: AtDesk, reference: str) -> set[str]:
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        facts = queries.desk.concern(desk.id, lane, reference)
        assert facts is not None
        return set(queries.desk.who_has_seen(desk.id, facts))


def test_before_the_password_the_page_says_only_how_soon_it_must_be_read(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk, happened=("stranger",))
    lane = covered_browser(app, LANE)
    press(lane, lane.get("/today"), "Show")
    page = lane.get(f"/concerns/{reference}")
    said = wording(page)
    assert all(part in said for part in (reference, "Act now", "10:00 today", "Straight away"))
    for secret in ("Amina", "Khan", "Hazel", "talked to me", WORDS, "I have spoken"):
        assert secret not in page.text
    assert seen_by(app, desk, reference) == set()


def test_the_password_opens_it_and_only_then_is_it_seen(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = covered_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    assert WORDS in wording(go_on(lane, page, OPEN, password=PASSWORD))
    assert seen_by(app, desk, reference) == {desk.school.lane}


def test_a_wrong_password_is_told_in_place_and_rests_as_at_the_door(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk)
    lane = covered_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    assert "Type your password." in wording(press(lane, page, OPEN, password=""))
    for _ in range(5):
        page = press(lane, page, OPEN, password="four red kites")
    assert "That did not work. Type your password again. Try again at 10:01." in wording(page)
    assert "That did not work" in wording(press(lane, page, OPEN, password=PASSWORD))
    assert seen_by(app, desk, reference) == set()


def test_after_ten_minutes_it_asks_again_and_gives_back_what_was_typed(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    clock.shift(9 * 60)
    assert WORDS in wording(lane.get(f"/concerns/{reference}"))
    clock.shift(61)
    answer = press(lane, page, "Save the note", note="Rang home at ten.")
    assert answer.location == f"/concerns/{reference}"
    asks = lane.get(answer.location)
    assert "Rang home" not in asks.text
    kept = go_on(lane, asks, OPEN, password=PASSWORD)
    assert "Rang home at ten." in wording(kept)
    after = go_on(lane, kept, "Send it again", note="Rang home at ten.")
    assert "Note by Peter Lane" in wording(after)
    assert "Rang home at ten." in wording(after)


def test_it_opens_one_sign_in_and_no_other_of_the_same_adult(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    assert WORDS in wording(adult_browser(app, LANE).get(f"/concerns/{reference}"))
    assert WORDS not in covered_browser(app, LANE).get(f"/concerns/{reference}").text


def test_a_concern_closed_to_the_reader_asks_for_no_password(app: Flask, desk: AtDesk) -> None:
    """It is not there, before the password as after it."""
    reference = tell(app, desk)
    okafor = covered_browser(app, OKAFOR)
    closed, nobodys = okafor.get(f"/concerns/{reference}"), okafor.get("/concerns/C-22222")
    assert closed.status_code == nobodys.status_code == 404
    assert wording(closed) == wording(nobodys)
    assert okafor.post(f"/concerns/{reference}/open").status_code == 404

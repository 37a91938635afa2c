"""Every view of a concern is written down before a word of it leaves, and can be looked up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock as times
from app.base.database import Store, file_of
from app.people.actions.staff import end_account
from app.safeguarding import queries
from app.safeguarding.actions.handle import open_concern
from app.safeguarding.chain import recording
from app.safeguarding.queries.views import A_PAGE
from app.safeguarding.tables import ConcernAbout, View
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
from tests.at_school import press, signed_in_adult, signed_in_pupil, wording
from tests.quick import locked

OKAFOR, LANE = "okafor@example.sch.uk", "lane.okafor@example.sch.uk"
HEAD, CHAIR = "marsh@example.sch.uk", "chair@example.sch.uk"
NOTE = "Spoke to children’s services at ten."
SHUT = "This concern stays closed."


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def in_the_file(app: Flask, table: str = "view") -> int:
    """How many rows lie in the file, seen past the app: what is not committed is not there."""
    folder = app.extensions["catkin"].folders.data
    other = sqlite3.connect(file_of(folder, Store.SAFEGUARDING))
    try:
        return int(other.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        other.close()


def facts_of(app: Flask, desk: AtDesk, reference: str) -> queries.desk.ConcernFacts:
    facts = queries.desk.concern(desk.id, viewer(app, desk, desk.school.lane), reference)
    assert facts is not None
    return facts


@pytest.mark.parametrize("email", [OKAFOR, LANE, HEAD, CHAIR])
def test_one_opening_is_one_row_and_one_link_for_whoever_may_look(
    app: Flask, desk: AtDesk, email: str
) -> None:
    reference = tell(app, desk, to=(desk.school.okafor,))
    adult = adult_browser(app, email)
    pages = [f"/concerns/{reference}"]
    pages += [] if email == OKAFOR else [f"/concerns/{reference}/keeping"]
    for path in pages:
        before = in_the_file(app), in_the_file(app, "link")
        assert adult.get(path).status_code == 200
        assert (in_the_file(app), in_the_file(app, "link")) == (before[0] + 1, before[1] + 1)
    before = in_the_file(app)
    assert WORDS in wording(press(adult, adult.get(pages[0]), "Save the note", note=""))
    assert in_the_file(app) == before + 2, "an answer that shows the words again is another"


@pytest.mark.parametrize("path", ["", "/keeping"])
def test_it_lies_in_the_file_before_anything_is_read(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    reference, rows = tell(app, desk), []

    def heard(read: Callable[..., object]) -> Callable[..., object]:
        def reading(*given: object, **more: object) -> object:
            rows.append(in_the_file(app))
            return read(*given, **more)

        return reading

    lane = adult_browser(app, LANE)
    for name in ("said", "chronology", "seals"):
        monkeypatch.setattr(queries.desk, name, heard(getattr(queries.desk, name)))
    assert lane.get(f"/concerns/{reference}{path}").status_code == 200
    assert rows
    assert set(rows) == {1}


@pytest.mark.parametrize("path", ["", "/keeping"])
def test_what_cannot_be_written_down_is_not_shown_and_the_page_says_so(
    app: Flask, desk: AtDesk, path: str
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    with locked(app, Store.SAFEGUARDING):
        answer = lane.get(f"/concerns/{reference}{path}")
    assert answer.status_code == 503
    assert SHUT in wording(answer)
    for secret in (WORDS, "Amina", "Khan", reference):
        assert secret not in answer.text.replace(f'href="/concerns/{reference}{path}"', "")
    assert in_the_file(app) == 0


def test_what_was_being_written_about_a_concern_asks_first_and_is_a_view(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    clock.shift(16 * 60)
    press(lane, page, "Save the note", note=NOTE)
    signed_in_adult(lane, LANE)
    asks, before = lane.get("/kept", follow_redirects=True), in_the_file(app)
    assert NOTE not in wording(asks)
    assert in_the_file(app) == before
    kept = go_on(lane, asks, "Open the concern", password=PASSWORD)
    assert NOTE in wording(kept)
    assert in_the_file(app) == before + 1
    with locked(app, Store.SAFEGUARDING):
        assert NOTE not in wording(lane.get("/kept"))


def test_a_second_person_sees_every_opening_on_the_concern(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    for _ in range(3):
        lane.get(f"/concerns/{reference}")
        clock.shift(60)
    page = wording(adult_browser(app, HEAD).get(f"/concerns/{reference}"))
    every = page.partition("Every time it was opened")[2]
    for at in ("10:00 today", "10:01 today", "10:02 today"):
        assert f"Peter Lane: {at}" in every
    assert every.index("Ada Marsh: 10:03 today") < every.index("Peter Lane: 10:02 today")


def test_the_list_of_openings_is_covered_and_then_in_order(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    first, second = tell(app, desk), tell(app, desk)
    lane = adult_browser(app, LANE)
    lane.get(f"/concerns/{first}")
    clock.shift(60)
    lane.get(f"/concerns/{second}")
    head = covered_browser(app, HEAD)
    covered = head.get("/concerns/views")
    assert "Concerns are covered." in wording(covered)
    for secret in (first, second, "Peter Lane"):
        assert secret not in covered.text
    page = go_on(head, covered, "Show")
    said = wording(page)
    lines = [said.find(f"Peter Lane{it}") for it in (f"{second}10:01", f"{first}10:00")]
    assert -1 not in lines, said
    assert lines == sorted(lines)
    for secret in ("Amina", "Khan", "Act now", WORDS):
        assert secret not in page.text
    assert second not in wording(head.get(f"/concerns/views?of={first}")).partition("Only")[2]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("since=2026-11-16&until=2026-11-16", "Peter Lane"),
        ("since=2026-11-17", "Nobody opened a concern then."),
        ("until=2026-11-15", "Nobody opened a concern then."),
        ("since=soon", "Choose the first day, or write it as 2026-11-20."),
        ("until=9999-12-31", "Choose the last day, or write it as 2026-11-20."),
        ("since=2026-11-17&until=2026-11-16", "The last day comes before the first."),
        ("page=nothing", "Peter Lane"),
        ("page=99999", "Nobody opened a concern then."),
    ],
)
def test_a_period_is_asked_for_by_its_days(app: Flask, desk: AtDesk, asked: str, says: str) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    lane.get(f"/concerns/{reference}")
    page = lane.get(f"/concerns/views?{asked}")
    assert page.status_code == 200
    assert says in wording(page)
    for typed in (part.partition("=")[2] for part in asked.split("&") if "page" not in part):
        assert f'value="{typed}"' in page.text


def test_a_hundred_stand_on_a_page(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    with app.app_context():
        facts = facts_of(app, desk, reference)
    with app.app_context(), recording(desk.id) as session:
        for n in range(A_PAGE + 5):
            session.add(
                View(
                    school_id=desk.id,
                    concern_id=facts.id,
                    staff_id=desk.head,
                    seen_at=times.now() - timedelta(hours=n),
                )
            )
    first = lane.get("/concerns/views")
    assert first.text.count('<tr><th scope="row">') == A_PAGE
    assert "page=2" in first.text
    second = lane.get("/concerns/views?page=2")
    assert second.text.count('<tr><th scope="row">') == 5
    assert f"/concerns/views?of={reference}" in lane.get(f"/concerns/{reference}").text


def test_whom_a_concern_is_about_finds_no_opening_of_it(app: Flask, desk: AtDesk) -> None:
    """One of the team, with the list before and after: the same to the letter, but its token."""

    def listed(browser: FlaskClient) -> list[str]:
        return [wording(browser.get(f"/concerns/views?page={n}")) for n in (1, 2)]

    plain, about = tell(app, desk), tell(app, desk)
    with app.app_context():
        its_id = facts_of(app, desk, about).id
        with recording(desk.id) as session:
            session.add(
                ConcernAbout(
                    concern_id=its_id,
                    staff_id=desk.head,
                    school_id=desk.id,
                    since=times.now(),
                )
            )
        open_concern(desk.id, facts_of(app, desk, plain), desk.chair)
    head = adult_browser(app, HEAD)
    before = listed(head)
    assert plain in before[0]
    with app.app_context():
        for _ in range(A_PAGE + 1):
            open_concern(desk.id, facts_of(app, desk, about), desk.chair)
    assert listed(head) == before
    assert "Nobody opened a concern then." in wording(head.get(f"/concerns/views?of={about}"))


def test_before_show_the_page_that_asks_says_nothing_but_the_number(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk, happened=("stranger",))
    lane = covered_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    assert reference in wording(page)
    for said in ("Act now", "10:00 today", "Urgency"):
        assert said not in wording(page)
    press(lane, lane.get("/today"), "Show")
    assert "Act now" in wording(lane.get(f"/concerns/{reference}"))


def test_in_a_leaver_s_open_tab_nothing_opens_any_more(app: Flask, desk: AtDesk) -> None:
    """Each press, reload and link of the page that stands there leads to the sign-in page."""
    reference = tell(app, desk, to=(desk.school.okafor,))
    okafor = adult_browser(app, OKAFOR)
    tab = okafor.get(f"/concerns/{reference}")
    assert WORDS in wording(tab)
    before = in_the_file(app)
    with app.app_context():
        end_account(desk.id, desk.school.lane, desk.school.okafor)
    answers = [
        press(okafor, tab, "Save the note", note=NOTE),
        *(okafor.get(path) for path in (f"/concerns/{reference}", "/concerns", "/today", "/kept")),
    ]
    for answer in answers:
        assert (answer.status_code, "/staff/sign-in" in answer.location) == (303, True)
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert in_the_file(app) == before


def test_a_sign_in_that_ended_by_time_leaves_nothing_behind_in_the_browser(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    lane, amina = adult_browser(app, LANE), app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    assert "Clear-Site-Data" not in app.test_client().get("/today").headers
    clock.shift(16 * 60)
    for browser, path in ((lane, "/today"), (amina, "/map")):
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'

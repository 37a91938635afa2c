"""Between password and code: bound to its place, short, and never two in one browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.base.database import Store, db, writing
from app.people.actions import second_step as actions
from app.people.tables import SecondStep, SignIn
from app.web import network
from tests.at_desk import AtDesk, school_with_team
from tests.at_school import PASSWORD, TEN, press, signed_in_adult, signed_in_pupil, wording
from tests.doors.test_stolen_cookie import ELSEWHERE, LANE, MAC, WORD, thief
from tests.quick import locked
from tests.stepped import TOKEN, code_now

MARSH = "marsh@example.sch.uk"
LATE = "No code came in time. Please type your password again."
CODE, SET_UP, DOOR = "/staff/code", "/staff/second-step", "/staff/sign-in"


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture(autouse=True)
def safe_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As over TLS: without it, nothing of adults answers the network at all."""
    monkeypatch.setattr(network, "comes_safely", lambda: True)


def types_password(client: FlaskClient, email: str = LANE) -> str:
    """The password, at a door that stands open; where it led."""
    page = client.get(DOOR)
    return press(client, page, "Sign in", email=email, password=PASSWORD).location or ""


def without_app(app: Flask, desk: AtDesk) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(delete(SecondStep).where(SecondStep.school_id == desk.id))


def open_halves(app: Flask, desk: AtDesk) -> int:
    with app.app_context():
        rows = db.session.scalars(
            select(SignIn.fingerprint).where(
                SignIn.school_id == desk.id,
                SignIn.staff_id.is_not(None),
                SignIn.second_step_at.is_(None),
                SignIn.ended_at.is_(None),
            )
        )
        return len(rows.all())


@pytest.mark.parametrize("where", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("page", [CODE, "/staff/recovery-code", SET_UP])
def test_a_password_typed_here_opens_no_next_page_elsewhere(
    app: Flask, desk: AtDesk, where: dict[str, str], page: str
) -> None:
    if page == SET_UP:
        without_app(app, desk)
    lane = app.test_client()
    assert types_password(lane).startswith(SET_UP if page == SET_UP else CODE)
    other = thief(app, lane, where)
    assert other.get(page).location == DOOR
    assert lane.get(page).location == DOOR, "it has ended here too"
    assert open_halves(app, desk) == 0
    if page != SET_UP:
        signed_in_adult(lane, LANE)
        assert WORD in wording(lane.get("/today"))


def test_elsewhere_no_code_is_looked_at_even_while_nothing_can_be_written(
    app: Flask, desk: AtDesk
) -> None:
    lane = app.test_client()
    types_password(lane)
    page = lane.get(CODE)
    other = thief(app, lane, {"User-Agent": MAC})
    with locked(app, Store.LEARNING):
        assert other.get(CODE).location == DOOR
        assert lane.get(CODE).status_code == 200
    assert press(other, page, "Go on", code=code_now()).location == DOOR
    assert other.get("/today").status_code == 303


def test_a_code_is_waited_for_five_minutes(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    lane = app.test_client()
    types_password(lane)
    clock.shift(timedelta(minutes=5))
    page = lane.get(CODE)
    assert "This page waits 5 minutes" in wording(page)
    clock.shift(timedelta(minutes=5, seconds=1))
    answer = press(lane, page, "Go on", code=code_now())
    assert answer.location == DOOR
    assert LATE in wording(lane.get(DOOR))
    assert LATE not in wording(app.test_client().get(DOOR))
    clock.move_to(TEN)
    assert lane.get(CODE).location == DOOR, "it ended, whatever the clock says"


def test_who_keeps_looking_has_half_an_hour(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    lane = app.test_client()
    types_password(lane)
    for _ in range(7):
        clock.shift(timedelta(minutes=4))
        assert lane.get(CODE).status_code == 200
    clock.shift(timedelta(minutes=2))
    assert lane.get(CODE).location == DOOR


def test_setting_up_takes_half_an_hour_and_the_page_says_so(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    without_app(app, desk)
    lane = app.test_client()
    types_password(lane)
    clock.shift(timedelta(minutes=29))
    assert "30 minutes after you typed your password" in wording(lane.get(SET_UP))
    clock.shift(timedelta(minutes=1))
    assert lane.get(SET_UP).location == DOOR


def test_another_beginning_in_the_same_browser_ends_it(app: Flask, desk: AtDesk) -> None:
    lane, tab = app.test_client(), app.test_client()
    types_password(lane)
    token = TOKEN.search(lane.get(CODE).text)
    assert token is not None
    lane.post(DOOR, data={"csrf_token": token[1], "email": MARSH, "password": PASSWORD})
    assert open_halves(app, desk) == 1
    assert "Ada Marsh" in wording(lane.get(CODE))
    signed_in_pupil(lane, desk.school.amina)
    assert open_halves(app, desk) == 0
    types_password(tab)
    press(tab, tab.get(CODE), "Go on", code=code_now())
    assert open_halves(app, desk) == 0


def test_after_a_recovery_code_each_page_says_how_many_are_left(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        codes = actions.new_codes(desk.id, desk.school.lane, TEN)
    lane, usual = app.test_client(), app.test_client()
    for left, code in ((9, codes[0]), (8, codes[1])):
        types_password(lane)
        press(lane, lane.get("/staff/recovery-code"), "Go on", code=code)
        for path in ("/today", "/people", "/today"):
            page = wording(lane.get(path))
            assert f"You signed in with a recovery code; {left} are left." in page
            assert "Set up another phone" in page
        press(lane, lane.get("/today"), "Sign out")
    signed_in_adult(lane, LANE)
    signed_in_adult(usual, LANE)
    for browser in (lane, usual):
        assert "with a recovery code" not in wording(browser.get("/today"))

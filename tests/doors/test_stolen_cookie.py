"""A cookie that was stolen opens nothing elsewhere: an adult's sign-in knows where it belongs."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.base.database import Store, db, file_of, writing
from app.people.tables import SignIn
from app.web import network
from tests.at_desk import PASSWORD, AtDesk, adult_browser, go_on, school_with_team, tell
from tests.at_school import press, signed_in_adult, signed_in_pupil, wording
from tests.quick import locked

LANE = "lane.okafor@example.sch.uk"
NOTE = "Spoke to children’s services at ten."
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.4 Safari/605.1.15"
WORD = "Your sign-in was used from another device or network at 10:00. It was ended."
ELSEWHERE = {
    "another browser": {"User-Agent": MAC},
    "another network": {"REMOTE_ADDR": "10.0.7.9"},
}


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture(autouse=True)
def safe_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As over TLS: without it, nothing of adults answers the network at all."""
    monkeypatch.setattr(network, "comes_safely", lambda: True)


def thief(app: Flask, victim: FlaskClient, where: dict[str, str]) -> FlaskClient:
    """Another device that holds the same cookie."""
    cookie = victim.get_cookie("catkin")
    assert cookie is not None
    other = moved(app.test_client(), where)
    other.set_cookie("catkin", cookie.value)
    return other


def moved(browser: FlaskClient, where: dict[str, str]) -> FlaskClient:
    """The same browser, asking from elsewhere from now on."""
    names = {"User-Agent": "HTTP_USER_AGENT"}
    browser.environ_base |= {names.get(name, name): value for name, value in where.items()}
    return browser


@pytest.mark.parametrize("where", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_stolen_cookie_opens_nothing_elsewhere_and_its_owner_hears_of_it(
    app: Flask, desk: AtDesk, where: dict[str, str]
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    assert lane.get(f"/concerns/{reference}").status_code == 200
    other = thief(app, lane, where)
    for path in ("/today", "/concerns", f"/concerns/{reference}", "/people"):
        answer = other.get(path)
        assert (answer.status_code, "/staff/sign-in" in answer.location) == (303, True)
    assert lane.get("/today").status_code == 303, "it is ended on both"
    signed_in_adult(lane, LANE)
    for page in (lane.get("/today"), lane.get("/concerns")):
        assert WORD in wording(page)
    assert wording(lane.get("/today")).count(WORD) == 1, "once, however often it was tried"
    assert "Something in red waits" in wording(lane.get("/my-class"))
    press(lane, lane.get("/concerns"), "I have seen this")
    for page in (lane.get("/today"), lane.get("/concerns"), lane.get("/my-class")):
        assert WORD not in wording(page)
        assert "Something in red" not in wording(page)


@pytest.mark.parametrize("where", ELSEWHERE.values(), ids=ELSEWHERE)
def test_an_honest_laptop_that_moves_signs_in_again_and_loses_no_word(
    app: Flask, desk: AtDesk, where: dict[str, str]
) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    moved(lane, where)
    assert "/staff/sign-in" in (press(lane, page, "Save the note", note=NOTE).location or "")
    signed_in_adult(lane, LANE)
    kept = go_on(lane, lane.get(f"/concerns/{reference}"), "Open the concern", password=PASSWORD)
    assert NOTE in wording(go_on(lane, kept, "Send it again", note=NOTE))


def test_every_address_of_the_computer_itself_is_one(app: Flask, desk: AtDesk) -> None:
    lane = adult_browser(app, LANE)
    for address in ("127.0.0.1", "::1", "127.8.9.10", "::ffff:127.0.0.1"):
        assert moved(lane, {"REMOTE_ADDR": address}).get("/today").status_code == 200
    for address in ("::ffff:10.0.0.4", "10.0.0.4"):
        assert moved(lane, {"REMOTE_ADDR": address}).get("/today").status_code == 303


def test_a_network_has_one_spelling(app: Flask, desk: AtDesk) -> None:
    lane = moved(app.test_client(), {"REMOTE_ADDR": "::ffff:10.0.0.4"})
    signed_in_adult(lane, LANE)
    assert moved(lane, {"REMOTE_ADDR": "10.0.0.4"}).get("/today").status_code == 200


def test_a_sign_in_from_before_is_bound_by_its_next_request(app: Flask, desk: AtDesk) -> None:
    lane = adult_browser(app, LANE)
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(
            update(SignIn).where(SignIn.school_id == desk.id).values(bound=None, device=None)
        )
    assert lane.get("/today").status_code == 200
    assert thief(app, lane, {"User-Agent": MAC}).get("/today").status_code == 303


def test_nothing_opens_elsewhere_even_while_no_word_of_it_can_be_written(
    app: Flask, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    with locked(app, Store.LEARNING):
        assert thief(app, lane, {"User-Agent": MAC}).get("/today").status_code == 303
        assert lane.get("/today").status_code == 200
    assert thief(app, lane, {"User-Agent": MAC}).get("/today").status_code == 303
    assert lane.get("/today").status_code == 303


def test_a_child_moves_freely_and_nothing_of_the_device_is_kept(app: Flask, desk: AtDesk) -> None:
    amina = moved(app.test_client(), {"User-Agent": MAC, "REMOTE_ADDR": "10.0.0.4"})
    signed_in_pupil(amina, desk.school.amina)
    moved(amina, {"User-Agent": "Otherbrowser/9", "REMOTE_ADDR": "10.0.0.5"})
    assert amina.get("/map").status_code == 200
    with app.app_context():
        rows = db.session.execute(
            select(SignIn.device, SignIn.bound).where(
                SignIn.school_id == desk.id, SignIn.pupil_id.is_not(None)
            )
        ).all()
    assert rows
    assert set(map(tuple, rows)) == {(None, None)}


def test_neither_address_nor_browser_can_be_read_in_the_file(app: Flask, desk: AtDesk) -> None:
    lane = moved(
        app.test_client(), {"User-Agent": f"{MAC} Canarybird/3", "REMOTE_ADDR": "10.1.2.3"}
    )
    signed_in_adult(lane, LANE)
    assert "Safari on Mac" in wording(lane.get("/my-sign-ins"))
    folder = app.extensions["catkin"].folders.data
    files = list(file_of(folder, Store.LEARNING).parent.glob("learning.db*"))
    assert any(desk.school.lane.encode() in file.read_bytes() for file in files)
    for file in files:
        kept = file.read_bytes()
        assert b"Canarybird" not in kept
        assert b"10.1.2.3" not in kept


def test_the_same_place_gives_each_adult_another_value(app: Flask, desk: AtDesk) -> None:
    for email in (LANE, "marsh@example.sch.uk"):
        signed_in_adult(app.test_client(), email)
    with app.app_context():
        values = db.session.scalars(
            select(SignIn.bound).where(
                SignIn.school_id == desk.id, SignIn.second_step_at.is_not(None)
            )
        ).all()
    assert len(set(values)) == len(values) == 2

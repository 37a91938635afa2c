"""Each sign-in of an adult, its end and each refusal is a line of the log that names an account by
its id, and holds nothing that anybody typed; of a pupil it knows the class alone."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any, get_args

import pytest
import time_machine
from flask import Flask

from app.base.log_lines import JsonLines
from app.people.actions import second_step, staff
from app.web import network
from app.web.log_sign_ins import Event, Why
from tests.at_desk import AtDesk, school_with_team, tell
from tests.at_school import (
    OTHER,
    PASSWORD,
    TEN,
    at_the_names,
    press,
    signed_in_adult,
    signed_in_pupil,
)
from tests.doors.test_stolen_cookie import MAC, thief
from tests.stepped import code_now

LANE, OKAFOR = "lane.okafor@example.sch.uk", "okafor@example.sch.uk"
DOOR = "/staff/sign-in"
NEW = "four blue spoons"


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask, caplog: pytest.LogCaptureFixture) -> AtDesk:
    made = school_with_team(app)
    caplog.set_level(logging.INFO, "catkin")
    return made


@pytest.fixture(autouse=True)
def safe_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As over TLS: without it, nothing of adults answers the network at all."""
    monkeypatch.setattr(network, "comes_safely", lambda: True)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The lines of sign-ins as LOG=json writes them, without when."""
    written = [json.loads(JsonLines().format(one)) for one in caplog.records]
    ours = [line for line in written if line["event"] in get_args(Event)]
    for line in ours:
        del line["time"], line["level"]
        assert line.get("why") in {None, *get_args(Why)}
    text = json.dumps(ours)
    typed = ("@", "example", "Lane", "Okafor", "Amina", PASSWORD, NEW, "000000")
    assert [one for one in (*typed, "127.0.0.1", "Mozilla") if one in text] == []
    return ours


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, ...]]:
    """The same in short: what, where and why."""
    keys = ("event", "route", "why")
    return [tuple(line[key] for key in keys if key in line) for line in lines(caplog)]


def test_a_sign_in_with_its_misses_and_its_end(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    lane = app.test_client()
    page = lane.get(DOOR)
    press(lane, page, "Sign in", email=LANE, password=f"not {PASSWORD}")
    press(lane, page, "Sign in", email=LANE, password=PASSWORD)
    press(lane, lane.get("/staff/code"), "Go on", code="000000")
    press(lane, lane.get("/staff/recovery-code"), "Go on", code="AAAA")
    press(lane, lane.get("/staff/code"), "Go on", code=code_now())
    press(lane, lane.get("/today"), "Sign out")
    assert said(caplog) == [
        ("sign-in refused", "teacher.sign_in", "wrong password"),
        ("password right", "teacher.sign_in"),
        ("sign-in refused", "teacher.code", "wrong code"),
        ("sign-in refused", "teacher.recovery_code", "wrong code"),
        ("code right", "teacher.code"),
        ("signed in", "teacher.code"),
        ("sign-in ended", "teacher.sign_out", "by hand"),
    ]
    whose = {(line["school"], line["staff"]) for line in lines(caplog)}
    assert whose == {(desk.id, desk.school.lane)}


def test_an_account_that_nobody_has_is_not_named(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    client = app.test_client()
    press(client, client.get(DOOR), "Sign in", email="mx.lane@example.org", password=PASSWORD)
    client.get("/staff/join/nobodys")
    refused = {"event": "sign-in refused"}
    assert lines(caplog) == [
        refused | {"route": "teacher.sign_in", "why": "wrong password"},
        refused | {"route": "teacher.join", "why": "link ended"},
    ]


def test_what_rests_is_refused_as_resting(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    client, lane = app.test_client(), app.test_client()
    for _ in range(6):
        press(client, client.get(DOOR), "Sign in", email=OKAFOR, password="not this one")
    press(lane, lane.get(DOOR), "Sign in", email=LANE, password=PASSWORD)
    for _ in range(6):
        press(lane, lane.get("/staff/code"), "Go on", code="000000")
    whys = [line["why"] for line in lines(caplog) if "why" in line]
    assert whys == ["wrong password"] * 5 + ["resting"] + ["wrong code"] * 5 + ["resting"]


def test_a_link_another_password_and_another_phone(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        link = staff.make_link(desk.id, desk.school.lane, desk.school.okafor)
    okafor = app.test_client()
    page = okafor.get(f"/staff/join/{link.token}")
    press(okafor, page, "Set my password and sign in", password=NEW)
    sent = {"password_now": PASSWORD, "password_new": "five red kites"}
    press(okafor, okafor.get("/my-sign-ins"), "Change my password", **sent)
    press(okafor, okafor.get("/my-sign-ins"), "Change my password", **sent | {"password_now": NEW})
    assert said(caplog) == [
        ("link used", "teacher.join"),
        ("signed in", "teacher.join"),
        ("sign-in refused", "teacher.change_password", "wrong password"),
        ("password changed", "teacher.change_password"),
    ]


def test_a_code_from_paper_has_a_word_of_its_own(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, TEN)
    lane = app.test_client()
    press(lane, lane.get(DOOR), "Sign in", email=LANE, password=PASSWORD)
    caplog.clear()
    press(lane, lane.get("/staff/recovery-code"), "Go on", code=codes[0])
    assert said(caplog) == [
        ("recovery code right", "teacher.recovery_code"),
        ("signed in", "teacher.recovery_code"),
    ]
    assert codes[0] not in caplog.text


def test_a_password_asked_for_again_before_a_concern(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    reference = tell(app, desk)
    lane = app.test_client()
    signed_in_adult(lane, LANE)
    caplog.clear()
    page = lane.get(f"/concerns/{reference}")
    press(lane, page, "Open the concern", password="not this one")
    press(lane, page, "Open the concern", password=PASSWORD)
    assert [one[0] for one in said(caplog)] == ["sign-in refused", "password right"]
    assert reference not in json.dumps(lines(caplog))


def test_how_each_sign_in_ended(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    left, moved, half = (app.test_client() for _ in range(3))
    for client in (left, moved):
        signed_in_adult(client, OKAFOR)
    press(half, half.get(DOOR), "Sign in", email=LANE, password=PASSWORD)
    caplog.clear()
    thief(app, moved, {"User-Agent": MAC}).get("/today")
    clock.shift(timedelta(minutes=16))
    left.get("/today")
    half.get("/staff/code")
    assert said(caplog) == [
        ("sign-in ended", "teacher.today", "used elsewhere"),
        ("sign-in ended", "teacher.today", "left"),
        ("sign-in ended", "teacher.code", "left"),
    ]


def test_a_page_that_somebody_may_not_open_is_noted_with_who_asked(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    okafor, amina = app.test_client(), app.test_client()
    signed_in_adult(okafor, OKAFOR)
    signed_in_pupil(amina, desk.school.amina)
    caplog.clear()
    assert okafor.get("/people").status_code == 403
    assert amina.get("/today").status_code == 403
    refused = {"event": "page refused", "why": "no right", "school": desk.id}
    assert lines(caplog) == [
        refused | {"route": "office.people", "staff": desk.school.okafor},
        refused | {"route": "teacher.today", "class": desk.school.hazel},
    ]


def test_of_a_pupil_the_class_is_known_and_never_who(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    client, amina = app.test_client(), desk.school.amina
    at_the_names(client)
    page = client.get(f"/sign-in/{amina}")
    for picture in OTHER[:2]:
        page = press(client, page, picture)
    for _ in range(6):
        press(client, page, OTHER[2])
    found = lines(caplog)
    assert {(one["event"], one["school"], one["class"]) for one in found} == {
        ("sign-in refused", desk.id, desk.school.hazel)
    }
    assert [one["why"] for one in found] == ["wrong pictures"] * 5 + ["resting"]
    assert amina not in json.dumps(found)


def test_a_pupil_who_comes_in_leaves_no_line(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    client = app.test_client()
    signed_in_pupil(client, desk.school.amina)
    press(client, client.get("/map"), "Sign out")
    assert lines(caplog) == []

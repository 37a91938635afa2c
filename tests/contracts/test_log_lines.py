"""A storm of requests with a canary in everything that can be sent: the log is lines of JSON that
hold a route, a status and a time, and nothing of what was sent or of who sent it."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.base.errors import StoreAway
from app.base.log_lines import JsonLines, Lines
from app.people.rules import Role
from app.web.log_sign_ins import Event
from tests.contracts.forms_seen import TOKEN_FIELD, Form
from tests.contracts.two_schools import World

CANARY = "magpiecanary"
ALWAYS = {"time", "level", "event"}
REQUEST = {*ALWAYS, "method", "route", "status", "ms", "bytes"}
SIGN_IN = {*ALWAYS, "route", "why", "school", "staff"}
OF_A_PUPIL = {*ALWAYS, "route", "why", "school", "class"}
FAULT = {*ALWAYS, "fault", "method", "route", "kind"}
SENT = {
    "User-Agent": f"{CANARY} browser",
    "Referer": f"http://localhost/{CANARY}",
    "X-Forwarded-For": "10.11.12.13",
    "Accept-Language": CANARY,
    "Authorization": f"Bearer {CANARY}",
}
SOMEBODY = {"REMOTE_ADDR": "10.11.12.13"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that would be written, at any level, as a start with LOG=json writes it."""
    written = io.StringIO()
    handler = Lines(written)
    handler.setFormatter(JsonLines())
    everything, ours = logging.getLogger(), logging.getLogger("catkin")
    before = (everything.level, ours.level)
    everything.addHandler(handler)
    everything.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield written
    everything.removeHandler(handler)
    everything.setLevel(before[0])
    ours.setLevel(before[1])


@pytest.fixture(autouse=True)
def over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks from elsewhere reaches adults' pages too, whose lines are looked at here."""
    monkeypatch.setattr("app.web.network.comes_safely", lambda: True)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def storm(world: World, form: Form) -> TestResponse:
    sent = {f.name: f.value if f.name == TOKEN_FIELD else CANARY for f in form.fields}
    return world.browser(form.who).post(
        f"{form.action.partition('?')[0]}?why={CANARY}",
        data=urlencode(sent, doseq=True),
        content_type="application/x-www-form-urlencoded",
        headers=SENT,
        environ_overrides=SOMEBODY,
    )


def test_a_storm_of_canaries_leaves_none_in_the_log(
    world: World, forms: list[Form], log: io.StringIO
) -> None:
    sign_ins = {Role.PUPIL: world.here.pupils[0], Role.DSL: world.here.adults[Role.DSL]}
    for form in forms:
        storm(world, form)
        world.kept.put_back()
    for who in sign_ins:
        browser = world.browser(who)
        for rule in world.rules():
            path = world.address(rule, world.here)
            browser.get(f"{path}?q={CANARY}", headers=SENT, environ_overrides=SOMEBODY)
        browser.open(f"/{CANARY}?x={CANARY}", method=CANARY.upper(), headers=SENT)
    said = lines(log)
    requests = [line for line in said if line["event"] == "request"]
    assert len(requests) > len(forms)
    assert {frozenset(line) for line in requests} == {frozenset(REQUEST)}
    known = {str(rule.endpoint) for rule in world.app.url_map.iter_rules()} | {"none"}
    assert {line["route"] for line in requests} <= known
    assert {line["method"] for line in requests} <= {"GET", "POST", "other"}
    named = [CANARY, world.here.mark, "Amina", "Finn", "@", "10.11.12.13", "127.0.0.1"]
    named += [*sign_ins.values(), world.here.named["reference"], *world.here.classes]
    refused = [line for line in said if line["event"] in get_args(Event)]
    assert {line["event"] for line in refused} >= {"sign-in refused", "page refused"}
    assert all(set(line) <= SIGN_IN or set(line) == OF_A_PUPIL for line in refused)
    about = {"school", "staff", "class"}
    ids = [line[key] for line in refused for key in about & line.keys()]
    assert all(re.fullmatch("[0-9a-z]{16}", one) for one in ids)
    bare = json.dumps([{key: line[key] for key in line.keys() - about} for line in said]).lower()
    assert [one for one in named if one.lower() in bare] == []
    assert [one for one in world.here.pupils if one in log.getvalue()] == []


def ask_and_break(app: Flask, fault: Exception, **asked: Any) -> tuple[str, dict[str, Any]]:
    """The page for a fault of ours, and the name under which it stands in the log."""
    with app.test_request_context(**asked):
        answer = app.make_response(app.handle_user_exception(fault))
    page = answer.get_data(as_text=True)
    named = re.search(r"F-[2-9A-Z]{5}", page)
    assert named is not None, page
    return page, {"fault": named[0], "status": answer.status_code}


@pytest.mark.parametrize(
    ("path", "method"), [("/map", "GET"), ("/today", "GET"), ("/tell/feel", "POST")]
)
@pytest.mark.parametrize("kind", [ValueError, StoreAway])
def test_a_fault_is_found_in_the_log_by_the_name_on_the_page(
    app: Flask, log: io.StringIO, path: str, method: str, kind: type[Exception]
) -> None:
    asked = {"path": path, "method": method, "data": {"words": CANARY} if method == "POST" else {}}
    page, fault = ask_and_break(app, kind(f"{CANARY} is locked"), **asked)
    (line,) = (one for one in lines(log) if one.get("fault") == fault["fault"])
    assert set(line) - {"why"} == FAULT
    assert line["kind"].startswith(kind.__name__)
    assert line["level"] == "error"
    assert CANARY not in log.getvalue()
    assert (CANARY in page) == (method == "POST"), "what was typed is still on the screen"


def test_what_others_write_is_known_by_its_place_alone(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server, a database or a template may quote what it was given."""
    # So the workers set it where the log is JSON; a server in an earlier test set it otherwise.
    monkeypatch.setattr(logging.getLogger("gunicorn.error"), "propagate", True)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("gunicorn.error").error("Invalid request: %s", CANARY, exc_info=True)
    logging.getLogger("waitress").warning(f"{CANARY} went away")
    assert [set(line) for line in lines(log)] == [
        {*ALWAYS, "from", "at", "fault"},
        {*ALWAYS, "from", "at"},
    ]
    assert CANARY not in log.getvalue()


def test_where_nothing_can_be_written_every_page_still_comes(app: Flask) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    handler = Lines(Full())
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("catkin")
    logging.getLogger().addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        assert app.test_client().get("/healthz").status_code == 200
    finally:
        logging.getLogger().removeHandler(handler)
        ours.setLevel(logging.NOTSET)

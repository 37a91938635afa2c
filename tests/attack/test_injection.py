"""Line ends, escapes and turned letters where a header, a file name or a log line is made."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from email import message_from_bytes
from urllib.parse import quote

import pytest

from app.base.database import Store
from app.base.log_lines import JsonLines, Lines
from app.base.post import AN_ADDRESS, MailServer, letter
from app.people.rules import Role
from tests.contracts.forms_seen import Form
from tests.contracts.two_schools import World

CANARY = "magpiecanary"
SIGNS = (
    *("\r\n", "\n", "\r", "\0", "\x1b[2J", "\x07", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85"),
    *("\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\x7f", "\U000e0041"),
)
INJECTED = tuple(f"Ada{sign}Bcc: {CANARY}" for sign in SIGNS)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(params=["json", "sentences"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that would be written, at any level, in either form."""
    written = io.StringIO()
    handler: logging.Handler
    handler = Lines(written) if request.param == "json" else logging.StreamHandler(written)
    if request.param == "json":
        handler.setFormatter(JsonLines())
    names = (None, "catkin", "werkzeug")
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    logging.getLogger().addHandler(handler)
    for logger, _ in before:
        logger.setLevel(logging.DEBUG)
    yield written
    logging.getLogger().removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


def test_no_name_or_address_keeps_a_sign_that_turns_or_ends_a_line(
    world: World, forms: list[Form]
) -> None:
    """The store of people holds lines alone; names go from there into letters and file names."""
    tried = 0
    for first, form in enumerate(forms):
        if form.endpoint == "office.set_referral":
            continue  # Lines as they were typed, for pages alone.
        typed = [field.name for field in form.fields if field.is_typed]
        for number in range(first % 4, len(INJECTED) if typed else 0, 4 * max(1, len(typed))):
            given = {
                name: INJECTED[(number + place) % len(INJECTED)] for place, name in enumerate(typed)
            }
            world.browser(form.who).post(form.action, data=form.sent(**given))
            if not world.kept.untouched():
                tried += 1
                assert list(signs_kept(world)) == [], f"{form.endpoint}: {given}"
            world.kept.put_back()
    assert tried > len(INJECTED)


def signs_kept(world: World) -> Iterator[str]:
    """Each text of the store of people in which such a sign stands."""
    for (table,) in world.kept.ask(
        Store.LEARNING, "SELECT name FROM sqlite_master WHERE type='table'"
    ):
        for row in world.kept.ask(Store.LEARNING, f"SELECT * FROM {table}"):
            for cell in row:
                if isinstance(cell, str) and any(sign in cell for sign in SIGNS):
                    yield f"{table}: {cell!r}"


@pytest.mark.parametrize("value", INJECTED)
def test_no_header_takes_a_line_end_from_an_address_or_a_field(
    world: World, forms: list[Form], value: str
) -> None:
    """A header with one would be a 500, which the client of these tests does not let pass."""
    quoted = quote(value, safe="")
    for rule in world.rules():
        if rule.endpoint.startswith("desk.") or not set(rule.methods or ()) & {"GET"}:
            continue
        path = f"{world.address(rule, world.here)}?after=/{quoted}&show={quoted}&on={quoted}"
        answer = world.browser(Role.TEACHER).get(path)
        assert not {"Bcc", "X-Magpie"} & set(answer.headers.keys())
        for name, given in answer.headers:
            assert not any(sign in given for sign in SIGNS), f"{rule.rule}: {name}"
    for form in forms:
        if "after" in f"{form.action} {form.sent()}":
            path = form.action.partition("?")[0]
            data = form.sent() | {"after": f"/{value}"}
            answer = world.browser(form.who).post(f"{path}?after=/{quoted}", data=data)
            assert CANARY not in str(answer.headers), form.endpoint
    world.kept.put_back()


def test_files_to_keep_have_names_of_our_own(world: World) -> None:
    """Where an answer is a file, its name holds nothing that anybody typed."""
    for rule in world.rules():
        if "GET" in (rule.methods or ()):
            for who in (Role.DSL, Role.OFFICE, Role.NOBODY):
                answer = world.browser(who).get(world.address(rule, world.here))
                named = answer.headers.get("Content-Disposition", "")
                assert world.here.mark not in named, rule.rule
                assert "\r" not in named, rule.rule
                assert named.isascii(), rule.rule
    world.kept.put_back()


@pytest.mark.parametrize("sign", SIGNS)
def test_a_letter_has_the_headers_that_we_gave_it_and_one_reader(sign: str) -> None:
    address = f"ada{sign}Bcc:{CANARY}@evil.example"
    server = MailServer("127.0.0.1", 25, "none", "catkin@oaklane.sch.uk")
    if AN_ADDRESS.fullmatch(address):  # A sign that ends no line: it stands in the address alone.
        made = message_from_bytes(letter(server, address, "Catkin", "Something waits.").as_bytes())
        assert "Bcc" not in made
        assert len(made.get_all("To", [])) == 1
    else:
        assert not AN_ADDRESS.fullmatch(f"ada@oaklane.sch.uk{sign}Bcc:{CANARY}@evil.example")


def test_a_request_is_one_line_of_the_log_and_quotes_nothing(
    world: World, forms: list[Form], log: io.StringIO
) -> None:
    asked = 0
    for number, form in enumerate(forms):
        value = INJECTED[number % len(INJECTED)]
        plain = value.translate({ord("\r"): None, ord("\n"): None, 0: None})
        world.browser(form.who).post(
            f"{form.action.partition('?')[0]}?q={quote(value)}",
            data=form.sent(**{f.name: value for f in form.fields if f.is_typed}),
            headers={"X-Request-ID": plain.encode().decode("latin-1"), "User-Agent": CANARY},
        )
        world.app.test_client().get(f"/{quote(value)}")
        world.kept.put_back()
        asked += 2
    text = log.getvalue()
    assert CANARY not in text
    assert not any(sign in text.replace("\n", "") for sign in SIGNS)
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    if lines:
        assert len([line for line in lines if line["event"] == "request"]) == asked

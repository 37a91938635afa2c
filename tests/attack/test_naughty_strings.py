"""Strings that break programs, in every field of every form: nothing breaks, nothing is lost.

What was typed stands in the form again, or was kept and can be read again; on no page does any of
it run. With NAUGHTY=all every string goes into every field (about ten minutes), and the figures
are printed; otherwise each form is sent a few times, each time with other strings.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote_from_bytes, urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.database import Store
from app.people.rules import Role
from tests.attack.naughty import Naughty, bare, corpus, stands_in
from tests.contracts.forms_seen import TOKEN_FIELD, Form, forms_of
from tests.contracts.two_schools import World

FORM = "application/x-www-form-urlencoded"
ALL = os.environ.get("NAUGHTY") == "all"
ROUNDS = len(corpus()) if ALL else 5
STRIDE = 13
"""Prime to the number of strings: in as many rounds as there are strings each meets each field."""
TAGS = re.compile(r"<[^>]*>")
TOO_BIG = 413


def strings_for(fields: int, start: int) -> list[Naughty]:
    """A string for each field, others in each round and form."""
    known = corpus()
    return [known[(start + place * STRIDE) % len(known)] for place in range(fields)]


def send(world: World, form: Form, given: dict[str, Naughty]) -> tuple[FlaskClient, TestResponse]:
    browser = world.browser(form.who)
    sent = form.sent(**{name: one.text for name, one in given.items()})
    body = urlencode(sent, doseq=True, errors="surrogateescape")
    return browser, browser.post(form.action, data=body, content_type=FORM)


def test_there_is_enough_of_each_kind() -> None:
    kinds = Counter(one.kind for one in corpus())
    assert len(kinds) >= 18
    assert len(corpus()) >= 100
    assert min(kinds.values()) >= 4
    assert len(corpus()) % STRIDE


def nothing_ran(answer: TestResponse, given: dict[str, Naughty], place: str) -> None:
    """No string stands on the page as it was typed, if it would do something there."""
    assert answer.status_code < 500, f"{place}: {answer.status}"
    for name, one in given.items():
        if one.runs:
            assert one.seen not in answer.text, f"{place}: “{name}” is not escaped"
        if "7*7" in one.text and answer.status_code == 200:
            assert "{{49" not in answer.text
            assert "=49" not in answer.text


def what_can_be_read(world: World, form: Form, browser: FlaskClient, answer: TestResponse) -> str:
    """All that can be read after a press: the page, where it leads, where it was, what was kept."""
    pages = [answer.text]
    if answer.status_code == 303:
        pages += [browser.get(path).text for path in (answer.location, form.page, "/kept")]
    if not world.kept.untouched():
        pages += list(kept_texts(world))
        reference = re.search(r"C-[2-9A-Z]{5}", form.action + form.page)
        at = reference[0] if reference else newest_reference(world)
        pages.append(world.browser(Role.DSL).get(f"/concerns/{at}").text)
        pages.append(world.browser(Role.DSL).get(f"/concerns/{at}/keeping").text)
    return unescape(TAGS.sub(" ", " ".join(pages)) + " ".join(in_boxes(pages)))


def in_boxes(pages: list[str]) -> Iterator[str]:
    """What stands in the boxes of one line."""
    for page in pages:
        yield from re.findall(r'value="([^"]*)"', page)


def kept_texts(world: World) -> Iterator[str]:
    """Every text in the store of lessons and people."""
    for (table,) in world.kept.ask(
        Store.LEARNING, "SELECT name FROM sqlite_master WHERE type='table'"
    ):
        for row in world.kept.ask(Store.LEARNING, f"SELECT * FROM {table}"):
            yield " ".join(cell for cell in row if isinstance(cell, str))


def newest_reference(world: World) -> str:
    (found,) = world.kept.ask(
        Store.SAFEGUARDING, "SELECT reference FROM concern ORDER BY id DESC LIMIT 1"
    )
    return str(found[0])


def kept_in_form(world: World, form: Form, answer: TestResponse) -> dict[str, str]:
    """What stands in the fields of the form, where it is drawn again."""
    if answer.status_code != 200:
        return {}
    again = [one for one in forms_of(world, form.who, answer) if one.endpoint == form.endpoint]
    return again[0].now if again else {}


def lost(
    world: World,
    form: Form,
    browser: FlaskClient,
    answer: TestResponse,
    given: dict[str, Naughty],
) -> list[str]:
    """The fields whose words are nowhere to be read any more."""
    if answer.status_code == TOO_BIG:
        return []  # The browser has it still: the page says so, and Back leads to it.
    now = kept_in_form(world, form, answer)
    missing = {
        n: one
        for n, one in given.items()
        if bare(one.seen) and bare(now.get(n, "")) != bare(one.seen)
    }
    if not missing:
        return []
    page = what_can_be_read(world, form, browser, answer)
    return [name for name, one in missing.items() if not stands_in(one.seen, page)]


def test_no_string_in_any_typed_field_breaks_anything_or_is_lost(
    world: World, forms: list[Form], capsys: pytest.CaptureFixture[str]
) -> None:
    tried, gone, sent = 0, [], Counter[int]()
    for number, form in enumerate(forms):
        typed = [field.name for field in form.fields if field.is_typed]
        if "hide" in form.sent():
            continue  # Whoever presses this wants it gone.
        for turn in range(ROUNDS if typed else 0):
            strings = strings_for(len(typed), number * 5 + turn)
            given = dict(zip(typed, strings, strict=True))
            browser, answer = send(world, form, given)
            place = f"{form.endpoint} as {form.who}, given {[one.text[:20] for one in strings]}"
            nothing_ran(answer, given, place)
            gone += [f"{place}: “{name}”" for name in lost(world, form, browser, answer, given)]
            if not world.kept.untouched():
                assert world.kept.halves() == [], place
            world.kept.put_back()
            tried += len(given)
            sent[answer.status_code] += 1
    with capsys.disabled():
        if ALL:
            print(f"\n{len(corpus())} strings, {tried} into typed fields: {dict(sent)}")
    assert not gone, "\n".join(gone)
    assert sent[303] > len(sent), "some of it was kept"


def test_no_string_in_any_field_at_all_breaks_anything(
    world: World, forms: list[Form], capsys: pytest.CaptureFixture[str]
) -> None:
    """Hidden fields, ticks, choices, passwords and buttons too."""
    tried, sent = 0, Counter[int]()
    for number, form in enumerate(forms):
        names = [field.name for field in form.fields if field.name != TOKEN_FIELD]
        for turn in range((ROUNDS if ALL else 3) if names else 0):
            strings = strings_for(len(names), number * 7 + turn)
            given = dict(zip(names, strings, strict=True))
            _, answer = send(world, form, given)
            place = f"{form.endpoint} as {form.who}, given {[one.text[:20] for one in strings]}"
            nothing_ran(answer, given, place)
            assert world.there.mark not in answer.text, place
            if not world.kept.untouched():
                assert world.kept.halves() == [], place
            world.kept.put_back()
            tried += len(given)
            sent[answer.status_code] += 1
    with capsys.disabled():
        if ALL:
            print(f"\n{len(corpus())} strings, {tried} into fields of any kind: {dict(sent)}")
    assert tried > len(forms)


def test_no_string_in_an_address_breaks_anything(world: World) -> None:
    """As an id, and as the query of every page."""
    rules = [rule for rule in world.rules() if "GET" in (rule.methods or ())]
    for number, rule in enumerate(rules):
        for turn in range(len(corpus()) if ALL else 4):
            (one,) = strings_for(1, number * 3 + turn)
            text = one.text.encode("utf-8", "surrogateescape")[:2000]
            # An empty part of an address is the address of another page, or of none.
            path = re.sub(r"<[^>]*>", quote_from_bytes(text, safe="") or "x", rule.rule)
            query = "&".join(
                f"{key}={quote_from_bytes(text)}" for key in ("after", "show", "on", "q", "by")
            )
            for address in (f"{path}?{query}", f"{world.address(rule, world.here)}?{query}"):
                answer = world.browser(Role.DSL).get(address)
                nothing_ran(answer, {"address": one}, rule.rule)
        world.kept.put_back()

"""Whatever is put into a field: a page comes, nothing breaks, nothing is written by half."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.base.database import Store
from app.people.rules import tidy
from app.prepare import Prepared
from tests.contracts.forms_seen import TOKEN_FIELD, Field, Form, forms_of
from tests.contracts.kept import Kept
from tests.contracts.two_schools import TOKEN, Life, World

FORM = "application/x-www-form-urlencoded"
LONG = "Otter ate my tablet. " * 500
NAUGHTY = {
    "nothing": "",
    "spaces": "   ",
    "10,000 characters": LONG[:10_000],
    "emoji": "🐸👩‍👩‍👧🏴󠁧󠁢󠁷󠁬󠁳󠁿 frog",
    "right-to-left": "مرحبا \u202eevil\u202c שלום",
    "zero-width": "Ot\u200bter\ufeff\u2060",
    "NUL": "Ot\x00ter\x1b[31m",
    "HTML": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}</textarea>",
    "half a letter": "\udcff",
    "a number too large": "9" * 400,
    "somebody else's id": "",
}
GOOD = {
    "school_name": "Larch Primary",
    "nation": "Wales",
    "day_starts": "8:45",
    "day_ends": "15:30",
    "read_within": "",
    "name": "Ada Larch",
    "known_as": "Mrs Larch",
    "email": "ada@larch.sch.uk",
    "password": "three red kettles",
    "password_again": "three red kettles",
}
SHOWS = {"nothing", "spaces", "10,000 characters", "emoji", "HTML"}
"""Strings that a page can show exactly as they came."""


NOBODY_YET: tuple[dict[str, Any], ...] = (
    {},
    {"environ_base": {"REMOTE_ADDR": "192.168.1.20"}, "base_url": "https://localhost"},
)
"""At the machine itself, and from another one, where set-up asks for its code first."""


def naughty_for(kind: str, world: World) -> str:
    return world.there.adults["DSL"] if kind == "somebody else's id" else NAUGHTY[kind]


def send(world: World, form: Form, instead: dict[str, Any]) -> TestResponse:
    """Send a form in a fresh browser; the client holds the page that comes to its contract."""
    # Encoded by hand, because half a letter is nothing that the client would send.
    body = urlencode(form.sent(**instead), doseq=True, errors="surrogateescape")
    return world.browser(form.who).post(form.action, data=body, content_type=FORM)


def all_is_whole(world: World, answer: TestResponse, place: str) -> None:
    assert answer.status_code in {200, 303, 400, 404, 413, 429}, f"{place}: {answer.status}"
    assert world.there.mark not in answer.text, place
    if not world.kept.untouched():
        assert world.kept.halves() == [], place
        world.kept.put_back()


def fields_to_try(form: Form) -> list[Field]:
    """All but the token, which has tests of its own."""
    return [field for field in form.fields if field.name != TOKEN_FIELD]


def test_a_school_as_it_stands_is_whole(world: World) -> None:
    assert world.kept.halves() == []


@pytest.mark.parametrize("kind", NAUGHTY)
def test_any_field_takes_anything_without_breaking(
    world: World, forms: list[Form], kind: str
) -> None:
    given = naughty_for(kind, world)
    for form in forms:
        for field in fields_to_try(form):
            answer = send(world, form, {field.name: given})
            place = f"“{field.name}” of {form.endpoint} as {form.who}, given {kind}"
            all_is_whole(world, answer, place)
            if kind in SHOWS and field.is_typed:
                kept = kept_in(world, form, answer, field.name)
                assert kept is None or tidied(kept) == tidied(given), place


def tidied(text: str) -> str:
    """As names and addresses are tidied before they are shown again."""
    return tidy(text).casefold()


def kept_in(world: World, form: Form, answer: TestResponse, name: str) -> str | None:
    """What stands in a field of the form that is drawn again; None where it is not."""
    if answer.status_code != 200:
        return None
    again = [f for f in forms_of(world, form.who, answer) if f.endpoint == form.endpoint]
    return again[0].now[name] if again and name in again[0].now else None


@pytest.mark.parametrize("kind", NAUGHTY)
def test_all_fields_at_once_take_anything_without_breaking(
    world: World, forms: list[Form], kind: str
) -> None:
    given = naughty_for(kind, world)
    for form in forms:
        everything = {field.name: given for field in fields_to_try(form)}
        place = f"all of {form.endpoint} as {form.who}, given {kind}"
        all_is_whole(world, send(world, form, everything), place)


def test_a_file_where_text_was_expected_is_left_empty(world: World, forms: list[Form]) -> None:
    for form in forms:
        for field in fields_to_try(form):
            file = (BytesIO(b"\x89PNG\r\n not a picture"), "cat.png", "image/png")
            place = f"a file in “{field.name}” of {form.endpoint} as {form.who}"
            answer = world.browser(form.who).post(form.action, data=form.sent(**{field.name: file}))
            all_is_whole(world, answer, place)


def test_a_field_that_is_missing_or_comes_twice_breaks_nothing(
    world: World, forms: list[Form]
) -> None:
    for form in forms:
        for field in fields_to_try(form):
            twice = [field.value, "and another"]
            place = f"“{field.name}” of {form.endpoint} as {form.who}"
            all_is_whole(world, send(world, form, {field.name: twice}), f"{place} twice")
            all_is_whole(world, send(world, form, {field.name: []}), f"{place} missing")


def test_a_form_that_came_as_something_else_breaks_nothing(world: World, forms: list[Form]) -> None:
    for form in forms:
        for body, kind in ((b'{"words": 1}', "application/json"), (b"--x", "multipart/form-data")):
            answer = world.browser(form.who).post(form.action, data=body, content_type=kind)
            all_is_whole(world, answer, f"{form.endpoint} as {form.who}, as {kind}")


def test_too_much_of_anything_is_refused_in_plain_words(world: World, forms: list[Form]) -> None:
    for form in forms:
        roomy = form.endpoint.startswith(("pupil.tell", "pupil.notes_add"))
        many = 800_000 if roomy else 200_000
        given = {field.name: "otter " * many for field in form.fields if field.is_typed}
        if given:
            answer = send(world, form, given)
            all_is_whole(world, answer, f"{form.endpoint} as {form.who}, given too many bytes")
            assert answer.status_code == 413
            assert "That is too big" in answer.text


@pytest.mark.parametrize("asked", NOBODY_YET)
def test_setting_up_founds_a_whole_school_or_none(
    app: Flask, prepared: Prepared, asked: dict[str, Any]
) -> None:
    kept = Kept(prepared.folders.data)
    world = World(app, Life("here", "Larch", ""), Life("there", "Rowan", ""), kept)
    page = app.test_client().get("/set-up", **asked)
    (form,) = forms_of(world, "nobody", page)
    for field in fields_to_try(form):
        for given in NAUGHTY.values():
            browser = app.test_client()
            token = TOKEN.search(browser.get("/set-up", **asked).text)
            assert token is not None
            sent = form.sent(**GOOD, **{TOKEN_FIELD: token[1]}) | {field.name: given}
            body = urlencode(sent, doseq=True, errors="surrogateescape")
            answer = browser.post(form.action, data=body, content_type=FORM, **asked)
            assert answer.status_code in {200, 303, 403}, f"{field.name}: {answer.status}"
            assert kept.halves() == []
            founded = kept.ask(Store.LEARNING, "SELECT count(*) FROM school JOIN staff")[0][0]
            assert founded == (answer.status_code == 303)
            kept.put_back()


def test_all_that_it_needs_founds_a_school(app: Flask) -> None:
    """So that the test above meets a form in which one field alone is bad."""
    browser = app.test_client()
    token = TOKEN.search(browser.get("/set-up").text)
    assert token is not None
    assert browser.post("/set-up", data={TOKEN_FIELD: token[1], **GOOD}).status_code == 303

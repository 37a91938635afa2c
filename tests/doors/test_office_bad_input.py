"""Whatever is typed into a form of the office: a sentence, what was typed kept, nothing broken."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient

from app.people.queries import classes, staff
from app.people.rules import Role
from tests.founded import Founded, post

ODD = {
    "nothing": "",
    "very long": "A" * 10_000,
    "emoji": "🦔 Zoë 👩‍🏫",
    "right to left": "أمينة \u202eخان",
    "zero width": "Am\u200bi\u2060na",
    "NUL": "Am\x00ina\x00",
    "HTML": "<script>alert(1)</script><b>x",
    "only hidden": "\u200b\u200f\x07",
    "many lines": "a\nb\r\nc\td",
    "control": "\x01\x1b[31m\x85\x9f",
}
HIDDEN = ("\x00", "\x01", "\x1b", "\u202e", "\u200b")


@pytest.fixture
def dsl(school: Founded) -> FlaskClient:
    return school.adult("DSL")


def forms(school: Founded) -> list[tuple[str, str, list[str]]]:
    """Each form of the office: its page, where it goes, its fields."""
    teacher = f"/people/{school.adults[Role.TEACHER]}"
    hazel, amina = f"/classes/{school.hazel}", f"/pupils/{school.pupils['Amina']}"
    return [
        ("/people", "/people/add", ["name", "known_as", "email", "roles"]),
        (teacher, f"{teacher}/details", ["name", "known_as", "email"]),
        (teacher, f"{teacher}/roles", ["roles"]),
        ("/classes", "/classes/add", ["name", "years"]),
        (f"{hazel}/change", f"{hazel}/change", ["name", "years"]),
        (hazel, f"{hazel}/names", ["names"]),
        (hazel, f"{hazel}/names/save", ["names", "mark", "two"]),
        (hazel, f"{hazel}/pupils", ["one"]),
        (amina, f"{amina}/name", ["given", "family"]),
    ]


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD.keys())
def test_every_form_bears_whatever_is_typed(school: Founded, dsl: FlaskClient, typed: str) -> None:
    for page, action, fields in forms(school):
        answer = post(dsl, action, dict.fromkeys(fields, typed), page=page)
        assert answer.status_code in {200, 303}, action
        assert "<script>alert" not in answer.text, action
        assert "\x00" not in answer.text, action


@pytest.mark.parametrize("typed", ODD.values(), ids=ODD.keys())
def test_no_hidden_sign_is_ever_kept(school: Founded, dsl: FlaskClient, typed: str) -> None:
    for page, action, fields in forms(school):
        post(dsl, action, dict.fromkeys(fields, typed), page=page)
    with school.app.app_context():
        kept = [adult.name + adult.known_as + adult.email for adult in staff.adults(school.id)]
        kept += [facts.name for facts in classes.classes(school.id)]
    kept += list(school.shown(school.hazel))
    assert not any(sign in text for sign in HIDDEN for text in kept)


def test_a_file_where_text_was_expected_counts_as_left_empty(
    school: Founded, dsl: FlaskClient
) -> None:
    for page, action, fields in forms(school):
        files = {name: (io.BytesIO(b"%PDF"), "names.pdf") for name in fields}
        answer = post(dsl, action, files, page=page)
        assert answer.status_code == 200, action
        assert 'class="faults"' in answer.text, action


def test_json_is_no_form(school: Founded, dsl: FlaskClient) -> None:
    for _, action, _ in forms(school):
        for body in ([1, 2], {"name": {"a": 1}}, "text"):
            assert dsl.post(action, json=body).status_code == 200, action


def test_a_form_without_its_token_keeps_what_was_typed(school: Founded, dsl: FlaskClient) -> None:
    for page, action, fields in forms(school):
        dsl.get(page)
        typed = {name: "Quercus" for name in fields if name not in {"roles", "years", "two"}}
        answer = dsl.post(action, data=typed)
        assert answer.status_code == 200, action
        assert "Nothing is lost" in answer.text, action
        assert not typed or "Quercus" in answer.text, action
    assert not any("Quercus" in name for name in school.shown(school.hazel))


def test_ids_that_nobody_has_lead_nowhere(school: Founded, dsl: FlaskClient) -> None:
    for odd in ("nobody", "' OR 1=1", "%00", "🦔", "a" * 500):
        for kind in ("people", "classes", "pupils"):
            assert dsl.get(f"/{kind}/{odd}").status_code == 404

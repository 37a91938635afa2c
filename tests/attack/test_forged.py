"""Presses that nobody made: no route changes anything without the token of this very browser.

`tests/contracts/test_tokens.py` presses the buttons that somebody has in front of them. Here every
route is asked for by everybody, whoever it is for, and by addresses alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.routing import Rule

from app.people.rules import Role
from tests.contracts.forms_seen import TOKEN_FIELD, Form
from tests.contracts.kept import OPENING, changed
from tests.contracts.test_routes import methods_of, written
from tests.contracts.two_schools import ROLES, World

ALL_KINDS = frozenset({Role.NOBODY, Role.FAMILY, Role.PUPIL, Role.TEACHER, Role.DSL})
"""Between them they may press everything; of the others each route is asked for without a token."""
OTHER = {Role.DSL: Role.HEAD}
"""Whose token is tried: the DSL's in everybody's browser, and in the DSL's the head's."""


def filled_in(forms: list[Form]) -> dict[str, dict[str, Any]]:
    """By route: what its form sends, of a press that would do something."""
    by_route = groupby(sorted(forms, key=lambda form: form.endpoint), lambda form: form.endpoint)
    found = {}
    for endpoint, same in by_route:
        form = max(same, key=lambda form: ("hide" not in form.sent(), len(form.fields)))
        found[endpoint] = {f.name: f.value for f in form.fields if f.name != TOKEN_FIELD}
    return found


def tokens_for(world: World, who: Role) -> Iterator[dict[str, str]]:
    """None at all, one of another browser of this school, and one of another school."""
    yield {}
    yield {TOKEN_FIELD: world.here.form_tokens[OTHER.get(who, Role.DSL)]}
    yield {TOKEN_FIELD: world.there.form_tokens[who]}


def unchanged(world: World, before: dict[str, list[Any]], rule: Rule, place: str) -> None:
    """Nothing is other than it was, but that somebody opened a concern."""
    if world.kept.untouched():
        return
    opened = OPENING if rule.rule.startswith("/concerns") else set()
    assert set(changed(before, world.kept.rows())) <= opened, place
    world.kept.put_back()


@pytest.mark.parametrize("who", ROLES)
def test_no_route_does_anything_for_anybody_without_the_own_token(
    world: World, forms: list[Form], who: Role
) -> None:
    before, sent, tried = world.kept.rows(), filled_in(forms), 0
    for rule in world.rules():
        if "POST" not in methods_of(rule):
            continue
        path, table = world.address(rule, world.here), written()[rule.endpoint][2]
        # Whoever is not admitted comes no further, whatever the token: one kind is enough.
        kinds = list(tokens_for(world, who))[: None if who in ALL_KINDS & table else 1]
        for token in kinds:
            data = sent.get(rule.endpoint, {}) | token
            answer = world.browser(who).post(path, data=data)
            place = f"{rule.rule} as {who} with {token}"
            assert answer.status_code < 500, place
            unchanged(world, before, rule, place)
            tried += 1
    assert tried > 50


def test_an_address_alone_does_what_a_form_does_for_nobody(world: World, forms: list[Form]) -> None:
    """Everything that the form sends, its good token too, as the query of a GET."""
    before = world.kept.rows()
    rules = {str(rule.endpoint): rule for rule in world.rules()}
    for form in forms:
        path, _, query = form.action.partition("?")
        asked = "&".join(filter(None, (query, urlencode(form.sent(), doseq=True))))
        answer = world.browser(form.who).get(path, query_string=asked)
        place = f"{form.action} as {form.who}"
        assert answer.status_code in {200, 303, 403, 404, 405}, place
        unchanged(world, before, rules[form.endpoint], place)


def test_a_token_in_the_address_or_in_a_header_opens_no_form(
    world: World, forms: list[Form]
) -> None:
    """It would stand in logs and in the history of browsers."""
    before = world.kept.rows()
    rules = {str(rule.endpoint): rule for rule in world.rules()}
    for form in forms:
        token = form.sent()[TOKEN_FIELD]
        answer = world.browser(form.who).post(
            form.action.partition("?")[0],
            query_string={TOKEN_FIELD: token},
            headers={"X-CSRFToken": token, "X-CSRF-Token": token},
            data={f.name: f.value for f in form.fields if f.name != TOKEN_FIELD},
        )
        assert answer.status_code < 500
        unchanged(world, before, rules[form.endpoint], f"{form.action} as {form.who}")

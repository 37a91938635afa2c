"""Every route against the written table: which exist, whom each admits, and that it does so."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import Rule

from app import create_app
from app.people.rules import Role
from app.prepare import Prepared
from app.web.guards import Door, roles_of
from tests.contracts.two_schools import ROLES, World

TABLE = Path(__file__).with_name("routes.txt")
NO_VERBS = {"HEAD", "OPTIONS"}


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - NO_VERBS)


def written() -> dict[str, tuple[str, str, frozenset[str]]]:
    """The table: rule, methods and roles by endpoint."""
    groups: dict[str, frozenset[str]] = {}
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if " = " in line:
            name, _, roles = line.partition(" = ")
            groups[name.strip()] = _spelled_out(roles, groups)
            continue
        endpoint, rule, methods, roles = (part.strip() for part in line.split("|"))
        found[endpoint] = (rule, methods, _spelled_out(roles, groups))
    return found


def _spelled_out(roles: str, groups: dict[str, frozenset[str]]) -> frozenset[str]:
    named = [one.strip() for one in roles.split(",")]
    return frozenset().union(*(groups.get(one, frozenset({one})) for one in named))


def registered(app: Flask) -> dict[str, tuple[str, str, frozenset[str]]]:
    """The same of the app."""
    return {
        rule.endpoint: (
            rule.rule,
            " ".join(methods_of(rule)),
            frozenset(role.value for role in roles_of(app, rule.endpoint)),
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    }


def test_every_page_is_in_the_table_with_those_it_is_for(app: Flask) -> None:
    assert registered(app) == written()


def test_the_table_is_in_order_so_that_a_page_is_found_in_it() -> None:
    assert list(written()) == sorted(written())


def test_every_page_says_whom_it_admits(app: Flask) -> None:
    assert [endpoint for endpoint, row in registered(app).items() if not row[2]] == []
    assert {role.value for role in ROLES} >= set().union(*(row[2] for row in written().values()))


def test_one_address_belongs_to_one_page(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    assert len(rules) == len(set(rules))


@pytest.mark.parametrize("who", ROLES)
def test_each_role_comes_as_far_as_the_table_says(world: World, who: Role) -> None:
    reached: list[str] = []
    world.app.before_request_funcs.setdefault(None, [])
    table = written()
    for rule in world.rules():
        view = world.app.view_functions[rule.endpoint]
        try:
            world.app.view_functions[rule.endpoint] = lambda *_, **__: reached.append("in") or "in"
            admitted = who.value in table[rule.endpoint][2]
            for method in methods_of(rule):
                reached.clear()
                answer = knock(world, rule, method, who)
                assert bool(reached) == admitted, f"{method} {rule.rule} for {who}: {answer}"
                assert admitted or turned_away(answer, who), f"{method} {rule.rule} for {who}"
        finally:
            world.app.view_functions[rule.endpoint] = view

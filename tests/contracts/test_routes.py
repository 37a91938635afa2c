"""Every route against the written table: which exist, whom each admits, and that it does so."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from app.people.rules import Role
from app.prepare import Prepared
from app.web.guards import Door, roles_of
from tests.contracts.two_schools import ROLES, World, methods_of

TABLE = Path(__file__).with_name("routes.txt")
REFUSED = 403
AT_LEAST = {
    "routes": 152,
    "routes by methods": 180,
    "roles": 13,
    "schools": 2,
    "tries": 3309,
}


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


def differences(app: Flask) -> list[str]:
    """The rows that the table lacks (with +), and those that are no page of the app (with -)."""
    there, told = registered(app), written()
    lacking = [f"+ {name} | {' | '.join(row(there[name]))}" for name in there if name not in told]
    other = [
        f"{sign} {name} | {' | '.join(row(rows[name]))}"
        for name in there
        if name in told and there[name] != told[name]
        for sign, rows in (("-", told), ("+", there))
    ]
    return [*(f"- {name}" for name in told if name not in there), *other, *lacking]


def row(entry: tuple[str, str, frozenset[str]]) -> tuple[str, str, str]:
    return entry[0], entry[1], ", ".join(sorted(entry[2]))


def test_every_page_is_in_the_table_with_those_it_is_for(app: Flask) -> None:
    assert differences(app) == []


def test_the_table_is_in_order_so_that_a_page_is_found_in_it() -> None:
    assert list(written()) == sorted(written())


def test_every_page_says_whom_it_admits(app: Flask) -> None:
    assert [endpoint for endpoint, row in registered(app).items() if not row[2]] == []
    every = {role.value for role in Role}
    assert every == {role.value for role in ROLES}
    assert every == set().union(*(row[2] for row in written().values()))


def test_one_address_belongs_to_one_page(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    assert len(rules) == len(set(rules))


@pytest.mark.parametrize("who", ROLES)
def test_each_role_comes_as_far_as_the_table_says(world: World, who: Role) -> None:
    told, wrong = written(), []
    for rule, method, _who, life in world.tries():
        if (_who, life) != (who, world.here):
            continue
        came_in, answer = knock(world, rule, method, who)
        admitted = not as_they_come(who).isdisjoint(told[rule.endpoint][2])
        refused = turned_away(answer, who) if not came_in else answer.status_code == REFUSED
        if came_in != admitted or came_in == refused:
            wrong.append(f"{method} {rule.rule}: {answer.status}")
    assert wrong == []


def test_so_many_tries_are_made_in_this_test_and_at_the_other_school(world: World) -> None:
    """Each is looked at, and none may be wrong; fewer would mean that something is left out."""
    tries = list(world.tries())
    counted = {
        "routes": len({one.rule.rule for one in tries}),
        "routes by methods": len({(one.rule.rule, one.method) for one in tries}),
        "roles": len(set(Role) & {one.who for one in tries}),
        "schools": len({one.life.id for one in tries}),
        "tries": len(tries),
    }
    assert {name for name, least in AT_LEAST.items() if counted[name] < least} == set()


def as_they_come(who: Role) -> set[str]:
    """A role with what else it is: a family has signed in nowhere."""
    return {who.value, Role.NOBODY.value} if who is Role.FAMILY else {who.value}


def knock(world: World, rule: Rule, method: str, who: Role) -> tuple[bool, TestResponse]:
    """Ask for a page with ids of one's own school; whether its view was reached, and the answer."""
    reached = []
    view = world.app.view_functions[rule.endpoint]

    def seen(**named: object) -> object:
        reached.append(rule)
        return view(**named)

    world.app.view_functions[rule.endpoint] = seen
    try:
        sent = {"csrf_token": world.here.form_tokens[who]} if method == "POST" else None
        path = world.address(rule, world.here)
        answer = world.browser(who).open(path, method=method, data=sent)
    finally:
        world.app.view_functions[rule.endpoint] = view
        world.kept.put_back()
    return bool(reached), answer


def turned_away(answer: TestResponse, who: Role) -> bool:
    """Refused; or, where nobody is signed in, sent to sign in."""
    if answer.status_code == REFUSED:
        return True
    doors = ("/sign-in", "/staff/sign-in", "/families/join")
    to_sign_in = (answer.location or "").startswith(doors)
    return who in {Role.NOBODY, Role.FAMILY} and answer.status_code == 303 and to_sign_in


def test_a_page_that_names_no_role_admits_nobody(prepared: Prepared) -> None:
    """However it was added: beside the doors, or at a door without `opens`; roles are no right."""
    app = planted(prepared)
    with app.test_client() as browser:
        for path in ("/planted", "/careless/planted", "/door/planted"):
            assert browser.get(path).status_code == REFUSED, path
            assert b"secret" not in browser.get(path).data
        assert browser.get("/sign-in").status_code == 200
    for named in ({}, {"admits": (Role.DSL,)}):
        with pytest.raises(TypeError):
            Door("another", __name__).opens("/", **named)


def planted(prepared: Prepared) -> Flask:
    """Catkin with pages that somebody forgot to guard."""
    app = create_app(prepared, testing=True)
    app.add_url_rule("/planted", "planted", lambda: "secret")
    careless, door = Blueprint("careless", __name__), Door("planted_door", __name__)
    careless.add_url_rule("/planted", "planted", lambda: "secret")
    door.add_url_rule("/planted", "planted", lambda: "secret")
    app.register_blueprint(careless, url_prefix="/careless")
    app.register_blueprint(door, url_prefix="/door")
    return app


def test_an_adult_is_admitted_nowhere_by_a_page_without_a_role(world: World) -> None:
    """The same for somebody who is signed in, whatever the role."""
    admits = world.app.extensions["catkin_admits"]
    for who in ROLES:
        with pytest.MonkeyPatch.context() as patch:
            patch.delitem(admits, "public.start")
            assert world.browser(who).get("/").status_code == REFUSED


def test_a_route_without_a_row_or_with_other_roles_is_noticed(prepared: Prepared) -> None:
    known = differences(create_app(prepared, testing=True))
    assert [one for one in differences(planted(prepared)) if "planted" in one]
    app = create_app(prepared, testing=True)
    app.extensions["catkin_admits"]["desk.concern"] |= {Role.FAMILY}
    assert [one for one in differences(app) if one not in known and "family" in one]

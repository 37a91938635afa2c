"""Every route answers to the methods that it declares, and to no other; none breaks."""

from __future__ import annotations

from contextlib import suppress

import pytest
from werkzeug.exceptions import MethodNotAllowed

from app.people.rules import Role
from tests.contracts.test_routes import written
from tests.contracts.two_schools import World

METHODS = (
    *("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"),
    *("PROPFIND", "QUERY", "MAGPIE", "P" * 500, "GET,POST"),
)
INSTEAD = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def declared(endpoint: str) -> set[str]:
    """What the written table says, and what comes with it."""
    methods = set(written()[endpoint][1].split())
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


def declared_at(world: World, path: str) -> set[str]:
    """The same for an address: two routes may share one, each with methods of its own."""
    match, found = world.app.url_map.bind("localhost").match, set()
    for method in ("GET", "POST"):
        with suppress(MethodNotAllowed):
            found |= declared(str(match(path, method=method)[0]))
    return found


@pytest.mark.parametrize("who", [Role.NOBODY, Role.DSL])
def test_every_route_has_the_methods_that_are_written_down_and_no_other(
    world: World, who: Role
) -> None:
    tried = 0
    for rule in world.rules():
        path = world.address(rule, world.here)
        for method in set(METHODS) - declared_at(world, path):
            answer = world.browser(who).open(path, method=method)
            assert answer.status_code == 405, f"{method} {rule.rule}: {answer.status}"
            said = {one.strip() for one in answer.headers["Allow"].split(",")}
            assert said == declared_at(world, path), rule.rule
            tried += 1
    assert tried > 10 * len(world.rules())
    assert world.kept.untouched()


def test_a_header_makes_no_other_method_of_one(world: World) -> None:
    for rule in world.rules():
        browser, path = world.browser(Role.TECHNICIAN), world.address(rule, world.here)
        for method, other in (("GET", "POST"), ("POST", "GET")):
            overriding = dict.fromkeys(INSTEAD, other)
            plain = browser.open(path, method=method)
            again = browser.open(path, method=method, headers=overriding)
            assert plain.status_code == again.status_code, f"{method} {rule.rule}"


def test_what_a_route_allows_tells_nobody_what_is_there(world: World) -> None:
    """OPTIONS of a thing that never was is answered like that of one that is."""
    for rule in filter(lambda rule: rule.arguments, world.rules()):
        never = rule.build(dict.fromkeys(rule.arguments, "777777"))[1]  # type: ignore[index]
        paths = (world.address(rule, world.here), never)
        for who in (Role.NOBODY, Role.TEACHER):
            said = [world.browser(who).open(path, method="OPTIONS") for path in paths]
            assert len({(a.status, a.headers.get("Allow"), a.text) for a in said}) == 1, rule.rule

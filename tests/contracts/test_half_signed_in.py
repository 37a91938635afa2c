"""The DSL between the password and the code is nobody, at every page and with every method."""

from __future__ import annotations

from app.people.rules import Role
from tests.contracts.test_routes import REFUSED, knock, methods_of, written
from tests.contracts.two_schools import HALF, World


def test_half_a_sign_in_reaches_what_nobody_reaches(world: World) -> None:
    life, tried = world.here, 0
    for rule in world.rules():
        for method in methods_of(rule):
            came_in, answer = knock(world, rule, method, HALF)
            assert came_in == (Role.NOBODY in written()[rule.endpoint][2]), (rule.rule, method)
            if not came_in:
                assert answer.status_code in {303, REFUSED}, (rule.rule, method)
            assert life.words not in answer.text, (rule.rule, method)
            tried += 1
    assert tried > 100

"""Two schools on one Catkin: neither sees, names or changes anything of the other."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.base.database import Store
from app.people.rules import Role
from tests.contracts.kept import OPENING, changed
from tests.contracts.looked_at import Pages
from tests.contracts.test_routes import written
from tests.contracts.two_schools import (
    EVERYBODY_HERE,
    ROLES,
    World,
    asks_for_something_of_a_school,
    methods_of,
)

NEVER = "777777"


def ask(world: World, rule: Rule, method: str, who: str) -> TestResponse:
    """Somebody of Larch asks for a thing of Rowan, with a form token of their own that is good."""
    sent = {"csrf_token": world.here.form_tokens[who]} if method == "POST" else None
    return world.browser(who).open(world.address(rule, world.there), method=method, data=sent)


@pytest.mark.parametrize("who", EVERYBODY_HERE)
def test_a_thing_of_another_school_is_not_there(world: World, who: str) -> None:
    theirs = world.kept.rows(world.there.id)
    for rule, method, _who, life in world.tries():
        if (_who, life) != (who, world.there):
            continue
        answer = ask(world, rule, method, who)
        place = f"{method} {rule.rule} for {who}"
        assert answer.status_code in {303, 403, 404}, f"{place}: {answer.status}"
        assert world.there.mark not in answer.text, place
        if not world.kept.untouched():
            assert world.kept.rows(world.there.id) == theirs, place
            world.kept.put_back()


def test_it_looks_the_same_as_a_thing_that_never_was(world: World) -> None:
    """Otherwise a guess could tell which ids are in use next door."""
    for rule in filter(asks_for_something_of_a_school, world.rules()):
        if str(Role.DSL) not in written()[rule.endpoint][2]:
            continue
        for method in methods_of(rule):
            theirs = ask(world, rule, method, Role.DSL)
            path = rule.build(dict.fromkeys(rule.arguments, NEVER))[1]  # type: ignore[index]
            sent = {"csrf_token": world.here.form_tokens[Role.DSL]} if method == "POST" else None
            never = world.browser(Role.DSL).open(path, method=method, data=sent)
            assert (theirs.status_code, theirs.text) == (never.status_code, never.text), rule


def test_every_page_that_names_a_thing_is_asked_for(world: World) -> None:
    found = {rule.endpoint for rule in filter(asks_for_something_of_a_school, world.rules())}
    assert {"desk.concern", "office.pupil", "teacher.class_page", "pupil.notes_add"} < found
    assert len(found) > 25


@pytest.mark.parametrize("who", ROLES)
def test_no_page_of_mine_names_anybody_of_another_school(
    world: World, pages: Pages, who: Role
) -> None:
    there = world.there
    for page in pages.of(who):
        for named in (there.mark, *there.adults.values(), *there.pupils, there.id):
            assert named not in page.text, page.rule.rule


def test_a_form_that_names_somebody_of_another_school_does_nothing_to_them(world: World) -> None:
    """The address is my own; only what the form names is theirs."""
    here, there = world.here, world.there
    forms = {
        f"/concerns/{here.named['reference']}/share": {"with_id": there.adults["head"]},
        f"/pupils/{here.pupils[0]}/move": {"to": there.classes[0]},
        f"/classes/{here.classes[0]}/change": {
            "name": "X",
            "years": "4",
            "adults": there.adults["head"],
        },
        f"/class/{here.classes[0]}/pictures": {"pupil": there.pupils[0]},
        f"/class/{here.classes[0]}/cards": {"pupil": there.pupils[0]},
        f"/class/{here.classes[0]}/end-card/{there.pupils[0]}": {},
        f"/class/{here.classes[0]}/let-in/{there.named['ask_id']}": {},
    }
    before = world.kept.rows()
    for path, sent in forms.items():
        token = {"csrf_token": here.form_tokens[Role.DSL], "reason": "why"}
        page = world.browser(Role.DSL).post(path, data=sent | token)
        assert page.status_code in {200, 303, 404}, path
        assert there.mark not in page.text, path
        assert set(changed(before, world.kept.rows())) <= OPENING, path
        world.kept.put_back()


def test_a_child_can_send_nothing_to_an_adult_of_another_school(world: World) -> None:
    sent = {
        "csrf_token": world.here.form_tokens[Role.PUPIL],
        "once": "o",
        "step": "who",
        "to": list(world.there.adults.values()),
        "send": "yes",
    }
    theirs = world.kept.rows(world.there.id)
    answer = world.browser(Role.PUPIL).post("/tell/who", data=sent)
    assert answer.location == "/tell/sent"
    told = f"SELECT staff_id FROM notice WHERE school_id = '{world.here.id}'"
    to = {staff_id for (staff_id,) in world.kept.ask(Store.SAFEGUARDING, told)}
    assert set() != to <= set(world.here.adults.values())
    assert world.kept.rows(world.there.id) == theirs

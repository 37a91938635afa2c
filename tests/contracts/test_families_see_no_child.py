"""A phone with the families' code, before every page of Catkin: no child, no class, no way in."""

from __future__ import annotations

import re

from app.people.queries import classes, pupils
from app.people.rules import Role
from tests.contracts.test_routes import methods_of, written
from tests.contracts.two_schools import World

TOKEN = re.compile(r'value="[0-9a-z]{26}"')
"""Drawn anew for each page: it tells one press from another."""
OPEN = {"family", "nobody"}


def names_of_children(world: World) -> set[str]:
    """What no family may read: each pupil, each class and its code, and each id of theirs."""
    here, found = world.here, set[str]()
    with world.app.app_context():
        for room in classes.classes(here.id):
            found |= {room.id, room.name, f"{room.code_word} {room.code_number}"}
            for pupil in pupils.pupils_of(here.id, room.id):
                found |= {pupil.id, pupil.shown_name}
    return found | {here.words, here.named["reference"]}


def test_no_page_that_a_family_can_open_knows_a_child(world: World) -> None:
    children, opened = names_of_children(world), set()
    assert len(children) > 8
    for rule in world.rules():
        may_open = not OPEN.isdisjoint(written()[rule.endpoint][2])
        for method in methods_of(rule):
            sent = {"csrf_token": world.here.form_tokens[Role.FAMILY]} if method == "POST" else None
            path = world.address(rule, world.here)
            answer = world.browser(Role.FAMILY).open(path, method=method, data=sent)
            world.kept.put_back()
            place = f"{method} {path}: {answer.status}"
            assert may_open or answer.status_code in {303, 403}, place
            # A link that was made for one child or adult is its own key, as for nobody; and whoever
            # is sent away is told the address that they asked for, and no more.
            if rule.endpoint not in {"pupil.card", "teacher.join"} and not answer.location:
                assert [one for one in children if one in answer.text] == [], place
            if answer.status_code == 200 and rule.endpoint.startswith("family."):
                opened.add(rule.endpoint)
    assert opened >= {"family.home", "family.ages", "family.talk", "family.get_help"}


def test_the_code_says_nothing_to_a_page_that_is_not_for_families(world: World) -> None:
    """With it or without it: the same answer, to the letter."""
    for rule in world.rules():
        if "family" in written()[rule.endpoint][2] or "GET" not in methods_of(rule):
            continue
        path = world.address(rule, world.here)
        with_code, without = world.browser(Role.FAMILY), world.browser(Role.FAMILY)
        without.delete_cookie("catkin-family")
        one, other = with_code.get(path), without.get(path)
        assert (one.status_code, one.location) == (other.status_code, other.location), path
        assert TOKEN.sub("", one.text) == TOKEN.sub("", other.text), path


def test_a_child_s_name_on_such_a_page_would_be_seen(world: World) -> None:
    page = world.browser(Role.TEACHER).get(f"/class/{world.here.classes[0]}").text
    assert [one for one in names_of_children(world) if one in page]

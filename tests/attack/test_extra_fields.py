"""A form that brings more than was asked for does just what it does without.

Each form is pressed twice as it is and once with every column that there is as a further field.
Chance is the same each time, so what differs between the first two (a sealed text, a signature)
says nothing; everything else must be the same.
"""

from __future__ import annotations

import random
import secrets
import sqlite3
from collections import defaultdict
from typing import Any

import pytest

from app.base.database import Store
from tests.contracts.forms_seen import TOKEN_FIELD, Form
from tests.contracts.two_schools import World

FURTHER = (
    *("id", "_id", "pk", "admin", "is_admin", "_user_id", "user", "signed_in", "roles", "role"),
    *("next_role", "canary", "urgency", "urgent", "about", "left_at", "password_hash", "__class__"),
    *("school", "school_id", "staff_id", "pupil_id", "as_role", "owner", "moment", "now", "debug"),
    *("roles[]", "roles[0]", "staff[role]", "csrf", "_method", "stepped_up_at", "notes_until"),
)


PRESSED = ("concern", "idempotency_key")
"""By this a press is known again; it is made of all that its page brought."""


def columns(world: World) -> set[str]:
    """The name of every column there is."""
    found = set()
    for store in Store:
        tables = world.kept.ask(store, "SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables:
            found |= {row[1] for row in world.kept.ask(store, f"PRAGMA table_info({table})")}
    return found


def value_for(name: str, world: World) -> str:
    """What somebody who means harm would put there."""
    there = world.there
    theirs = {"school_id": there.id, "pupil_id": there.pupils[0], "class_id": there.classes[0]}
    if name.endswith("staff_id"):
        return there.adults["DSL"]
    says = {"role": "DSL", "roles": "DSL", "state": "closed", "email": there.email}
    return theirs.get(name) or says.get(name) or ("2020-01-01" if name.endswith("_at") else "1")


def further_fields(world: World, forms: list[Form]) -> dict[str, dict[str, str]]:
    """By route: the fields that none of its forms has. The pages of Tell are one form in steps."""
    own: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        own[group_of(form)] |= {f.name for f in form.fields} | {TOKEN_FIELD}
    names = columns(world) | set(FURTHER)
    return {
        group: {name: value_for(name, world) for name in names - known}
        for group, known in own.items()
    }


def group_of(form: Form) -> str:
    return "tell" if form.endpoint.startswith("pupil.tell") else form.endpoint


def press_by_the_same_chance(
    world: World, form: Form, more: dict[str, str], patch: pytest.MonkeyPatch
) -> tuple[int, dict[str, list[Any]]]:
    """Press, and all rows after it."""
    chance = random.Random(7)
    with patch.context() as same:
        same.setattr(secrets, "choice", chance.choice)
        same.setattr(secrets, "randbelow", chance.randrange)
        same.setattr(secrets, "token_hex", lambda n=32: chance.randbytes(n).hex())
        answer = world.browser(form.who).post(form.action, data=form.sent() | more)
    rows = {} if world.kept.untouched() else all_rows(world)
    world.kept.put_back()
    return answer.status_code, rows


def all_rows(world: World) -> dict[str, list[Any]]:
    """Every row in the order of its making, that of misses too."""
    found: dict[str, list[Any]] = {}
    for store in Store:
        for (table,) in world.kept.ask(store, "SELECT name FROM sqlite_master WHERE type='table'"):
            order = "rowid" if not _without_rowid(world, store, table) else "1"
            found[table] = world.kept.ask(store, f"SELECT * FROM {table} ORDER BY {order}")
    return found


def _without_rowid(world: World, store: Store, table: str) -> bool:
    try:
        world.kept.ask(store, f"SELECT rowid FROM {table} LIMIT 1")
    except sqlite3.OperationalError:
        return True
    return False


def other_cells(one: dict[str, list[Any]], two: dict[str, list[Any]]) -> set[tuple[str, Any, Any]]:
    """Each cell that differs: the table, the row and the column; a number of rows too."""
    found: set[tuple[str, Any, Any]] = set()
    for table in one.keys() | two.keys():
        left, right = one.get(table, []), two.get(table, [])
        if len(left) != len(right):
            found.add((table, "rows", len(left) - len(right)))
        for number, (a, b) in enumerate(zip(left, right, strict=False)):
            found |= {(table, number, c) for c, cell in enumerate(a) if cell != b[c]}
    return found


def is_mark_of_press(world: World, cell: tuple[str, Any, Any]) -> bool:
    """Whether a cell is the mark by which a press is known again."""
    table, column = PRESSED
    asked = world.kept.ask(Store.SAFEGUARDING, f"PRAGMA table_info({table})")
    return cell[0] == table and asked[cell[2]][1] == column


def test_fields_that_nobody_asked_for_do_nothing(
    world: World, forms: list[Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    further, acted = further_fields(world, forms), 0
    assert all(len(names) > 80 for names in further.values())
    for form in forms:
        plain, again = (press_by_the_same_chance(world, form, {}, monkeypatch) for _ in range(2))
        more = press_by_the_same_chance(world, form, further[group_of(form)], monkeypatch)
        by_itself = other_cells(plain[1], again[1])
        assert not any(row == "rows" for _, row, _ in by_itself)
        place = f"{form.endpoint} as {form.who}"
        assert more[0] == plain[0], place
        other = other_cells(plain[1], more[1]) - by_itself
        assert {one for one in other if not is_mark_of_press(world, one)} == set(), place
        acted += bool(plain[1])
    assert acted > 45, "forms that did something"


def test_a_field_that_was_asked_for_makes_a_difference(
    world: World, forms: list[Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the test above could not fail."""
    (form,) = (form for form in forms if form.endpoint == "office.change_details")
    plain, again, other = (
        press_by_the_same_chance(world, form, more, monkeypatch)
        for more in ({}, {}, {"known_as": "Mx Brook"})
    )
    assert other_cells(plain[1], again[1]) == set()
    assert {table for table, _, _ in other_cells(plain[1], other[1])} == {"staff"}

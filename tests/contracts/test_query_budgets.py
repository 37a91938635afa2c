"""How often a busy page asks the databases: thirty children at once must not have to wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.base import clock, ids
from app.people.actions import classes, let_in, pupils
from app.people.actions.classes import ClassDetails
from app.people.names import FullName
from app.people.queries import pupils as known_pupils
from app.people.rules import Role
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from tests.contracts.two_schools import DONE, DOOR, HALF, LESSON, QUIZ, World

BUDGETS: dict[str, tuple[str, str, int]] = {
    "the map": (Role.PUPIL, "/map", 2),
    "a lesson card": (Role.PUPIL, f"/lesson/{LESSON}/1", 2),
    "a quiz scene": (Role.PUPIL, f"/quiz/{QUIZ}/play", 2),
    "what came of a move": (DONE, f"/quiz/{QUIZ}/after", 2),
    "the path of a story": (DONE, f"/quiz/{QUIZ}/path", 3),
    "what I can do": (Role.PUPIL, "/what-i-can-do", 3),
    "the certificate": (DONE, "/certificate", 4),
    "step 1 of Tell": (Role.PUPIL, "/tell", 2),
    "step 2 of Tell": (Role.PUPIL, "/tell/feel", 2),
    "step 3 of Tell": (Role.PUPIL, "/tell/who", 4),
    "the receipt": (Role.PUPIL, "/tell/sent", 12),
    "the class code": (Role.NOBODY, "/sign-in", 1),
    "the names": (DOOR, "/sign-in/names", 3),
    "the pictures": (DOOR, "/sign-in/{pupil_id}", 4),
    "waiting at the door": (DOOR, "/sign-in/{pupil_id}/waiting", 4),
    "a question on a phone in the hall": (Role.NOBODY, "/workshop/now", 3),
    "where the hall is": (Role.NOBODY, "/workshop/state", 1),
    "Today with two classes": (Role.TEACHER, "/today", 16),
    "a class": (Role.TEACHER, "/class/{class_id}", 8),
    "the list of concerns": (Role.DSL, "/concerns", 15),
    "a concern": (Role.DSL, "/concerns/{reference}", 20),
    "people": (Role.OFFICE, "/people", 5),
    "the code at sign-in": (HALF, "/staff/code", 3),
    "my account": (Role.DSL, "/staff/account", 6),
    "health": (Role.OFFICE, "/health", 7),
    "typing a family code": (Role.NOBODY, "/families/join", 0),
    "the first page of a family": (Role.FAMILY, "/families", 1),
    "ages, for a family": (Role.FAMILY, "/families/ages", 1),
    "help, for a family": (Role.FAMILY, "/families/help", 2),
    "classes": (Role.OFFICE, "/classes", 6),
    "the list of a class": (Role.OFFICE, "/classes/{class_id}", 4),
}
"""By page: who asks, the address, and the most SELECTs it may take, with finding out who asks."""
GRID_OF_A_CLASS = 3
"""What each further class may cost on Today: its pupils, their progress, who waits."""
A_NOTE = 7
"""What each note may cost on My notes."""


@contextmanager
def counting() -> Iterator[list[str]]:
    """The SELECTs of whatever is done within."""
    asked: list[str] = []

    def hear(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(" ".join(statement.split())[:120])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def selects(world: World, who: str, path: str) -> list[str]:
    browser, address = world.browser(who), path.format(**world.here.named)
    with counting() as asked:
        answer = browser.get(address)
    assert answer.status_code == 200
    return asked


@pytest.mark.parametrize("page", BUDGETS)
def test_a_busy_page_asks_no_more_than_its_budget(world: World, page: str) -> None:
    who, path, budget = BUDGETS[page]
    asked = selects(world, who, path)
    assert len(asked) <= budget, "\n".join(asked)


@pytest.mark.parametrize("page", BUDGETS)
def test_a_fuller_school_makes_no_page_ask_more(world: World, page: str) -> None:
    who, path, _budget = BUDGETS[page]
    before = selects(world, who, path)
    fill(world)
    asked = selects(world, who, path)
    assert len(asked) <= len(before), "\n".join(asked)


def fill(world: World) -> None:
    """Five more pupils, three more concerns, two more asks at the door."""
    here = world.here
    more = [FullName(name, "Larch") for name in ("Ben", "Chidi", "Dev", "Elsie", "Farah")]
    with world.app.app_context():
        pupils.add_pupils(here.id, here.classes[0], more)
        listed = known_pupils.pupils_of(here.id, here.classes[0])
        for pupil in listed[:3]:
            told = Told(words="more", to=tuple(here.adults.values()))
            telling = Telling(ids.new_token(), told, pupil.id, here.classes[0])
            file_concern(here.id, telling)
            let_in.ask(here.id, pupil.id, "door", clock.now())


def test_one_more_class_costs_today_three_questions(world: World) -> None:
    before = selects(world, Role.TEACHER, "/today")
    with world.app.app_context():
        teacher = (world.here.adults[Role.TEACHER],)
        details = ClassDetails("Larch9", ("4",), teacher)
        classes.add_class(world.here.id, details, by=world.here.adults[Role.DSL])
    after = selects(world, Role.TEACHER, "/today")
    assert len(after) - len(before) <= GRID_OF_A_CLASS


def test_one_more_note_costs_my_notes_seven_questions(world: World) -> None:
    before = selects(world, Role.PUPIL, "/notes")
    with world.app.app_context():
        told = Telling(ids.new_token(), Told(words="more"), world.here.pupils[0])
        file_concern(world.here.id, told)
    after = selects(world, Role.PUPIL, "/notes")
    assert len(after) - len(before) <= A_NOTE


def test_a_page_over_its_budget_is_noticed(world: World) -> None:
    with counting() as asked, world.app.app_context():
        for _ in range(3):
            known_pupils.pupils_of(world.here.id, world.here.classes[0])
    assert len(asked) == 3

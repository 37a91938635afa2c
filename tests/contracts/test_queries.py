"""Every query names its school: in its signature, and in what it asks of the database."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest

from tests.contracts.school_in_queries import fault_of

ROOMS = ("people", "learning", "safeguarding", "workshops")


def modules(room: str) -> Iterator[ModuleType]:
    root = importlib.import_module(f"app.{room}.queries")
    yield root
    for found in pkgutil.iter_modules(getattr(root, "__path__", ())):
        yield importlib.import_module(f"{root.__name__}.{found.name}")
    if room == "learning":
        yield importlib.import_module("app.learning.proof")


def questions() -> Iterator[tuple[str, FunctionType]]:
    for room in ROOMS:
        for module in modules(room):
            for name, found in vars(module).items():
                mine = inspect.isfunction(found) and found.__module__ == module.__name__
                if mine and not name.startswith("_"):
                    yield f"{module.__name__}.{name}", found


def test_there_are_queries_to_look_at() -> None:
    assert len(list(questions())) > 30


@pytest.mark.parametrize(("name", "question"), list(questions()))
def test_the_school_is_the_first_thing_every_query_is_given(
    name: str, question: FunctionType
) -> None:
    """A look-up by token, address or code finds its school, and says so in the query itself."""
    code = inspect.getsource(question)
    asks_nothing = "select(" not in code and "ask(" not in code
    first = next(iter(inspect.signature(question).parameters), None)
    assert first == "school_id" or asks_nothing or "every_school" in code, (
        f"{name} is not given its school first"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pupil.id FROM pupil WHERE pupil.id = ?",
        "SELECT concern.id FROM concern",
        "SELECT answer.id, answer.school_id FROM answer WHERE answer.pupil_id = ?",
        "DELETE FROM draft WHERE draft.ends_at <= ?",
        "UPDATE concern SET state=? WHERE concern.reference LIKE ?",
        "INSERT INTO entry (concern_id, kind) VALUES (?, ?)",
    ],
)
def test_a_query_without_its_school_is_heard(statement: str) -> None:
    assert fault_of(statement, {}) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pupil.id FROM pupil WHERE pupil.school_id = ? AND pupil.id = ?",
        "UPDATE pupil SET left_at=? WHERE pupil.id = ?",
        "INSERT INTO entry (school_id, concern_id) VALUES (?, ?)",
        "SELECT throttle.misses FROM throttle WHERE throttle.key = ?",
    ],
)
def test_a_query_with_its_school_is_let_be(statement: str) -> None:
    assert fault_of(statement, {}) is None

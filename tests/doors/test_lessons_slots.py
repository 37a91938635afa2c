"""The words that a school puts into the slots of a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from sqlalchemy import event

from app.base.database import Store, engine_of
from app.content.slots import SLOTS
from app.web.slots import filler, slots_for
from tests.playing import SCHOOL, add_adult, add_school


@pytest.fixture
def school(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        add_school()
        add_school("other", "oak", ())
        add_adult(SCHOOL, "Mrs Okafor", "DSL")
        add_adult("other", "Mrs Elsewhere", "DSL")
        yield app


def test_each_school_hears_the_names_of_its_own_adults(school: Flask) -> None:
    assert filler(SCHOOL)("Find {trusted_adults}.") == "Find Mrs Okafor or your teacher."
    assert filler("other")("Find {trusted_adults}.") == "Find Mrs Elsewhere or your teacher."


def test_a_school_without_a_team_still_names_the_teacher(school: Flask) -> None:
    assert filler("new")("Find {trusted_adults}.") == "Find your teacher."


def test_only_a_text_that_names_adults_asks_for_them_and_only_once(school: Flask) -> None:
    asked: list[Any] = []
    event.listen(engine_of(Store.LEARNING), "before_cursor_execute", lambda *a: asked.append(a))
    says = filler(SCHOOL)
    assert says("{meeting_rule} {childline}").startswith("Ask your grown-up first.")
    assert asked == []
    says(Markup("<p>{trusted_adults}</p>"))
    says("{trusted_adults}")
    assert len(asked) == 1


def test_every_slot_that_a_text_may_use_has_words(school: Flask) -> None:
    slots = slots_for(SCHOOL)
    assert set(SLOTS) <= set(slots)
    assert len(slots) == len(list(slots))
    assert all(slots[name] for name in slots)


def test_a_slot_that_nobody_fills_is_a_fault(school: Flask) -> None:
    with pytest.raises(KeyError):
        filler(SCHOOL)("{nothing}")

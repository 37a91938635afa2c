"""The words that a school and the registers put into the slots of lessons and quizzes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from app.base import clock
from app.content.slots import SLOTS, fill, register_slots
from app.people.queries.staff import adults
from app.people.rules import OUTSIDE_THE_STAFF, Adult, in_order, sees_concerns
from app.web.parts import catalogue

MEETING_RULE = "Ask your grown-up first. Never meet alone."
"""For a school that has written no rule of its own."""


class Slots(Mapping[str, str]):
    """A school's slots; its adults are asked for once, and only by a text that names them."""

    def __init__(self, school_id: str) -> None:
        self._school_id = school_id

    @cached_property
    def _registers(self) -> Mapping[str, str]:
        return register_slots(catalogue(), clock.local(clock.now()).date())

    @cached_property
    def _trusted_adults(self) -> str:
        return trusted_adults(adults(self._school_id))

    def __getitem__(self, name: str) -> str:
        if name == "trusted_adults":
            return self._trusted_adults
        if name == "meeting_rule":
            return MEETING_RULE
        return self._registers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*SLOTS, *self._registers)))

    def __len__(self) -> int:
        return len(list(iter(self)))


def trusted_adults(staff: list[Adult]) -> str:
    """The safeguarding team by the names that pupils use, and the pupil's own teacher.

    Adults outside the staff are left out: a pupil cannot go and find them in school.
    """
    team = [
        adult.known_as
        for adult in in_order(staff)
        if sees_concerns(set(adult.roles) - OUTSIDE_THE_STAFF)
    ]
    names = list(dict.fromkeys(team))
    return f"{', '.join(names)} or your teacher" if names else "your teacher"


def slots_for(school_id: str) -> Slots:
    """The slots of a school, to be filled within one request."""
    return Slots(school_id)


def filler(school_id: str) -> Callable[[str], str]:
    """What puts a school's words into the slots of a text."""
    slots = slots_for(school_id)
    return lambda text: fill(text, slots)

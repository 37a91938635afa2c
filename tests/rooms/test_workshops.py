"""A workshop: moved by hosts, answered by phones, forgotten when it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.base import clock
from app.base.database import Store, file_of
from app.content.workshop import QUESTIONS, Asked
from app.people.codes import Code
from app.workshops import actions, queries
from app.workshops.rules import LASTS, OVER, Guesses, Place, as_typed, draw_code, kept_of, tally
from tests.founded import Founded

EVENING = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
ASKED = [
    Asked(f"q{n}", "S", f"Question {n}?", ("a", "b", "c", "d"), 2, "Because.", "And you?")
    for n in range(1, QUESTIONS + 1)
]


@pytest.fixture(autouse=True)
def clock_stands() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hall(app: Flask, school: Founded) -> Iterator[Hall]:
    with app.app_context():
        yield Hall(school.id)


class Hall:
    """A workshop of a school, with a hand for the host and phones by name."""

    def __init__(self, school: str) -> None:
        self.school = school
        self.id = actions.begin(school, ASKED, clock.now())

    @property
    def now(self) -> queries.Now:
        found = queries.now(self.school, self.id)
        assert found is not None
        return found

    @property
    def facts(self) -> queries.WorkshopFacts:
        found = queries.workshop(self.school, self.id)
        assert found is not None
        return found

    def press(self, *verbs: str) -> None:
        for verb in verbs:
            given = {"verb": verb, "step": self.facts.step, "moment": clock.now()}
            assert actions.move(self.school, self.id, **given)

    def join(self, phone: str) -> bool:
        return actions.join(self.school, self.id, phone=phone, moment=clock.now())

    def vote(self, phone: str, choice: int, question: int = 1) -> bool:
        given = {"question": question, "choice": choice, "moment": clock.now()}
        return actions.vote(self.school, self.id, phone=phone, **given)


def test_a_place_goes_from_the_door_to_the_end_and_never_beyond() -> None:
    place = Place(0)
    assert place.moved("back") == place.moved("show") == place
    for number in range(1, OVER + 1):
        place = place.moved("next")
        assert place.question == number
    assert place.moved("next") == place
    assert place.state == "over"


def test_what_was_shown_stays_shown_on_the_way_back() -> None:
    place = Place(1).moved("show").moved("next")
    assert place.state == "asks"
    assert place.moved("back").state == "shown"
    assert place.moved("back").moved("show") == place.moved("back")


def test_few_answers_are_never_seen() -> None:
    four, five = tally({1: 3, 0: 1}), tally({1: 3, 4: 1, 0: 1})
    assert (four.enough, five.enough) == (False, True)
    assert five.counts == (1, 3, 0, 0, 1)
    assert kept_of(4, [four, five]) == {"phones": 4, "counts": [None, [1, 3, 0, 0, 1]]}


def test_a_code_is_found_however_it_is_typed() -> None:
    for word, number in (("fern", "423"), (" FERN ", "4 2 3"), ("Fern-423", " "), ("", "fern423")):
        assert as_typed(word, number) == Code("fern", "423")
    codes = [draw_code() for _ in range(300)]
    assert all(len(code.number) == 3 and "69" not in code.number for code in codes)


def test_a_guesser_rests_longer_and_longer_and_nobody_else_does() -> None:
    guesses = Guesses()
    for _ in range(4):
        guesses = guesses.missed(EVENING)
        assert not guesses.rests(EVENING)
    guesses = guesses.missed(EVENING)
    assert guesses.rests(EVENING + timedelta(seconds=29))
    assert not guesses.rests(EVENING + timedelta(seconds=30))
    for _ in range(5):
        guesses = guesses.missed(EVENING)
    assert guesses.rests(EVENING + timedelta(minutes=4))
    assert not Guesses().rests(EVENING)


def test_a_second_answer_takes_the_place_of_the_first(hall: Hall) -> None:
    hall.press("next")
    assert hall.join("a")
    assert hall.join("a")
    assert hall.vote("a", 1)
    assert hall.vote("a", 3)
    assert (hall.now.phones, hall.now.answered) == (1, 1)
    assert queries.tally_of(hall.school, hall.id, 1).counts == (0, 0, 0, 1, 0)
    assert queries.choice_of(hall.school, hall.id, "a", 1) == 3


def test_an_answer_counts_only_for_the_question_that_is_asked(hall: Hall) -> None:
    hall.join("a")
    assert not hall.vote("a", 1), "before the first question"
    hall.press("next")
    assert not hall.vote("a", 1, question=2), "not asked yet"
    assert not hall.vote("b", 1), "a phone that never joined"
    for choice in (-1, 5, 10**40):
        assert not hall.vote("a", choice)
    hall.vote("a", 1)
    hall.press("show")
    assert not hall.vote("a", 2), "after closing"
    hall.press("next")
    assert not hall.vote("a", 2, question=1), "gone by"
    assert queries.choice_of(hall.school, hall.id, "a", 1) == 1


def test_of_two_hosts_who_press_at_once_the_first_moves_it(hall: Hall) -> None:
    pressed = [
        actions.move(hall.school, hall.id, verb="next", step=0, moment=EVENING) for _ in range(2)
    ]
    assert pressed == [True, False]
    assert hall.now.place.question == 1
    assert not actions.move(hall.school, hall.id, verb="jump", step=1, moment=EVENING)


def test_when_it_ends_no_phone_no_answer_and_no_code_is_left(hall: Hall, app: Flask) -> None:
    hall.press("next")
    for number in range(6):
        hall.join(f"phone {number}")
        hall.vote(f"phone {number}", 2)
    hall.press("show", "next")
    hall.vote("phone 1", 3, question=2)
    assert actions.end(hall.school, hall.id, clock.now())
    assert not actions.end(hall.school, hall.id, clock.now())
    facts = hall.facts
    assert facts.kept == {"phones": 6, "counts": [[0, 0, 6, 0, 0], *[None] * 5]}
    assert (facts.word, facts.number) == ("", "")
    file = file_of(app.extensions["catkin"].folders.data, Store.LEARNING)
    with sqlite3.connect(file) as connection:
        for table in ("workshop_phone", "workshop_vote"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not hall.join("late")
    assert not hall.vote("phone 1", 1)
    assert hall.now.state == "ended"


def test_a_workshop_that_nobody_ends_is_over_after_its_time(
    hall: Hall, clock_stands: time_machine.Coordinates
) -> None:
    facts = hall.facts
    assert queries.by_code(facts.word, facts.number) == (hall.school, hall.id)
    clock_stands.shift(LASTS)
    assert (hall.now.state, hall.now.settled) == ("ended", False)
    assert queries.by_code(facts.word, facts.number) is None
    assert not hall.join("late")
    actions.end(hall.school, hall.id, clock.now() + timedelta(days=1))
    assert hall.facts.ended_at == EVENING + LASTS


def test_two_workshops_see_nothing_of_each_other(hall: Hall) -> None:
    other = Hall(hall.school)
    for one in (hall, other):
        one.press("next")
    hall.join("a")
    hall.vote("a", 1)
    assert (other.now.phones, other.now.answered) == (0, 0)
    assert not other.vote("a", 1)
    assert queries.now("another school", hall.id) is None
    assert queries.workshop("another school", hall.id) is None


def test_a_code_that_is_taken_is_drawn_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = Code(hall.facts.word, hall.facts.number), draw_code()
    drawn = iter((taken, taken, free))
    monkeypatch.setattr(actions, "draw_code", lambda: next(drawn))
    made = Hall(hall.school)
    assert (made.facts.word, made.facts.number) == (free.word, free.number)

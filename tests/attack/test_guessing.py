"""Bounds for the figures of `python -m tests.attack`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.people.actions.guessing import WINDOW
from app.people.codes import Code
from tests.at_school import TEN, AtSchool, small_school
from tests.attack.guessing import (
    DAY,
    HALL,
    SCHOOL_DAY,
    app_code_tries,
    class_codes_looked_at,
    codes_there_are,
    family_codes_looked_at,
    first_time,
    of_the_school,
    password_tries,
    picture_tries,
    refused_in_a_hall,
)

RIGHT = Code("otter", "4821")


@pytest.fixture
def here(app: Flask) -> Iterator[AtSchool]:
    school = small_school(app)
    with app.app_context():
        yield school


def test_of_one_account_a_day_of_guessing_tries_few_passwords(here: AtSchool) -> None:
    tried = password_tries("okafor@example.sch.uk", TEN, DAY)
    assert 15 < tried <= 15 + DAY / timedelta(minutes=5)
    assert tried == password_tries("never@was.sch.uk", TEN, DAY), "as many as of none"


def test_of_one_adults_app_a_day_of_guessing_tries_few_codes(here: AtSchool) -> None:
    """With the password in hand: three codes of a million open at any moment."""
    assert app_code_tries(here, TEN, DAY) <= 15 + DAY / timedelta(minutes=5)


def test_of_one_pupil_a_year_of_guessing_tries_fifteen_threes(here: AtSchool) -> None:
    """One in 88; after that the teacher is asked, and knows."""
    assert picture_tries(here, TEN, 365 * DAY) == 15


def test_of_codes_all_guessers_together_are_looked_at_about_once_a_second(here: AtSchool) -> None:
    first, later = class_codes_looked_at(TEN, windows=2)
    assert later <= first <= 2 * 60 + 600 + 1
    (knowing,) = class_codes_looked_at(TEN + DAY, knows="a class")
    assert knowing <= first + 30
    day = knowing * (SCHOOL_DAY / WINDOW)
    assert day / codes_there_are() < 1 / 100, "a school day of guessing at one open class"
    (families,) = family_codes_looked_at(TEN)
    assert families <= 2 * 300 + 600 + 1


def test_a_hall_of_the_school_s_own_devices_comes_in_while_somebody_guesses(
    here: AtSchool,
) -> None:
    assert refused_in_a_hall(RIGHT, TEN, of_the_school) == 0


def test_of_devices_never_used_before_no_more_come_in_than_guesses_would(here: AtSchool) -> None:
    """The limit: to Catkin they are guessers. What lets them in would let guesses in."""
    assert refused_in_a_hall(RIGHT, TEN, first_time) > HALL * 0.8

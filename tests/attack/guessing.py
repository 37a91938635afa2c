"""How far guessing goes: an attacker without patience or shame, against the rules as they are.

Nothing is measured by a clock: the attacker asks as often as the rules look, at moments that are
given to them, and what the rules look at is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import perm

from flask import current_app

from app.base import ids, throttle
from app.base.recovery import BYTES
from app.people.actions import class_codes, family_codes, sign_ins
from app.people.actions.class_codes import try_class_code
from app.people.actions.family_codes import try_family_code
from app.people.actions.guessing import WINDOW, CodePage
from app.people.actions.password_tries import claim_password_try
from app.people.actions.second_step import code_fits
from app.people.codes import ODD, WORDS, Code
from app.people.passwords import common_passwords
from app.people.pictures import HOW_MANY, PICTURES
from app.people.queries.classes import class_by_code
from app.people.queries.password_tries import staff_key
from app.people.queries.second_step import step_key
from app.people.second_step import DIGITS, DRIFT, GROUPS, KEY, OF
from tests.at_school import TEN, AtSchool

DAY = timedelta(days=1)
SCHOOL_DAY = timedelta(hours=6, minutes=45)
A_TURN = timedelta(seconds=0.1)
HALL = 200
WRONG = Code("zebra", "0000")


@dataclass(frozen=True)
class Way:
    """A way in: how much there is to guess, and how much of it is looked at in a day."""

    name: str
    possible: int
    looks: float
    """Guesses that are looked at in a day; each of them of one account, or of any."""
    note: str = ""

    @property
    def chance(self) -> float:
        """That a day of guessing opens one account, or one class."""
        return min(1.0, self.looks / self.possible)


def codes_there_are() -> int:
    """Every word with every number that is drawn."""
    numbers = (f"{number:04d}" for number in range(10_000))
    return len(WORDS) * sum(not any(odd in one for odd in ODD) for one in numbers)


def password_tries(email: str, moment: datetime, lasting: timedelta) -> int:
    """How many passwords of one account are looked at."""
    tries, end = 0, moment + lasting
    while moment < end:
        rest = claim_password_try(staff_key(email), moment)
        if rest is None:
            tries += 1
        else:
            assert rest.until is not None
            moment = rest.until
    return tries


def app_code_tries(here: AtSchool, moment: datetime, lasting: timedelta) -> int:
    """How many codes of one adult's app are looked at, by somebody who has the password."""
    key = current_app.extensions["catkin"].keys.read(KEY)
    tries, end = 0, moment + lasting
    while moment < end:
        rest = throttle.resting(step_key(here.lane), moment)
        if rest is None:
            assert not code_fits(key, here.school, here.lane, "no code", moment)
            tries += 1
        else:
            assert rest.until is not None
            moment = rest.until
    return tries


def picture_tries(here: AtSchool, moment: datetime, lasting: timedelta) -> int:
    """How many threes of one pupil are looked at; nobody lets the pupil in meanwhile."""
    tries, end = 0, moment + lasting
    while moment < end:
        rest = throttle.resting(sign_ins.pupil_key(here.amina), moment)
        if rest is None:
            assert not sign_ins.pictures_fit(here.school, here.amina, "not these", moment)
            tries += 1
        elif rest.until is None:
            break
        else:
            moment = rest.until
    return tries


def hoarded(moment: datetime) -> CodePage:
    """A page that a guesser opened the day before, and has not used yet."""
    return CodePage(ids.new_id(), moment - DAY)


def code_tries(
    look: Callable[[CodePage, datetime], bool], moment: datetime, windows: int
) -> list[int]:
    """How many codes are looked at in each window, every try from a browser of its own.

    No window is worth more than the first. The guesser uses every lane: pages from before the
    guessing, and a class's vouching where `look` brings one.
    """
    counts = []
    for _ in range(windows):
        end, looked = moment + WINDOW, 0
        while moment < end:
            if look(hoarded(moment), moment):
                looked += 1
                continue
            moment += A_TURN * 5
        counts.append(looked)
    return counts


def class_codes_looked_at(moment: datetime, windows: int = 1, *, knows: str = "") -> list[int]:
    """Of class codes, by somebody who knows none, or the code of a class."""

    def try_it(page: CodePage, now: datetime) -> object:
        return try_class_code(WRONG, replace(page, vouched_by=knows), now)

    return _counted(class_codes, try_it, moment, windows)


def family_codes_looked_at(moment: datetime) -> list[int]:
    """Of the codes of families."""
    return _counted(family_codes, lambda page, now: try_family_code(WRONG, page, now), moment, 1)


def _counted(
    module: object, try_it: Callable[[CodePage, datetime], object], moment: datetime, windows: int
) -> list[int]:
    """Count what is really looked up, whatever is answered."""
    name = "class_by_code" if module is class_codes else "school_by_code"
    real, seen = getattr(module, name), []

    def hear(word: str, number: str) -> object:
        seen.append(word)
        return real(word, number)

    def look(page: CodePage, now: datetime) -> bool:
        before = len(seen)
        try_it(page, now)
        return len(seen) > before

    setattr(module, name, hear)
    try:
        return code_tries(look, moment, windows)
    finally:
        setattr(module, name, real)


def first_time(moment: datetime) -> CodePage:
    """The page of a device on which no code was ever typed, as it is opened."""
    return CodePage(ids.new_id(), moment)


def of_the_school(moment: datetime) -> CodePage:
    """The page of a device on which a right code was typed some other day."""
    return CodePage(ids.new_id(), moment, "a class of this school")


def refused_in_a_hall(
    right: Code, moment: datetime, page_of: Callable[[datetime], CodePage]
) -> int:
    """Of 200 with the right code behind one address: how many are refused at their first try.

    Somebody guesses ten times a second all the while, with pages from before; the hall types in
    one minute.
    """
    assert class_by_code(right.word, right.number) is not None
    for _ in range(2 * class_codes.BUDGET):
        try_class_code(WRONG, hoarded(moment), moment)
    refused = 0
    for _ in range(HALL):
        for _ in range(3):
            moment += A_TURN
            try_class_code(WRONG, hoarded(moment), moment)
        refused += try_class_code(right, page_of(moment), moment).facts is None
    return refused


def ways(here: AtSchool) -> list[Way]:
    """Every way in, with a day of guessing at it."""
    day = SCHOOL_DAY / WINDOW
    (codes,), (knowing,) = (class_codes_looked_at(TEN), class_codes_looked_at(TEN + DAY, knows="a"))
    (families,) = family_codes_looked_at(TEN)
    return [
        Way("pictures of one pupil", perm(len(PICTURES), HOW_MANY), picture_tries(here, TEN, DAY),
            "then only the teacher lets the pupil in"),
        Way("any class code, one class open", codes_there_are(), codes * day,
            "shows first names; then pictures"),
        Way("the same, by whoever knows a class's", codes_there_are(),
            knowing * day, "its devices have a budget of their own"),
        Way("a school's family code", codes_there_are(), families * day,
            "shows no child"),
        Way("password of one adult", 32**8, password_tries("somebody@oaklane.sch.uk", TEN, DAY),
            f"the {len(common_passwords()):,} likeliest are refused; 8 letters at least"),
        Way("that adult's code, with the password", 10**DIGITS // len(DRIFT),
            app_code_tries(here, TEN, DAY), "each code for 90 seconds, and once"),
        Way("one of ten recovery codes", len(ids.CLEAR_LETTERS) ** (GROUPS * OF) // 10,
            app_code_tries(here, TEN + 2 * DAY, DAY), "the same rests"),
        Way("a pupil's card", 32 ** len(ids.new_token()), 1000 * DAY.total_seconds(),
            "no rest; at 1,000 a second"),
        Way("an adult's joining link", 32 ** len(ids.new_token()), 1000 * DAY.total_seconds(),
            "no rest; ends in 7 days"),
        Way("the recovery key on paper", 256**BYTES, 1000 * DAY.total_seconds(),
            "typed at the machine alone"),
    ]  # fmt: skip

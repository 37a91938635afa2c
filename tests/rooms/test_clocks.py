"""A clock that was moved: sign-ins end, nobody is kept out for ever, and order stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.base import clock as clocks
from app.base import throttle
from app.base.database import Store, writing
from app.base.throttle import AHEAD, Step
from app.people.actions import let_in
from app.people.actions.password_tries import STAFF_RESTS
from app.people.actions.sign_ins import PUPIL_RESTS, begin_for_pupil, begin_for_staff
from app.people.queries import let_in as asks
from app.safeguarding import queries
from app.safeguarding.actions import handle
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.handle import By
from app.safeguarding.rules import Kind
from tests.at_desk import AtDesk, school_with_team, tell, viewer
from tests.founded import Founded, browser_of

YEARS = timedelta(days=2 * 365)
BACK = -40 * 86_400


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def test_who_was_signed_in_when_the_clock_went_back_is_signed_in_no_more(
    school: Founded, clock: time_machine.Traveller
) -> None:
    """Neither by a cookie of the time to come, nor by a sign-in that was used in it."""
    with school.app.app_context():
        tokens = {
            "/map": begin_for_pupil(school.id, school.pupils["Amina"], clocks.now()),
            "/concerns": begin_for_staff(
                school.id, school.adults["DSL"], clocks.now(), second_step=True
            ),
        }
    before = {path: browser_of(school.app, token) for path, token in tokens.items()}
    assert [browser.get(path).status_code for path, browser in before.items()] == [200, 200]
    clock.shift(-301)
    assert [browser.get(path).status_code for path, browser in before.items()] == [303, 303]
    after = {path: browser_of(school.app, token) for path, token in tokens.items()}
    for jump in (0, 301):
        clock.shift(jump)
        assert [browser.get(path).status_code for path, browser in after.items()] == [303, 303]


def miss(key: str, steps: tuple[Step, ...], times: int) -> None:
    with writing(Store.LEARNING) as session:
        for _ in range(times):
            throttle.count_miss(session, key, clocks.now(), steps=steps)


@pytest.mark.parametrize("early", [0, 4])
def test_a_rest_of_a_clock_that_ran_ahead_keeps_nobody_out(
    app: Flask, clock: time_machine.Traveller, early: int
) -> None:
    """Whether all misses were counted by the wrong clock, or the last of them."""
    with app.app_context():
        miss("a", PUPIL_RESTS, early)
        clock.shift(YEARS)
        miss("a", PUPIL_RESTS, 5 - early)
        assert throttle.resting("a", clocks.now()) is not None
        clock.shift(-YEARS)
        assert throttle.resting("a", clocks.now()) is None
        counted = throttle.misses_within("a", clocks.now(), timedelta(minutes=10))
        assert counted == (5 if early else 0)
        miss("a", PUPIL_RESTS, 15)
        rest = throttle.resting("a", clocks.now())
        assert rest is not None
        assert rest.until is None, "until the teacher helps, by any clock"
        clock.shift(YEARS)
        assert throttle.resting("a", clocks.now()) is not None


def test_no_rest_that_people_earn_is_taken_for_one_of_a_wrong_clock() -> None:
    rests = [step.rest for step in (*PUPIL_RESTS, *STAFF_RESTS) if step.rest is not None]
    assert max(rests) + AHEAD < throttle.LONGEST


def test_a_yes_of_a_clock_that_ran_ahead_lets_nobody_in(
    school: Founded, clock: time_machine.Traveller
) -> None:
    amina = school.pupils["Amina"]
    with school.app.app_context():
        clock.shift(YEARS)
        token = let_in.ask(school.id, amina, "door", clocks.now())
        (ask,) = asks.waiting(school.id, school.hazel)
        assert let_in.let_in(school.id, ask.id, school.adults["DSL"], clocks.now())
        clock.shift(-YEARS)
        assert asks.standing(school.id, amina, token, "door", clocks.now()) == "none"
        assert not let_in.use(school.id, amina, token, "door", clocks.now())


def test_what_a_child_added_is_new_though_the_clock_went_back_meanwhile(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    first, second = tell(app, desk), tell(app, desk)
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        facts = queries.desk.concern(desk.id, lane, second)
        assert facts is not None
        handle.open_concern(desk.id, facts, lane.id)
        clock.shift(BACK)
        note = queries.notes.note(desk.id, second, desk.school.amina)
        assert note is not None
        add_words(desk.id, note, "And again.", "adding")
        handle.open_concern(desk.id, facts, desk.head)
        handle.record(desk.id, facts, Kind.NOTE, "Later.", by=By(lane.id, "1"))
        (added, other) = queries.desk.concerns(desk.id, lane)
        assert (added.reference, added.added, added.new_to_me) == (second, True, True)
        assert (other.reference, other.added) == (first, False)
        kinds = [entry.kind for entry in queries.desk.chronology(desk.id, facts)]
        seen = queries.desk.who_has_seen(desk.id, facts)
        handle.open_concern(desk.id, facts, lane.id)
        again = queries.desk.concern(desk.id, lane, second)
        later = queries.desk.who_has_seen(desk.id, facts)
    third = tell(app, desk)
    assert kinds == [Kind.NOTE, Kind.OPENED, Kind.ADDED, Kind.OPENED, Kind.TOLD]
    assert list(seen) == [lane.id, desk.head]
    assert later == seen, "the first time stays the first"
    assert again is not None
    assert not again.added
    with app.app_context():
        order = [one.reference for one in queries.desk.concerns(desk.id, lane)]
        mine = [note.reference for note in queries.notes.notes(desk.id, desk.school.amina)]
    assert order == [first, second, third], "the oldest first, whatever the clock said"
    assert mine == [third, second, first]

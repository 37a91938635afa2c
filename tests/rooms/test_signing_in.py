"""The rules of signing in, beneath the pages."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

from flask import Flask

from app.base import clock, ids, throttle
from app.base.database import Store, db, writing
from app.people.actions import let_in, sign_ins
from app.people.actions.left_signed_in import end_left
from app.people.pictures import HOW_MANY, PICTURES, draw, grid_for, kept_form
from app.people.queries.let_in import standing
from app.people.queries.sign_ins import pupil_key, resting_pupils, signed_in
from app.people.rules import IDLE, Role
from app.people.tables import SignIn, StaffRole
from app.people.viewers import PupilHere, StaffHere
from app.serve.ending import Ending
from tests.at_school import small_school

KEY = b"k" * 32


def test_three_different_pictures_are_drawn_and_every_picture_has_its_turn() -> None:
    drawn = [draw() for _ in range(400)]
    assert all(len(set(three)) == HOW_MANY for three in drawn)
    seen = Counter(name for three in drawn for name in three)
    assert set(seen) == set(PICTURES)
    assert len({three[0] for three in drawn}) == len(PICTURES)


def test_the_grid_holds_all_pictures_in_an_order_of_the_pupils_own() -> None:
    orders = {grid_for(KEY, pupil) for pupil in ("amina", "finn", "zara")}
    assert len(orders) == 3
    assert all(sorted(order) == sorted(PICTURES) for order in orders)
    assert grid_for(KEY, "amina") == grid_for(KEY, "amina")


def test_what_is_kept_of_pictures_differs_by_pupil_school_order_and_key() -> None:
    three = ("kite", "boat", "cake")
    forms = {
        kept_form(KEY, "school", "amina", three),
        kept_form(KEY, "school", "finn", three),
        kept_form(KEY, "other", "amina", three),
        kept_form(KEY, "school", "amina", three[::-1]),
        kept_form(b"x" * 32, "school", "amina", three),
    }
    assert len(forms) == 5


def test_a_sign_in_knows_its_pupil_and_ends(app: Flask) -> None:
    here = small_school(app)
    with app.app_context():
        mark = ids.fingerprint(sign_ins.begin_for_pupil(here.school, here.amina, clock.now()))
        pupil = signed_in(mark)
        assert isinstance(pupil, PupilHere)
        assert (pupil.shown_name, pupil.class_name, pupil.band) == ("Amina", "Hazel", "7-9")
        until = clock.now() + timedelta(minutes=1)
        sign_ins.open_notes(here.school, mark, until)
        pupil = signed_in(mark)
        assert isinstance(pupil, PupilHere)
        assert pupil.notes_until == until
        sign_ins.end_sign_in("another school", mark)
        assert signed_in(mark) is not None
        sign_ins.end_sign_in(here.school, mark)
        assert signed_in(mark) is None


def test_a_sign_in_under_a_clock_that_ran_ahead_is_ended_and_stays_ended(app: Flask) -> None:
    here = small_school(app)
    with app.app_context():
        begun = {
            name: ids.fingerprint(sign_ins.begin_for_pupil(here.school, here.amina, at))
            for name, at in {
                "now": clock.now(),
                "ahead": clock.now() + timedelta(minutes=2),
                "left": clock.now() - timedelta(days=8),
            }.items()
        }
        end_left("another school")
        assert all(signed_in(mark) for name, mark in begun.items() if name != "left")
        Ending()(here.school)
        ended = {name: one.ended_at for name, mark in begun.items() if (one := _row(mark))}
        assert {name for name, at in ended.items() if at is None} == {"now"}


def _row(mark: str) -> SignIn | None:
    return db.session.get(SignIn, mark)


def test_a_sign_in_of_an_adult_carries_the_roles_held_at_this_moment(app: Flask) -> None:
    here = small_school(app)
    with app.app_context():
        begin = partial(sign_ins.begin_for_staff, second_step=True)
        mark = ids.fingerprint(begin(here.school, here.okafor, clock.now()))
        with writing(Store.LEARNING) as session:
            session.add(
                StaffRole(
                    staff_id=here.okafor,
                    role=Role.DEPUTY,
                    school_id=here.school,
                    granted_at=clock.now(),
                )
            )
        adult = signed_in(mark)
        assert isinstance(adult, StaffHere)
        assert set(adult.roles) == {Role.TEACHER, Role.DEPUTY}
        with writing(Store.LEARNING) as session:
            session.query(StaffRole).filter_by(staff_id=here.okafor, school_id=here.school).delete()
        adult = signed_in(mark)
        assert isinstance(adult, StaffHere)
        assert adult.roles == ()


def test_only_resting_pupils_are_listed_as_resting(app: Flask) -> None:
    here = small_school(app)
    with app.app_context():
        moment = clock.now()
        with writing(Store.LEARNING) as session:
            for _ in range(15):
                throttle.count_miss(
                    session, pupil_key(here.amina), moment, steps=sign_ins.PUPIL_RESTS
                )
            for _ in range(5):
                throttle.count_miss(
                    session, pupil_key(here.finn), moment, steps=sign_ins.PUPIL_RESTS
                )
        both = [here.amina, here.finn, here.zara]
        resting = resting_pupils(here.school, both, moment)
        assert resting[here.amina].until is None
        assert resting[here.finn].until == moment + timedelta(seconds=30)
        assert here.zara not in resting
        assert resting_pupils("another school", both, moment) == {}


def test_misses_a_day_old_are_cleared_away_but_not_a_rest_that_stands(app: Flask) -> None:
    steps = (throttle.Step(1, timedelta(days=2)), throttle.Step(2, None))
    with app.app_context():
        moment = clock.now()

        def miss(key: str, after: timedelta) -> set[str]:
            with writing(Store.LEARNING) as session:
                earned = () if key in {"one", "two", "three", "four"} else steps
                throttle.count_miss(session, key, moment + after, steps=earned)
            return set(db.session.scalars(db.select(throttle.Throttle.key)))

        miss("one", timedelta())
        miss("rests two days", timedelta())
        miss("until helped", timedelta())
        assert len(miss("until helped", timedelta())) == 3
        assert "one" in miss("two", timedelta(hours=23))
        left = miss("three", timedelta(hours=25))
        assert left == {"two", "three", "rests two days", "until helped"}
        assert miss("four", timedelta(days=3)) == {"four", "until helped"}


def test_an_ask_to_read_my_notes_opens_no_door(app: Flask) -> None:
    here = small_school(app)
    with app.app_context():
        moment = clock.now()
        token = let_in.ask(here.school, here.amina, "notes", moment)
        assert standing(here.school, here.amina, token, "notes", moment) == "waiting"
        assert standing(here.school, here.amina, token, "door", moment) == "none"
        assert not let_in.use(here.school, here.amina, token, "notes", moment)


def test_the_idle_warning_comes_a_minute_before_the_end(app: Flask) -> None:
    with app.test_request_context():
        macros = app.jinja_env.get_template("parts/idle.html").module
        for kind in ("pupil", "staff"):
            meta = str(getattr(macros, f"idle_{kind}")())
            warned = int(meta.split('content="')[1].split(";")[0])
            assert timedelta(seconds=warned) == IDLE[kind] - timedelta(minutes=1)

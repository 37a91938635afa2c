"""Who drew a pupil's pictures, made a card or said yes is known, and the team hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock as base_clock
from app.base import ids
from app.people.actions import let_in, sign_ins, slips_and_cards
from app.people.actions.sign_ins import WayIn
from app.people.queries import let_in as asks
from app.people.queries import pupils, staff
from app.people.queries.sign_ins import signed_in
from app.people.viewers import PupilHere
from tests.at_school import (
    THREE,
    AtSchool,
    at_the_names,
    card_for,
    press,
    small_school,
    tap,
)


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


def vouched_by(app: Flask, browser: FlaskClient) -> str | None:
    """Who vouched for the pupil signed in on this browser."""
    with browser.session_transaction() as session:
        token = session["_user_id"]
    with app.app_context():
        pupil = signed_in(ids.fingerprint(token))
    assert isinstance(pupil, PupilHere)
    return pupil.vouched_by


def told(app: Flask, here: AtSchool) -> list[str]:
    """What the team was told, newest first."""
    with app.app_context():
        return [notice.says for notice in staff.team_notices(here.school, here.lane)]


def draw(app: Flask, here: AtSchool, by: str, *whom: str) -> None:
    with app.app_context():
        slips_and_cards.keep_pictures(here.school, dict.fromkeys(whom, "kept"), by=by)


def test_a_sign_in_by_pictures_names_who_drew_them(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    at_the_names(client)
    tap(client, here.amina, THREE)
    assert vouched_by(app, client) == here.okafor


def test_a_sign_in_by_card_names_who_made_it(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    with app.app_context():
        moment = base_clock.now()
        made = slips_and_cards.make_cards(here.school, [here.finn], moment, by=here.lane)
    link = f"/card/{made[here.finn]}"
    press(client, client.get(link), "Yes, I am Finn")
    assert vouched_by(app, client) == here.lane


def test_a_sign_in_by_the_teachers_yes_names_who_said_it(
    app: Flask, client: FlaskClient, here: AtSchool
) -> None:
    at_the_names(client)
    asking = press(
        client, client.get(f"/sign-in/{here.finn}"), "Ask my teacher to let me in"
    ).location
    with app.app_context():
        (ask,) = asks.waiting(here.school, here.hazel)
        let_in.let_in(here.school, ask.id, here.lane, base_clock.now())
    press(client, client.get(asking), "Come in")
    assert vouched_by(app, client) == here.lane


def test_a_sign_in_keeps_its_voucher_when_others_draw_new_pictures(
    app: Flask, here: AtSchool
) -> None:
    with app.app_context():
        way = WayIn("pictures", here.okafor)
        token = sign_ins.begin_for_pupil(here.school, here.amina, base_clock.now(), way=way)
        slips_and_cards.keep_pictures(here.school, {here.amina: "kept"}, by=here.lane)
        drawn = pupils.pupil(here.school, here.amina)
        pupil = signed_in(ids.fingerprint(token))
    assert drawn is not None
    assert drawn.pictures_by == here.lane
    assert isinstance(pupil, PupilHere)
    assert pupil.vouched_by == here.okafor


def test_the_adult_who_said_yes_is_known_before_and_after_its_use(
    app: Flask, here: AtSchool
) -> None:
    with app.app_context():
        moment = base_clock.now()
        token = let_in.ask(here.school, here.amina, "notes", moment)
        assert asks.said_yes_by(here.school, here.amina, token) is None
        (ask,) = asks.waiting(here.school, here.hazel)
        let_in.let_in(here.school, ask.id, here.okafor, moment)
        for _ in range(2):
            assert asks.said_yes_by(here.school, here.amina, token) == here.okafor
            let_in.use(here.school, here.amina, token, "notes", moment)
        assert asks.said_yes_by(here.school, here.finn, token) is None
        assert asks.said_yes_by("another school", here.amina, token) is None
        assert asks.said_yes_by(here.school, here.amina, "another device") is None


def test_the_team_hears_of_pictures_that_take_the_place_of_others(
    app: Flask, here: AtSchool
) -> None:
    draw(app, here, here.okafor, here.finn)
    assert told(app, here) == []
    draw(app, here, here.okafor, here.amina)
    assert told(app, here)[0] == "New pictures were drawn for a pupil of Hazel by Ngozi Okafor."
    draw(app, here, here.lane, here.amina, here.finn)
    assert told(app, here)[0] == "New pictures were drawn for 2 pupils of Hazel by Peter Lane."
    assert not any("Amina" in says or "Finn" in says for says in told(app, here))


def test_the_team_hears_of_a_card_made_for_one_or_ended(app: Flask, here: AtSchool) -> None:
    card_for(app, here, here.amina)
    assert told(app, here)[0] == "New cards were made for a pupil of Hazel by Ngozi Okafor."
    with app.app_context():
        moment = base_clock.now()
        for _ in range(2):
            slips_and_cards.end_cards(here.school, here.amina, moment, by=here.lane)
    assert told(app, here)[0] == "The card was ended of a pupil of Hazel by Peter Lane."
    assert len(told(app, here)) == 2, "the second press ended nothing"


def test_cards_for_a_whole_class_are_nothing_to_tell_of(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=1))
    with app.app_context():
        whole = [here.amina, here.finn]
        slips_and_cards.make_cards(here.school, whole, base_clock.now(), by=here.okafor)
        assert told(app, here) == []
        slips_and_cards.make_cards(here.school, [here.zara], base_clock.now(), by=here.lane)
    assert told(app, here) == ["New cards were made for a pupil of Fern by Peter Lane."]

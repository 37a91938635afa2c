"""Letters that do not go: how often they are tried, and what people are told meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.base import clock as clocks
from app.base.errors import StoreAway
from app.base.post import Outcome
from app.people.rules import Role
from app.safeguarding import queries
from app.safeguarding.actions import mail as letters
from app.safeguarding.actions.mail import check_mail
from app.safeguarding.mailing import Works, how_mail_works
from app.serve.postman import Postman
from tests.founded import Founded
from tests.letters import TEAM, gone_to, here, tell, tries
from tests.mail_server import Post, mail_server


def test_a_server_that_is_away_is_tried_less_and_less_often_and_never_given_up(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    tell(school)
    post.fault = "greeting"
    tried = []
    for minute in range(4 * 60):
        before = tries(school)
        postman.round()
        if tries(school) > before:
            tried.append(minute)
        clock.shift(60)
    assert tried == [0, 1, 6, 21, 81, 141, 201]
    post.fault = ""
    clock.shift(3600)
    postman.round()
    assert gone_to(post) == TEAM


def test_one_address_that_is_refused_keeps_nobody_else_waiting(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    post.refuses = ("dsl@oaklane.sch.uk",)
    tell(school)
    postman.round()
    assert gone_to(post) == TEAM - set(post.refuses)
    with school.app.app_context():
        assert queries.mail.refused_to(school.id, here(school, "DSL")) is Outcome.ADDRESS
        assert queries.mail.refused_to(school.id, here(school, Role.HEAD)) is None
    post.refuses = ()
    postman.round()
    assert gone_to(post) == set(), "not at once again"
    clock.shift(61)
    postman.round()
    assert gone_to(post) == {"dsl@oaklane.sch.uk"}


def test_a_letter_that_nobody_noted_as_sent_goes_once_more_but_not_at_once(
    school: Founded,
    post: Post,
    postman: Postman,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At least once: Catkin ended, or its disk was full, between the letter and the note."""
    tell(school, about=(school.adults[Role.HEAD], school.adults[Role.CHAIR]))

    def fail(*given: object) -> None:
        raise StoreAway("full")

    with monkeypatch.context() as patch:
        patch.setattr(letters, "_end", fail)
        with pytest.raises(StoreAway):
            postman.round()
    assert gone_to(post) == {"dsl@oaklane.sch.uk"}
    another = Postman(school.app, post.as_setting())
    another.round()
    assert gone_to(post) == set(), "a worker that ends again and again floods nobody"
    clock.shift(61)
    another.round()
    assert gone_to(post) == {"dsl@oaklane.sch.uk"}


def test_where_a_letter_cannot_be_noted_it_does_not_go(
    school: Founded, post: Post, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(school)

    def fail(*given: object) -> None:
        raise StoreAway("full")

    monkeypatch.setattr(letters, "_begin", fail)
    with pytest.raises(StoreAway):
        postman.round()
    postman.round()
    assert gone_to(post) == set()


def test_a_clock_that_was_put_back_stops_no_letter_and_sends_none_twice(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    post.refuses = ("dsl@oaklane.sch.uk",)
    tell(school)
    postman.round()
    gone_to(post)
    clock.shift(-timedelta(days=40))
    before = tries(school)
    tell(school)
    for _ in range(3):
        postman.round()
    assert gone_to(post) == TEAM - set(post.refuses)
    assert tries(school) - before == 3


def test_how_mail_works_follows_the_clock_and_not_what_waits(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    """Who opens the People page may be whom a concern is about."""

    def works() -> Works:
        with school.app.app_context():
            return how_mail_works(queries.mail.check_of(school.id), clocks.now(), named=True)

    assert works() is Works.UNKNOWN
    postman.round()
    assert works() is Works.FINE
    post.fault = "sign-in"
    clock.shift(60)
    seen = []
    for told in (False, True):
        if told:
            tell(school)
        for _ in range(5):
            postman.round()
            seen.append(works())
            clock.shift(60)
    assert set(seen) == {Works.FINE}, "a telling must not bring the bad news sooner"
    clock.shift(1800)
    post.fault = "greeting"
    postman.round()
    assert works() is Works.FAILING
    clock.shift(2 * 3600)
    assert works() is Works.UNKNOWN, "what was not tried lately is not called fine"


def test_a_check_keeps_when_the_server_last_answered(app: Flask, school: Founded) -> None:
    with mail_server() as post, app.app_context():
        check_mail(school.id, post.as_setting())
        post.fault = "greeting"
        check_mail(school.id, post.as_setting())
        check = queries.mail.check_of(school.id)
    assert check is not None
    assert (check.outcome, check.reached_at) == (Outcome.NO_SERVER, clocks.now())

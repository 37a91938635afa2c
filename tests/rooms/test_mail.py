"""Letters from the outbox: to whom, when, what stands in them, and what becomes of misses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.base import clock as clocks
from app.base import ids
from app.base.database import Store, db, writing
from app.base.errors import StoreAway
from app.base.post import Outcome
from app.people.rules import Role
from app.people.tables import Staff, StaffRole
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.actions import handle
from app.safeguarding.actions import mail as letters
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.actions.mail import check_mail
from app.safeguarding.mailing import SAYS, Works, how_mail_works
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.queries.notes import notes
from app.safeguarding.rules import Closing, Told
from app.safeguarding.tables import Concern, ConcernAbout, Mail
from app.serve.postman import Postman
from tests.at_school import TEN
from tests.founded import Founded
from tests.mail_server import Post, mail_server

TEAM = {"dsl@oaklane.sch.uk", "gwen@oaklane.sch.uk", "imran@oaklane.sch.uk"}
CANARY = "magpiecanary"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as there:
        yield there


@pytest.fixture
def postman(school: Founded, post: Post) -> Postman:
    return Postman(school.app, post.as_setting())


def tell(school: Founded, **told: object) -> str:
    telling = Telling(
        ids.new_token(),
        Told(happened=("secret",), words=CANARY, **told),  # type: ignore[arg-type]
        school.pupils["Amina"],
        school.hazel,
    )
    with school.app.app_context():
        return file_concern(school.id, telling)


def gone_to(post: Post) -> set[str]:
    """To whom letters went since this was last asked; nobody got two."""
    found = [to for to, _ in post.letters]
    post.letters.clear()
    assert len(found) == len(set(found)), found
    return set(found)


def here(school: Founded, role: str) -> StaffHere:
    roles = (Role(role),)
    moment = clocks.now()
    return StaffHere(
        sign_in="",
        id=school.adults[role],
        school_id=school.id,
        name="",
        known_as="",
        roles=roles,
        seen_at=moment,
        stepped_up_at=moment,
    )


def facts(school: Founded, reference: str, role: str = "DSL") -> ConcernFacts:
    found = queries.desk.concern(school.id, here(school, role), reference)
    assert found is not None
    return found


def test_whoever_must_know_gets_one_letter_and_it_says_nothing(
    school: Founded, post: Post, postman: Postman
) -> None:
    reference = tell(school, to=(school.adults[Role.TEACHER],))
    postman.round()
    texts = " ".join(text for _, text in post.letters)
    assert gone_to(post) == {*TEAM, "ngozi@oaklane.sch.uk"}
    assert texts.count(SAYS) == 4
    secrets = [CANARY, reference, "Amina", "Khan", "Hazel", "secret", "Oak Lane", "concern"]
    assert [word for word in secrets if word.lower() in texts.lower()] == []
    postman.round()
    assert gone_to(post) == set()


def test_what_comes_within_minutes_goes_with_one_letter(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        tell(school)
    postman.round()
    assert gone_to(post) == TEAM
    clock.shift(60)
    tell(school)
    tell(school)
    postman.round()
    assert gone_to(post) == set()
    clock.shift(600)
    postman.round()
    assert gone_to(post) == TEAM
    clock.shift(6000)
    postman.round()
    assert gone_to(post) == set(), "nothing new has come"


def test_what_was_opened_or_closed_is_not_written_about(
    school: Founded, post: Post, postman: Postman
) -> None:
    opened, closed = tell(school), tell(school)
    with school.app.app_context():
        for role in ("DSL", Role.HEAD):
            handle.open_concern(school.id, facts(school, opened, role), school.adults[role])
        by = handle.By(school.adults["DSL"], ids.new_token())
        closing = Closing("a", "b", "c", "d", child_told=True)
        handle.close(school.id, facts(school, closed), closing, by=by)
    postman.round()
    assert gone_to(post) == {"imran@oaklane.sch.uk"}


def test_what_a_child_adds_is_written_about_again(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    tell(school)
    postman.round()
    gone_to(post)
    clock.shift(3600)
    with school.app.app_context():
        (note,) = notes(school.id, school.pupils["Amina"])
        add_words(school.id, note, "and more", ids.new_token())
    postman.round()
    assert gone_to(post) == TEAM


def test_whoever_it_is_about_gets_no_letter(school: Founded, post: Post, postman: Postman) -> None:
    """Not when the child said so, and not when it is marked after it was told."""
    tell(school, about=(school.adults[Role.HEAD],))
    reference = tell(school)
    with school.app.app_context(), writing(Store.SAFEGUARDING) as session:
        concern = session.query(Concern).filter_by(reference=reference).one()
        session.add(
            ConcernAbout(
                concern_id=concern.id,
                staff_id=school.adults[Role.HEAD],
                school_id=school.id,
                since=clocks.now(),
            )
        )
    postman.round()
    assert gone_to(post) == TEAM - {"gwen@oaklane.sch.uk"}


def test_whoever_left_or_sees_it_no_more_gets_no_letter(
    school: Founded, post: Post, postman: Postman
) -> None:
    tell(school)
    head, chair = school.adults[Role.HEAD], school.adults[Role.CHAIR]
    with school.app.app_context(), writing(Store.LEARNING) as session:
        session.get_one(StaffRole, (head, Role.HEAD.value)).role = Role.TEACHER.value
        session.get_one(Staff, chair).left_at = clocks.now()
    postman.round()
    assert gone_to(post) == {"dsl@oaklane.sch.uk"}


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


def tries(school: Founded) -> int:
    with school.app.app_context():
        return db.session.query(Mail).filter_by(school_id=school.id).count()


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


def test_what_was_tried_is_never_deleted_nor_changed(
    school: Founded, post: Post, postman: Postman
) -> None:
    tell(school)
    postman.round()
    for statement in (
        "DELETE FROM mail WHERE school_id = :school",
        "UPDATE mail SET through = 0 WHERE school_id = :school",
        "UPDATE mail SET staff_id = 'x' WHERE school_id = :school",
    ):
        with (
            school.app.app_context(),
            pytest.raises(IntegrityError, match="never"),
            writing(Store.SAFEGUARDING) as session,
        ):
            session.execute(db.text(statement), {"school": school.id})


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

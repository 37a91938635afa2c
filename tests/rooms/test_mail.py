"""Letters from the outbox: to whom, when, what stands in them, and what becomes of misses."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from app.base import clock as clocks
from app.base import ids
from app.base.database import Store, db, writing
from app.people.rules import Role
from app.people.tables import Staff, StaffRole
from app.safeguarding.actions import handle
from app.safeguarding.actions.add import add_words
from app.safeguarding.mailing import SAYS
from app.safeguarding.queries.notes import notes
from app.safeguarding.rules import Closing
from app.safeguarding.tables import Concern, ConcernAbout
from app.serve.postman import Postman
from tests.founded import Founded
from tests.letters import CANARY, TEAM, facts, gone_to, tell
from tests.mail_server import Post
from tests.proving import proved, tampering


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


@pytest.mark.tampers
def test_a_letter_said_to_have_gone_for_notices_to_come_silences_nobody_and_is_named(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    here = school.app.extensions["catkin"].folders
    with tampering(here.data) as file:
        for adult in set(school.adults.values()):
            file.execute(
                "INSERT INTO mail (school_id, staff_id, through, tried_at, outcome)"
                " VALUES (?, ?, 1000, '2026-01-01 00:00:00.000000', 'sent')",
                [school.id, adult],
            )
    tell(school)
    postman.round()
    assert gone_to(post) == TEAM
    (fault,) = proved(here.data, school.id, here.keys).faults
    assert "lines about letters to adults (mail) stand for notices that were never" in fault.says
    clock.shift(6000)
    postman.round()
    assert gone_to(post) == set(), "each letter went once"


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


@pytest.mark.tampers
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

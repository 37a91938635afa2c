"""Kept until two people decide: what is due, what is held, and how a concern is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.base import ids
from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import KeyMissing, Refused
from app.people.actions import sign_ins
from app.people.actions import staff as accounts
from app.people.actions.staff import Details
from app.people.rules import Role
from app.safeguarding import queries, spool
from app.safeguarding.actions import handle, retention
from app.safeguarding.actions.add import Addition, add_words
from app.safeguarding.actions.drain import drain
from app.safeguarding.actions.file import seal_words
from app.safeguarding.actions.handle import By
from app.safeguarding.held import GONE
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import Ground, due_if_before, due_on, standing_of
from app.safeguarding.rules import Closing, Kind
from app.safeguarding.tables import Audit, ConcernKey, Link
from app.safeguarding.words import Spoken
from tests.at_desk import AtDesk, school_with_team, tell, viewer
from tests.founded import wait_for_no_word
from tests.quick import locked

CLOSING = Closing("Talked.", "No more to do.", "They made up.", "Friends.", child_told=True)
TWO_YEARS = timedelta(days=731)
TODAY = date(2028, 11, 16)


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def facts(app: Flask, desk: AtDesk, reference: str, who: str = "") -> ConcernFacts:
    here = viewer(app, desk, who or desk.school.lane)
    with app.app_context():
        found = queries.desk.concern(desk.id, here, reference)
    assert found is not None
    return found


def by(staff_id: str) -> By:
    return By(staff_id, ids.new_token())


def closed(app: Flask, desk: AtDesk, **told: object) -> str:
    """The reference of a concern that was told and closed."""
    reference = tell(app, desk, **told)
    closer = desk.chair if "about" in told else desk.school.lane
    concern = facts(app, desk, reference, closer)
    with app.app_context():
        handle.close(desk.id, concern, CLOSING, by=by(closer))
    return reference


@pytest.fixture
def due(app: Flask, desk: AtDesk, clock: time_machine.Traveller) -> str:
    """A concern that was closed two years ago, in a school that looks after one."""
    reference = closed(app, desk)
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    return reference


def on_the_list(app: Flask, desk: AtDesk, who: str = "") -> list[str]:
    here = viewer(app, desk, who or desk.school.lane)
    with app.app_context():
        return [one.reference for one in queries.retention.due(desk.id, here, TODAY)]


def ask(app: Flask, desk: AtDesk, reference: str, who: str) -> None:
    concern = facts(app, desk, reference, who)
    with app.app_context():
        retention.ask_to_erase(desk.id, concern, Ground.SCHEDULE, "Left long ago", by=by(who))


def agree(app: Flask, desk: AtDesk, reference: str, who: str) -> None:
    concern = facts(app, desk, reference, who)
    with app.app_context():
        retention.agree_to_erase(desk.id, concern, Ground.LAW, by=by(who))


@pytest.mark.parametrize(
    ("last", "today", "years", "is_due"),
    [
        # The last minute of 16 November at school, then the first of the 17th.
        (datetime(2026, 11, 16, 23, 59, tzinfo=UTC), date(2027, 11, 16), 1, True),
        (datetime(2026, 11, 17, 0, 0, tzinfo=UTC), date(2027, 11, 16), 1, False),
        # In summer the school's day begins an hour before UTC's.
        (datetime(2026, 6, 16, 22, 59, tzinfo=UTC), date(2027, 6, 16), 1, True),
        (datetime(2026, 6, 16, 23, 0, tzinfo=UTC), date(2027, 6, 16), 1, False),
        # 29 February comes on 1 March, never a day early.
        (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), date(2025, 2, 28), 1, False),
        (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), date(2025, 3, 1), 1, True),
        (datetime(2023, 3, 1, 12, 0, tzinfo=UTC), date(2024, 2, 29), 1, False),
    ],
)
def test_years_are_counted_by_the_schools_own_days(
    last: datetime, today: date, years: int, is_due: bool
) -> None:
    assert (last < due_if_before(today, years)) is is_due
    assert (due_on(last, years) <= today) is is_due


def test_the_chronology_says_how_a_concern_stands() -> None:
    def stands(*kinds: Kind) -> tuple[bool, bool]:
        made = datetime(2026, 1, 1, tzinfo=UTC)
        found = standing_of(SimpleNamespace(kind=k, staff_id="a", made_at=made) for k in kinds)
        return found.held, found.asked is not None

    begun = (Kind.TOLD, Kind.CLOSED, Kind.ERASE_ASKED)
    assert stands(*begun) == (False, True)
    assert stands(*begun, Kind.OPENED) == (False, True)
    for ends in (Kind.ADDED, Kind.NOTE, Kind.REOPENED, Kind.SPOKEN, Kind.ANSWER, Kind.SHARED):
        assert stands(*begun, ends) == (False, False)
    assert stands(*begun, Kind.HELD) == (True, False)
    assert stands(*begun, Kind.HELD, Kind.RELEASED) == (False, False)


def test_nothing_is_due_until_the_school_says_when_and_nothing_goes_by_itself(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference, still_open = closed(app, desk), tell(app, desk)
    clock.shift(TWO_YEARS)
    assert on_the_list(app, desk) == []
    with pytest.raises(Refused, match="not due"):
        ask(app, desk, reference, desk.head)
    with app.app_context():
        with pytest.raises(Refused):
            retention.set_years(desk.id, 0, by=desk.head)
        retention.set_years(desk.id, 3, by=desk.head)
        assert on_the_list(app, desk) == []
        retention.set_years(desk.id, 1, by=desk.head)
    assert on_the_list(app, desk) == [reference]
    assert facts(app, desk, still_open).state == "open"
    with app.app_context():
        retention.set_years(desk.id, None, by=desk.chair)
        lines = select(Audit.says).where(Audit.school_id == desk.id, Audit.kind == "schedule")
        with writing(Store.SAFEGUARDING) as session:
            assert session.scalars(lines).all() == [
                "years=3 was=none",
                "years=1 was=3",
                "years=none was=1",
            ]
    assert on_the_list(app, desk) == []


def add(app: Flask, desk: AtDesk, reference: str) -> None:
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
        assert note is not None
        add_words(desk.id, note, "It began again.", ids.new_token())


def note(app: Flask, desk: AtDesk, reference: str) -> None:
    concern = facts(app, desk, reference)
    with app.app_context():
        handle.record(desk.id, concern, Kind.NOTE, "Her sister came.", by=by(desk.school.lane))


def reopen(app: Flask, desk: AtDesk, reference: str) -> None:
    concern = facts(app, desk, reference)
    with app.app_context():
        handle.reopen(desk.id, concern, "New word from home.", by=by(desk.school.lane))


def looked_at(app: Flask, desk: AtDesk, reference: str) -> None:
    concern = facts(app, desk, reference)
    with app.app_context():
        retention.keep(desk.id, concern, "A brother is here.", by=by(desk.school.lane))


@pytest.mark.parametrize("happens", [add, note, reopen, looked_at])
def test_whatever_is_new_takes_it_off_the_list_and_ends_a_begun_erasure(
    app: Flask, desk: AtDesk, due: str, happens: Callable[[Flask, AtDesk, str], None]
) -> None:
    ask(app, desk, due, desk.head)
    assert on_the_list(app, desk) == [due]
    happens(app, desk, due)
    assert on_the_list(app, desk) == []
    with pytest.raises(Refused):
        agree(app, desk, due, desk.chair)
    with app.app_context():
        read = queries.desk.said(desk.id, facts(app, desk, due))
    assert read[0].spoken is not None


def test_what_waits_in_the_spool_cancels_too_and_what_is_older_than_the_asking_stays_away(
    app: Flask, desk: AtDesk, due: str, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        amina = queries.notes.note(desk.id, due, desk.school.amina)
        assert amina is not None
        old = Addition("old", amina.id, seal_words(desk.id, due, Spoken((), (), "x")), now())
    clock.shift(60)
    ask(app, desk, due, desk.head)
    with locked(app, Store.SAFEGUARDING):
        add(app, desk, due)
    for press, who in ((agree, desk.chair), (ask, desk.chair)):
        with pytest.raises(Refused, match="More was told just now"):
            press(app, desk, due, who)
    with app.app_context():
        drain(desk.id)
    assert facts(app, desk, due).state == "open"
    with app.app_context():
        handle.close(desk.id, facts(app, desk, due), CLOSING, by=by(desk.head))
    clock.shift(TWO_YEARS)
    ask(app, desk, due, desk.head)
    agree(app, desk, due, desk.chair)
    with app.app_context():
        spool.put(desk.id, "old", spool.ADDED, due, old.as_content())
        drain(desk.id)
        assert spool.waiting(desk.id) == []
    assert facts(app, desk, due).state == "erased"


def test_a_hold_stops_both_and_its_reason_is_sealed(app: Flask, desk: AtDesk, due: str) -> None:
    ask(app, desk, due, desk.head)
    concern = facts(app, desk, due)
    with app.app_context():
        retention.hold(desk.id, concern, "The police asked.", by=by(desk.school.lane))
        with pytest.raises(Refused):
            retention.hold(desk.id, concern, "Again.", by=by(desk.school.lane))
    assert on_the_list(app, desk) == [due]
    for press, who in ((agree, desk.chair), (ask, desk.chair)):
        with pytest.raises(Refused, match="hold"):
            press(app, desk, due, who)
    with app.app_context():
        texts = [entry.text for entry in queries.desk.chronology(desk.id, concern)]
        assert "Reason: The police asked." in texts
        retention.release(desk.id, concern, "They need it no more.", by=by(desk.head))
    with pytest.raises(Refused, match="ran out"):
        agree(app, desk, due, desk.chair)
    ask(app, desk, due, desk.head)
    agree(app, desk, due, desk.chair)


def test_one_person_never_erases_and_an_asking_runs_out(
    app: Flask, desk: AtDesk, due: str, clock: time_machine.Traveller
) -> None:
    with pytest.raises(Refused, match="ran out"):
        agree(app, desk, due, desk.chair)
    ask(app, desk, due, desk.head)
    with pytest.raises(Refused, match="yourself"):
        agree(app, desk, due, desk.head)
    with pytest.raises(Refused, match="already"):
        ask(app, desk, due, desk.chair)
    clock.shift(timedelta(days=14, seconds=1))
    with pytest.raises(Refused, match="ran out"):
        agree(app, desk, due, desk.chair)
    ask(app, desk, due, desk.chair)
    clock.shift(timedelta(days=14))
    agree(app, desk, due, desk.head)


def test_two_people_erase_it_and_a_certificate_is_left(app: Flask, desk: AtDesk, due: str) -> None:
    ask(app, desk, due, desk.head)
    concern = facts(app, desk, due)
    agree(app, desk, due, desk.chair)
    after = facts(app, desk, due)
    assert after.state == "erased"
    here = viewer(app, desk, desk.school.lane)
    with app.app_context():
        assert [one.spoken for one in queries.desk.said(desk.id, after)] == [None]
        told = queries.retention.certificate(desk.id, after)
        assert told is not None
        assert (told.asked_by, told.agreed_by) == (desk.head, desk.chair)
        assert (told.asked_because, told.agreed_because) == (Ground.SCHEDULE, Ground.LAW)
        assert (told.keys, told.years) == (1, 1)
        assert queries.notes.notes(desk.id, desk.school.amina) == []
        assert queries.desk.concerns(desk.id, here, state="closed") == []
        assert queries.retention.erased(desk.id, here) == [(due, told.erased_at)]
        with pytest.raises(KeyMissing):
            handle.record(desk.id, concern, Kind.NOTE, "too late", by=by(desk.head))
        with writing(Store.SAFEGUARDING) as session:
            assert (
                session.scalars(select(ConcernKey).where(ConcernKey.school_id == desk.id)).all()
                == []
            )
            newest = (
                select(Link.holds).where(Link.school_id == desk.id).order_by(Link.number.desc())
            )
            assert GONE in (session.scalars(newest.limit(1)).one())
    later = tell(app, desk)
    with app.app_context():
        assert queries.desk.earlier(desk.id, here, facts(app, desk, later)) == 0


def test_what_was_sealed_just_before_it_was_erased_is_not_lost_in_silence(
    app: Flask, desk: AtDesk, due: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(app, desk, due, desk.head)
    concern = facts(app, desk, due)
    with app.app_context():
        sealed = handle._seal(desk.id, concern, "A note, typed meanwhile.")
        agree(app, desk, due, desk.chair)
        monkeypatch.setattr(handle, "_seal", lambda *given: sealed)
        with pytest.raises(KeyMissing):
            handle.reopen(desk.id, concern, "why", by=by(desk.head))
    assert facts(app, desk, due).state == "erased"


def test_for_whom_it_is_about_there_is_neither_a_list_nor_an_erasure(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = closed(app, desk, about=(desk.school.lane,))
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    assert on_the_list(app, desk) == []
    assert on_the_list(app, desk, desk.head) == [reference]
    concern = facts(app, desk, reference, desk.head)
    with app.app_context():
        able = retention.others_who_may_agree(desk.id, concern, desk.head)
        assert [adult.id for adult in able] == [desk.chair]
    ask(app, desk, reference, desk.head)
    with app.app_context(), pytest.raises(Refused):
        retention.agree_to_erase(desk.id, concern, Ground.LAW, by=by(desk.school.lane))
    agree(app, desk, reference, desk.chair)
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        assert queries.desk.concern(desk.id, lane, reference) is None
        assert queries.retention.erased(desk.id, lane) == []


def test_it_takes_two_whom_it_is_not_about(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = closed(app, desk, about=(desk.school.lane, desk.head))
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.chair)
    clock.shift(TWO_YEARS)
    with pytest.raises(Refused, match="takes two"):
        ask(app, desk, reference, desk.chair)


def test_one_person_with_two_accounts_erases_nothing(
    app: Flask, desk: AtDesk, due: str, clock: time_machine.Traveller
) -> None:
    """Whoever asks could have made the second account, or a link to another's, just before."""
    lane = desk.school.lane
    with app.app_context():
        details = Details("Ann Other", "Miss Other", "other@example.sch.uk")
        other = accounts.add_adult(desk.id, lane, details, roles=[Role.DEPUTY]).staff_id
        sign_ins.begin_for_staff(desk.id, other, now())
        wait_for_no_word(desk.id, other)
        accounts.make_link(desk.id, lane, desk.head)
    clock.shift(timedelta(days=13))
    ask(app, desk, due, lane)
    with pytest.raises(Refused, match="confirm that it is you"):
        ask(app, desk, due, desk.head)
    for who in (other, desk.head):
        with pytest.raises(Refused, match="14 days"):
            agree(app, desk, due, who)
    clock.shift(timedelta(days=1))
    with pytest.raises(Refused, match="confirmed that it is you"):
        agree(app, desk, due, desk.head)
    with app.app_context():
        wait_for_no_word(desk.id, desk.head)
    agree(app, desk, due, desk.head)
    assert facts(app, desk, due).state == "erased"


def test_nothing_is_erased_while_something_that_was_told_cannot_be_read(
    app: Flask, desk: AtDesk, due: str
) -> None:
    with app.app_context():
        note = queries.notes.note(desk.id, due, desk.school.amina)
        assert note is not None
        with locked(app, Store.SAFEGUARDING):
            add_words(desk.id, note, "He did it again.", "once")
        pile = spool.pile_here()
        (name,) = pile.names()
        pile.set_aside(name)
    with pytest.raises(Refused, match="cannot be read just now"):
        ask(app, desk, due, desk.head)

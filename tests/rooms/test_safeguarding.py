"""Concerns: kept once, sealed, seen by the right adults and by nobody else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.base import clock, ids
from app.base.database import Store, file_of, writing
from app.base.errors import KeyMissing, Refused
from app.people.viewers import StaffHere
from app.prepare import Prepared
from app.safeguarding import draft_files, queries
from app.safeguarding.actions import drafts, handle
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.actions.handle import By
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Closing, Kind, Told, Urgency
from app.safeguarding.tables import Entry, Words
from app.safeguarding.words import key_name
from tests.at_desk import WORDS, AtDesk, school_with_team, tell, viewer


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def facts_for(app: Flask, who: StaffHere, reference: str) -> ConcernFacts | None:
    with app.app_context():
        return queries.desk.concern(who.school_id, who, reference)


def opened(app: Flask, desk: AtDesk, reference: str) -> tuple[StaffHere, ConcernFacts]:
    lane = viewer(app, desk, desk.school.lane)
    facts = facts_for(app, lane, reference)
    assert facts is not None
    with app.app_context():
        handle.open_concern(desk.id, facts, lane.id)
    return lane, facts


def test_what_a_child_told_comes_back_exactly_as_it_was_said(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, happened=("secret",), feelings=("worried",))
    _, facts = opened(app, desk, reference)
    with app.app_context():
        (said,) = queries.desk.said(desk.id, facts)
    assert said.spoken is not None
    assert said.spoken.words == WORDS
    assert said.spoken.kinds == ("Someone said “keep a secret”",)
    assert said.spoken.feels == ("worried",)


def test_the_same_telling_sent_twice_is_one_concern(app: Flask, desk: AtDesk) -> None:
    telling = Telling(once=ids.new_token(), told=Told(words="hello"), pupil_id=desk.school.amina)
    with app.app_context():
        first = file_concern(desk.id, telling)
        assert file_concern(desk.id, telling) == first
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        assert len(queries.desk.concerns(desk.id, lane)) == 1


def test_two_tellings_of_the_same_words_are_two_concerns(app: Flask, desk: AtDesk) -> None:
    assert tell(app, desk) != tell(app, desk)


def test_references_are_never_a_sequence(app: Flask, desk: AtDesk) -> None:
    found = [tell(app, desk) for _ in range(5)]
    assert all(len(one) == 7 and one.startswith("C-") for one in found)
    assert found != sorted(found) or found != sorted(found, reverse=True)
    assert len(set(found)) == 5


def test_a_secret_kept_from_mum_is_read_at_once(app: Flask, desk: AtDesk) -> None:
    _, urgent = opened(app, desk, tell(app, desk, happened=("secret", "unkind")))
    _, calm = opened(app, desk, tell(app, desk, happened=("unkind",)))
    assert (urgent.urgency, calm.urgency) == (Urgency.ACT_NOW, Urgency.TODAY)


def test_the_whole_team_sees_a_concern_and_a_teacher_only_what_was_sent_to_them(
    app: Flask, desk: AtDesk
) -> None:
    school = desk.school
    to_okafor, to_nobody = tell(app, desk, to=(school.okafor,)), tell(app, desk)
    for member in (school.lane, desk.head, desk.chair):
        who = viewer(app, desk, member)
        assert facts_for(app, who, to_okafor)
        assert facts_for(app, who, to_nobody)
    okafor = viewer(app, desk, school.okafor)
    assert facts_for(app, okafor, to_okafor)
    assert facts_for(app, okafor, to_nobody) is None


def test_an_adult_whom_it_is_about_sees_no_row_count_or_notice(app: Flask, desk: AtDesk) -> None:
    school = desk.school
    quiet = tell(app, desk)
    about = tell(app, desk, about=(school.lane,), to=(school.lane,))
    lane = viewer(app, desk, school.lane)
    assert facts_for(app, lane, about) is None
    seen = facts_for(app, lane, quiet)
    assert seen is not None
    with app.app_context():
        assert [one.reference for one in queries.desk.concerns(desk.id, lane)] == [quiet]
        assert queries.desk.earlier(desk.id, lane, seen) == 0
    head = viewer(app, desk, desk.head)
    facts = facts_for(app, head, about)
    assert facts is not None
    with app.app_context():
        assert queries.desk.earlier(desk.id, head, facts) == 1
        assert school.lane not in queries.desk.who_was_told(desk.id, facts, {})


def test_a_concern_without_a_name_goes_to_the_class_and_the_team(app: Flask, desk: AtDesk) -> None:
    school = desk.school
    with app.app_context():
        of_class = file_concern(desk.id, Telling("a", Told(words="x"), class_id=school.hazel))
        of_none = file_concern(desk.id, Telling("b", Told(words="x")))
    okafor, lane = viewer(app, desk, school.okafor), viewer(app, desk, school.lane)
    assert facts_for(app, okafor, of_class)
    assert facts_for(app, okafor, of_none) is None
    assert facts_for(app, lane, of_none)


def test_an_adult_of_another_school_sees_nothing(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        assert queries.desk.concern("another-school", lane, reference) is None
        assert queries.desk.concerns("another-school", lane) == []


def test_opening_is_recorded_before_anything_is_shown_and_the_child_can_see_it(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk)
    with app.app_context():
        (before,) = queries.notes.notes(desk.id, desk.school.amina)
    opened(app, desk, reference)
    opened(app, desk, reference)
    with app.app_context():
        (after,) = queries.notes.notes(desk.id, desk.school.amina)
    assert before.read_by == ()
    assert [staff_id for staff_id, _ in after.read_by] == [desk.school.lane]


def test_an_answer_reaches_the_child_and_a_note_does_not(app: Flask, desk: AtDesk) -> None:
    lane, facts = opened(app, desk, tell(app, desk))
    with app.app_context():
        handle.record(desk.id, facts, Kind.NOTE, "Rang home.", by=By(lane.id, "1"))
        handle.record(desk.id, facts, Kind.ANSWER, "I will find you.", by=By(lane.id, "2"))
        (note,) = queries.notes.notes(desk.id, desk.school.amina)
    assert [answer.text for answer in note.answers] == ["I will find you."]


def test_a_double_click_adds_one_entry(app: Flask, desk: AtDesk) -> None:
    lane, facts = opened(app, desk, tell(app, desk))
    with app.app_context():
        for _ in range(2):
            handle.record(desk.id, facts, Kind.NOTE, "Rang home.", by=By(lane.id, "same press"))
        entries = queries.desk.chronology(desk.id, facts)
    assert [entry.kind for entry in entries].count(Kind.NOTE) == 1


def test_the_chronology_is_newest_first(app: Flask, desk: AtDesk) -> None:
    lane, facts = opened(app, desk, tell(app, desk))
    with app.app_context():
        handle.record(desk.id, facts, Kind.NOTE, "Later.", by=By(lane.id, "1"))
        kinds = [entry.kind for entry in queries.desk.chronology(desk.id, facts)]
    assert kinds == [Kind.NOTE, Kind.OPENED, Kind.TOLD]


def test_sharing_lets_a_named_adult_in_but_never_one_it_is_about(app: Flask, desk: AtDesk) -> None:
    school = desk.school
    lane, facts = opened(app, desk, tell(app, desk, about=(desk.head,)))
    with app.app_context():
        with pytest.raises(Refused, match="about that adult"):
            handle.share(desk.id, facts, desk.head, "asked", by=By(lane.id, "1"))
        handle.share(desk.id, facts, school.okafor, "teaches her", by=By(lane.id, "2"))
    assert facts_for(app, viewer(app, desk, school.okafor), facts.reference)


def test_closing_keeps_what_was_done_decided_why_and_the_outcome(app: Flask, desk: AtDesk) -> None:
    lane, facts = opened(app, desk, tell(app, desk))
    closing = Closing("Spoke.", "No further step.", "She is safe.", "Settled.", child_told=True)
    with app.app_context():
        handle.close(desk.id, facts, closing, by=By(lane.id, "1"))
        assert queries.desk.concerns(desk.id, lane) == []
        (closed,) = queries.desk.concerns(desk.id, lane, state="closed")
        newest = queries.desk.chronology(desk.id, closed)[0]
        assert newest.text is not None
        handle.reopen(desk.id, closed, "More was said.", by=By(lane.id, "2"))
        assert len(queries.desk.concerns(desk.id, lane)) == 1
    for part in ("Spoke.", "No further step.", "She is safe.", "Settled.", "has been told"):
        assert part in newest.text


def test_what_a_child_adds_opens_a_closed_concern_and_tells_everybody_again(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk)
    lane, facts = opened(app, desk, reference)
    with app.app_context():
        handle.close(
            desk.id, facts, Closing("a", "b", "c", "d", child_told=True), by=By(lane.id, "1")
        )
        note = queries.notes.note(desk.id, reference, desk.school.amina)
        assert note is not None
        for _ in range(2):
            add_words(desk.id, note, "It happened again.", "same press")
        (again,) = queries.desk.concerns(desk.id, lane)
        said = queries.desk.said(desk.id, again)
    assert again.new_to_me
    assert [one.spoken.words for one in said if one.spoken] == [WORDS, "It happened again."]


def test_without_the_private_key_telling_works_and_reading_waits(
    app: Flask, prepared: Prepared, desk: AtDesk, tmp_path: Path
) -> None:
    key = prepared.keys.file(key_name(desk.id, 1))
    key.rename(tmp_path / "away")
    reference = tell(app, desk)
    lane, facts = opened(app, desk, reference)
    with app.app_context():
        assert not queries.keys.reading_works(desk.id)
        assert [one.spoken for one in queries.desk.said(desk.id, facts)] == [None]
        with pytest.raises(KeyMissing):
            handle.record(desk.id, facts, Kind.NOTE, "x", by=By(lane.id, "1"))
        note = queries.notes.note(desk.id, reference, desk.school.amina)
        assert note is not None
        add_words(desk.id, note, "And again.", "once")
    (tmp_path / "away").rename(key)
    with app.app_context():
        assert queries.keys.reading_works(desk.id)
        words = [one.spoken.words for one in queries.desk.said(desk.id, facts) if one.spoken]
    assert words == [WORDS, "And again."]


def test_another_schools_key_reads_nothing(app: Flask, prepared: Prepared, desk: AtDesk) -> None:
    tell(app, desk)
    key = prepared.keys.file(key_name(desk.id, 1))
    key.write_text("ab" * 32)
    with app.app_context():
        assert not queries.keys.reading_works(desk.id)


@pytest.mark.parametrize("change", ["UPDATE {} SET sealed = x'00'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["words", "entry"])
def test_nobody_can_change_or_delete_what_was_said(
    app: Flask, prepared: Prepared, desk: AtDesk, table: str, change: str
) -> None:
    tell(app, desk)
    file = file_of(prepared.folders.data, Store.SAFEGUARDING)
    with (
        sqlite3.connect(file) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        connection.execute(change.format(table))


def test_the_apps_own_code_cannot_change_words_either(app: Flask, desk: AtDesk) -> None:
    tell(app, desk)
    for table, change in ((Words, {"sealed": b"x"}), (Entry, {"kind": "note"})):
        with (
            app.app_context(),
            pytest.raises(IntegrityError, match="never changed"),
            writing(Store.SAFEGUARDING) as session,
        ):
            session.query(table).update(change)


def test_nothing_a_child_or_adult_wrote_lies_readable_on_the_disk(
    app: Flask, prepared: Prepared, desk: AtDesk
) -> None:
    lane, facts = opened(app, desk, tell(app, desk, words="canary-words-told"))
    with app.app_context():
        handle.record(desk.id, facts, Kind.NOTE, "canary-note", by=By(lane.id, "1"))
        drafts.keep_draft(desk.id, "draft", b"sealed")
    for file in prepared.folders.data.rglob("*"):
        if file.is_file():
            found = file.read_bytes()
            assert b"canary-words-told" not in found
            assert b"canary-note" not in found


@pytest.mark.tampers
def test_words_pasted_into_another_concern_do_not_open(
    app: Flask, prepared: Prepared, desk: AtDesk
) -> None:
    tell(app, desk, words="one")
    reference = tell(app, desk, words="two")
    with sqlite3.connect(file_of(prepared.folders.data, Store.SAFEGUARDING)) as connection:
        connection.execute("DROP TRIGGER words_never_changes")
        connection.execute(
            "UPDATE words SET sealed = (SELECT sealed FROM words WHERE id = 1) WHERE id = 2"
        )
    _, facts = opened(app, desk, reference)
    with app.app_context():
        assert [one.spoken for one in queries.desk.said(desk.id, facts)] == [None]


def test_a_draft_ends_after_a_day_and_when_it_is_sent(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        drafts.keep_draft(desk.id, "print", b"sealed")
        later = clock.now() + draft_files.LASTS
        assert queries.drafts.draft(desk.id, "print", clock.now()) == b"sealed"
        assert queries.drafts.draft(desk.id, "print", later) is None
        file_concern(desk.id, Telling("k", Told(), draft="print"))
        assert queries.drafts.draft(desk.id, "print", clock.now()) is None

"""The record is as Catkin wrote it, or the look says what somebody did to it, and where.

The thief of these tests has the file: drops its guards, writes to it, and puts the guards back.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.base.database import Store, db, engine_of, file_of
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder
from app.cli.verify import verify
from app.config import Settings
from app.content.catalogue import Catalogue
from app.content.editions import FOLDER, Editions
from app.prepare import Prepared
from app.safeguarding import queries
from app.safeguarding.actions import handle
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.handle import By
from app.safeguarding.actions.look_now import worst_now
from app.safeguarding.actions.retention import set_years
from app.safeguarding.chain import (
    GUARD_HELD,
    chain_key_name,
    first_link_name,
    head_of,
    note_down,
    recording,
)
from app.safeguarding.faults import NAMES, What
from app.safeguarding.held import (
    BY_TABLE,
    FORM,
    GONE,
    MAY_CHANGE,
    SINCE,
    digest_of,
    mac_of,
    shape_of,
    written,
)
from app.safeguarding.proof import Found, Known, known_head
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Closing, Kind
from app.safeguarding.tables import ConcernKey, Words
from tests.at_desk import AtDesk, school_with_team, tell, viewer
from tests.at_school import TEN
from tests.on_paper import printed
from tests.proving import proved, tampering
from tests.quick import first_start, started_before

pytestmark = pytest.mark.tampers

ASKED = Namespace(head=[], backup=[])


@dataclass
class Record:
    """A school where three children told, and adults wrote down what they did."""

    app: Flask
    desk: AtDesk
    data: Path
    keys: Path
    references: list[str]

    @property
    def file(self) -> Path:
        """The database."""
        return file_of(self.data, Store.SAFEGUARDING)

    def look(self, *heads: str) -> Found:
        """What a look finds now, beside heads that were kept on paper."""
        known: list[Known] = [known_head(head, "the paper") for head in heads]
        return proved(self.data, self.desk.id, self.keys, known)

    def found(self, *heads: str) -> list[tuple[What, str]]:
        """What is wrong, by kind and sentence."""
        return [(fault.what, fault.says) for fault in self.look(*heads).faults]

    def head(self) -> str:
        """The newest head."""
        head = self.look().head
        assert head is not None
        return head

    def ask(self, question: str, *values: object) -> list[Any]:
        """What the file answers."""
        with closing(sqlite3.connect(self.file)) as file:
            return file.execute(question, values).fetchall()

    def facts(self, reference: str) -> ConcernFacts:
        """A concern, as the DSL may know it. In the app's context."""
        lane = viewer(self.app, self.desk, self.desk.school.lane)
        facts = queries.desk.concern(self.desk.id, lane, reference)
        assert facts is not None
        return facts


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, read_once: Catalogue) -> Record:
    """The school, made once; each test has a copy of it."""
    folder = tmp_path_factory.mktemp("school")
    started_before(folder / "data", folder / "keys")
    with time_machine.travel(TEN, tick=False):
        app = create_app(prepared_in(folder, read_once), testing=True)
        desk = school_with_team(app)
        references = [tell(app, desk, words=words) for words in ("one", "two", "three")]
        made = Record(app, desk, folder / "data", folder / "keys", references)
        with app.app_context():
            _handled(made)
            for store in Store:
                engine_of(store).dispose()
    return made


def prepared_in(folder: Path, content: Catalogue) -> Prepared:
    """Folders as a first start made them."""
    data, keys = folder / "data", folder / "keys"
    return replace(
        first_start(),
        settings=Settings(data_dir=data, keys_dir=keys),
        folders=replace(first_start().folders, data=data, keys=keys),
        keys=KeyFolder(keys),
        editions=Editions(data / FOLDER, content),
    )


def _handled(made: Record) -> None:
    here, lane = made.desk.id, made.desk.school.lane
    for reference in made.references[:2]:
        facts = made.facts(reference)
        handle.open_concern(here, facts, lane)
        handle.record(here, facts, Kind.NOTE, "Rang.", by=By(lane, f"1 {reference}"))
    closing = Closing("a", "b", "c", "d", child_told=True)
    handle.close(here, facts, closing, by=By(lane, "2"))
    note = queries.notes.note(here, made.references[1], made.desk.school.amina)
    assert note is not None
    add_words(here, note, "And again.", "adding")
    printed(made.app, made.desk)
    note_down(here, "tested", "")


@pytest.fixture
def record(built: Record, tmp_path: Path, read_once: Catalogue) -> Iterator[Record]:
    for name in ("data", "keys"):
        copytree(built.data.parent / name, tmp_path / name)
    app = create_app(prepared_in(tmp_path, read_once), testing=True)
    yield Record(app, built.desk, tmp_path / "data", tmp_path / "keys", built.references)
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def forge(file: sqlite3.Connection, school_id: str, first: int, *, signed: bool = True) -> None:
    """Make the links anew from the first on, by somebody who knows all of Catkin but its key."""
    asked = "SELECT number, holds, made_at, digest FROM link WHERE number >= ? ORDER BY number"
    before = file.execute("SELECT digest FROM link WHERE number = ?", [first - 1]).fetchone()
    digest = before[0] if before else b""
    for number, holds, made_at, _ in file.execute(asked, [first]).fetchall():
        digest = digest_of(digest, school_id, number, holds, made_at)
        mac = b"\x07" * 32 if signed else None
        file.execute("UPDATE link SET digest = ?, mac = ? WHERE number = ?", [digest, mac, number])


def test_all_is_well_and_the_look_says_how_much_it_saw(record: Record) -> None:
    found, head = record.look(), record.head()
    held = [model.__tablename__ for model in MAY_CHANGE]
    rows = sum(record.ask(f"SELECT count(*) FROM {table}")[0][0] for table in held)
    assert found.faults == []
    assert (found.links, found.rows) == (record.ask("SELECT count(*) FROM link")[0][0], rows)
    assert record.look(head).heads == 1
    assert record.look(head.partition("-")[2], head.upper()).heads == 2
    with record.app.app_context():
        newest = head_of(db.session(), record.desk.id)
    assert newest is not None
    assert newest.short == head


EDITS = {
    "a child's words": ("UPDATE words SET sealed = x'00' WHERE id = 1", "words (words 1)", 1),
    "the digest of the words in their place": (
        "UPDATE words SET sealed = (SELECT lower('{sha}')) WHERE id = 1",
        "words (words 1)",
        1,
    ),
    "who told": ("UPDATE concern SET pupil_id = 'other' WHERE id = 2", "itself (concern 2)", 2),
    "when": ("UPDATE concern SET told_at = '2026-01-01 10:00:00.000000' WHERE id = 2", "", 2),
    "how soon": ("UPDATE concern SET urgency = 'never' WHERE id = 1", "In question: urgency.", 1),
    "the state": ("UPDATE concern SET state = 'closed' WHERE id = 3", "In question: state.", 3),
    "a key": ("UPDATE concern_key SET wrapped = x'00'", "In question: wrapped.", 1),
    "who wrote it": ("UPDATE entry SET staff_id = 'x' WHERE kind = 'note'", "entry", 1),
    "who was told": ("UPDATE notice SET opened_at = NULL WHERE concern_id = 1", "opened_at", 1),
    "who looked": ("UPDATE view SET staff_id = 'x' WHERE id = 1", "(view 1)", 1),
    "another kind of value": ("UPDATE entry SET kind = x'746f6c64' WHERE id = 1", "(entry 1)", 1),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edited_row_is_named_with_its_concern_and_its_link(record: Record, what: str) -> None:
    change, says, concern = EDITS[what]
    ((sealed,),) = record.ask("SELECT sealed FROM words WHERE id = 1")
    with tampering(record.data) as file:
        file.execute(change.format(sha=hashlib.sha256(sealed).hexdigest()))
    found = record.found()
    assert {kind for kind, _ in found} == {What.EDITED}
    reference = record.references[concern - 1]
    named = [line for _, line in found if line.startswith(f"Concern {reference}: ")]
    assert named
    assert says in named[0]
    assert " is not as link " in named[0]


def test_an_edit_stays_named_though_catkin_writes_to_the_same_row_again(record: Record) -> None:
    with tampering(record.data) as file:
        file.execute("UPDATE concern SET pupil_id = 'other', urgency = 'never' WHERE id = 1")
    with record.app.app_context():
        closing = Closing("a", "b", "c", "d", child_told=True)
        by = By(record.desk.school.lane, "later")
        # The queue cannot read an urgency that is none, so the thief's eyes are borrowed.
        with suppress(ValueError):
            record.facts(record.references[0])
        facts = record.facts(record.references[2])
        object.__setattr__(facts, "id", 1)
        object.__setattr__(facts, "reference", record.references[0])
        handle.close(record.desk.id, facts, closing, by=by)
    ((what, says),) = record.found()
    assert what is What.EDITED
    assert "In question: urgency." in says
    assert "It was so already when link" in says


@pytest.mark.parametrize(
    "table", ["words", "entry", "view", "concern", "audit", "concern_key", "notice"]
)
def test_a_deleted_row_is_named(record: Record, table: str) -> None:
    with tampering(record.data) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute(f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})")
    ((what, says),) = record.found()
    assert what is What.DELETED
    assert f"({table} " in says
    assert "it was deleted past Catkin" in says
    assert table == "audit" or " C-" in says or "number 1" in says


def test_a_row_that_was_added_is_named(record: Record) -> None:
    with tampering(record.data) as file:
        file.execute(
            "INSERT INTO concern_person SELECT 1, 'spy', school_id, 'the child chose', made_at"
            " FROM entry WHERE id = 1"
        )
    ((what, says),) = record.found()
    assert what is What.ADDED
    assert says.startswith(f"Concern {record.references[0]}: an adult who may see it")


SWAPS = {
    "two concerns": ("concern", "id", "foreign"),
    "two pieces of words": ("words", "id", ""),
    "what two pieces say": ("words", "sealed", ""),
    "two data keys": ("concern_key", "id", ""),
    "what two keys are wrapped to": ("concern_key", "wrapped", ""),
}


@pytest.mark.parametrize("what", SWAPS)
def test_two_swapped_rows_are_named_as_swapped(record: Record, what: str) -> None:
    table, column, _ = SWAPS[what]
    with tampering(record.data) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        (_, one), (_, other) = file.execute(
            f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 2"
        ).fetchall()
        free = {"id": -1, "sealed": b"", "wrapped": b""}[column]
        change = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"
        for new, old in ((free, one), (one, other), (other, free)):
            file.execute(change, [new, old])
    ((kind, says),) = record.found()
    assert kind is What.SWAPPED
    assert "stand in each other’s place" in says


def test_links_that_were_cut_off_are_told_by_a_head_that_was_kept(record: Record) -> None:
    head, (early,) = record.head(), [record.ask("SELECT max(number) FROM link")[0][0] - 1]
    with tampering(record.data) as file:
        file.execute("DELETE FROM audit WHERE kind = 'tested'")
        file.execute("DELETE FROM link WHERE number > ?", [early])
    assert record.found() == []
    for kept in (head, head.partition("-")[2]):
        ((what, says),) = record.found(kept)
        assert what is What.CUT
        assert f"The newest link is {early}" in says


@pytest.mark.parametrize("signed", [True, False])
def test_links_that_were_made_anew_do_not_fit_the_key(record: Record, signed: bool) -> None:
    with tampering(record.data) as file:
        row = "SELECT holds FROM link WHERE number = 4"
        file.execute("UPDATE view SET staff_id = 'nobody' WHERE id = 1")
        old = shape_digest(record, "view")
        ((holds,),) = file.execute(row).fetchall()
        file.execute("UPDATE link SET holds = ? WHERE number = 4", [holds.replace(old[0], old[1])])
        forge(file, record.desk.id, 4, signed=signed)
    (what, says), *more = record.found()
    assert what is (What.REWRITTEN if signed else What.UNSIGNED)
    assert says.startswith("Links 4 to ")
    # A paper was printed after link 4, which Catkin never writes down unsigned.
    assert {kind for kind, _ in more} == (set() if signed else {What.UNLAWFUL})
    kinds = {kind for kind, _ in record.found(record.head().replace("none", "0" * 16))}
    assert What.REWRITTEN in kinds


def shape_digest(record: Record, table: str) -> tuple[str, str]:
    """The digest of a view as it was and as a thief would have it."""
    shape = shape_of(table)
    columns = ", ".join(shape.fixed)
    (row,) = record.ask(f"SELECT {columns} FROM {table} WHERE id = 1")
    forged = [("nobody" if n == "staff_id" else v) for n, v in zip(shape.fixed, row, strict=True)]
    return shape.digest(row), shape.digest(forged)


def test_a_whole_chain_made_anew_is_found_without_any_head(record: Record) -> None:
    head = record.head()
    with tampering(record.data) as file:
        forge(file, record.desk.id, 1)
    assert {what for what, _ in record.found()} == {What.REWRITTEN}
    assert {what for what, _ in record.found(head)} == {What.REWRITTEN}


def test_a_chain_that_was_emptied_is_told_though_catkin_begins_another(record: Record) -> None:
    with tampering(record.data) as file:
        file.execute("DELETE FROM link")
        file.execute("UPDATE concern SET pupil_id = 'other' WHERE id = 1")
    assert [what for what, _ in record.found()] == [What.CUT]
    with record.app.app_context():
        note_down(record.desk.id, "tested", "")
    assert [what for what, _ in record.found()] == [What.BEGUN_ANEW]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("DELETE FROM link WHERE number IN (3, 4)", "Links 3 to 4 are missing"),
        ("UPDATE link SET holds = '[1,[]]' WHERE number = 3", "Link 3 of "),
        ("UPDATE link SET holds = 'x' WHERE number = 3", "Link 3 cannot be read"),
        ("UPDATE link SET made_at = '2020' WHERE number = 3", "Link 3 of "),
        ("UPDATE link SET digest = 'x' WHERE number = 3", "Link 3 of "),
        ("UPDATE link SET mac = x'00' WHERE number = 3", "Link 3, from "),
        ("UPDATE link SET number = 'x' WHERE number = 3", "whose number is none"),
    ],
)
def test_a_link_that_was_touched_is_named(record: Record, change: str, what: str) -> None:
    with tampering(record.data) as file:
        file.execute(change)
    assert any(what in says for _, says in record.found())


def test_a_key_that_is_away_or_anothers_is_told_from_an_altered_chain(record: Record) -> None:
    head, key = record.head(), record.keys / f"{chain_key_name(record.desk.id)}.key"
    right = key.read_text()
    key.unlink()
    with record.app.app_context():
        note_down(record.desk.id, "tested", "")
    assert {what for what, _ in record.found()} == {What.NO_KEY, What.UNSIGNED}
    key.write_text("ab" * 32)
    assert What.REWRITTEN in {what for what, _ in record.found()}
    assert What.OTHER_KEY in {what for what, _ in record.found(head)}
    key.write_text(right)
    with record.app.app_context():
        note_down(record.desk.id, "tested", "")
    ((what, says),) = record.found(head)
    assert what is What.UNSIGNED
    assert says.startswith("Link 12: no signature")


def test_a_data_key_is_destroyed_by_law_and_never_put_back(record: Record) -> None:
    (row,) = record.ask("SELECT * FROM concern_key WHERE concern_id = 1")
    with record.app.app_context(), recording(record.desk.id) as session:
        key = session.query(ConcernKey).filter_by(school_id=record.desk.id, concern_id=1).one()
        session.delete(key)
    assert record.found() == []
    with tampering(record.data) as file:
        file.execute("INSERT INTO concern_key VALUES (?, ?, ?, ?, ?, ?)", row)
    ((what, says),) = record.found()
    assert what is What.ADDED
    assert "was destroyed" in says


def test_a_key_that_a_link_destroys_which_nobody_signed_is_named(record: Record) -> None:
    """The thief has no key, and dates the link back so that it looks old."""
    with tampering(record.data) as file:
        asked = "SELECT id FROM concern_key WHERE concern_id = 1"
        ((key_id,),) = file.execute(asked).fetchall()
        file.execute("DELETE FROM concern_key WHERE id = ?", [key_id])
        asked = "SELECT number, digest, made_at FROM link WHERE number IN (1, ?) ORDER BY number"
        (first, (last, digest, _)) = file.execute(asked, [record.look().links]).fetchall()
        holds = written([["concern_key", [key_id], GONE, {}, 1]])
        forged = digest_of(digest, record.desk.id, last + 1, holds, first[2])
        file.execute(
            "INSERT INTO link (school_id, number, holds, digest, made_at) VALUES (?, ?, ?, ?, ?)",
            [record.desk.id, last + 1, holds, forged, first[2]],
        )
    with time_machine.travel(TEN + timedelta(days=60), tick=False):
        assert worst_now(record.look().faults) is What.UNLAWFUL
        with record.app.app_context():
            note_down(record.desk.id, "tested", "")
    with time_machine.travel(TEN + timedelta(days=66), tick=False):
        found = record.look().faults
        assert worst_now(found) is What.UNLAWFUL
        assert worst_now(f for f in found if f.what is What.UNSIGNED) is What.UNSIGNED
        says = f"was changed or destroyed by link {last + 1}"
        assert any(says in fault.says for fault in found)


def test_while_the_chains_key_is_away_children_tell_and_no_key_is_destroyed(record: Record) -> None:
    (record.keys / f"{chain_key_name(record.desk.id)}.key").unlink()
    tell(record.app, record.desk)
    with record.app.app_context(), pytest.raises(KeyMissing), recording(record.desk.id) as session:
        session.delete(session.query(ConcernKey).filter_by(concern_id=1).one())
    assert {what for what, _ in record.found()} == {What.NO_KEY, What.UNSIGNED}


def test_what_a_guard_stops_in_catkin_itself_is_noted_in_the_chain(record: Record) -> None:
    for change in ("UPDATE words SET sealed = x'00'", "DELETE FROM words"):
        with (
            record.app.app_context(),
            pytest.raises(IntegrityError, match="never"),
            recording(record.desk.id) as session,
        ):
            session.execute(text(f"{change} WHERE school_id = :here"), {"here": record.desk.id})
    with record.app.app_context(), pytest.raises(IntegrityError), recording(record.desk.id) as all_:
        all_.query(Words).filter_by(school_id=record.desk.id).first().sealed = b"x"  # type: ignore[union-attr]
    noted = record.ask("SELECT kind, says FROM audit WHERE kind = ? ORDER BY id", GUARD_HELD)
    assert [says for _, says in noted] == [
        "guard=words is never changed",
        "guard=words is never deleted",
        "guard=words is never changed",
    ]
    assert record.found() == []


ALL = [
    (model.__tablename__, column)
    for model in MAY_CHANGE
    for column in (*model.__table__.columns.keys(), None)
    if model.__tablename__ != "schedule"
]
VALUES = st.one_of(st.none(), st.integers(-5, 5), st.text(max_size=8), st.binary(max_size=8))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.sampled_from(ALL), at=st.integers(0, 30), value=VALUES)
def test_any_change_of_any_row_is_named(
    record: Record, where: tuple[str, str | None], at: int, value: object
) -> None:
    """One cell is written over, or (with no column) one row deleted; `at` says in which row."""
    table, column = where
    whole = record.file.with_name("whole.db")
    if not whole.exists():
        with record.app.app_context():
            engine_of(Store.SAFEGUARDING).dispose()
        with closing(sqlite3.connect(record.file)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copyfile(record.file, whole)
    for beside in ("-wal", "-shm"):
        record.file.with_name(record.file.name + beside).unlink(missing_ok=True)
    copyfile(whole, record.file)
    asked = f"SELECT rowid, * FROM {table} ORDER BY rowid"
    before = record.ask(asked)
    if not before:
        return
    row = before[at % len(before)][0]
    with suppress(sqlite3.IntegrityError), tampering(record.data) as thief:
        thief.execute("PRAGMA foreign_keys = OFF")
        if column is None:
            thief.execute(f"DELETE FROM {table} WHERE rowid = ?", [row])
        else:
            thief.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [value, row])
    changed = record.ask(asked) != before
    assert bool(record.found()) is changed


def test_each_table_of_the_chain_has_a_name_for_people() -> None:
    assert NAMES.keys() == BY_TABLE.keys()


def test_the_form_of_a_link_is_for_ever() -> None:
    """A table of the chain that gets a column needs another FORM (see held.py)."""
    tables = [name for name in BY_TABLE if name not in SINCE]
    columns = [f"{table}.{name}" for table in tables for name in shape_of(table, 1).fixed]
    assert hashlib.sha256(" ".join(columns).encode()).hexdigest()[:16] == "e7052e71c3c6cbd8"
    assert shape_of("view", 1).digest([1, b"x", None, True, "é"])[:16] == "880c6e020e99c3de"


@pytest.mark.parametrize("table", ["concern", "words"])
def test_a_table_that_was_built_anew_without_its_key_is_named(
    record: Record, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    """A forged row and the true one under one number: whoever asks first gets the forged one."""
    columns = [name for (name,) in record.ask(f"SELECT name FROM pragma_table_info('{table}')")]
    forged = "pupil_id" if table == "concern" else "sealed"
    with tampering(record.data) as file:
        file.execute("PRAGMA legacy_alter_table = ON")
        file.execute(f"ALTER TABLE {table} RENAME TO was")
        file.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        changed = ["x'00'" if name == forged else name for name in columns]
        file.execute(f"INSERT INTO {table} SELECT {', '.join(changed)} FROM was WHERE id = 1")
        file.execute(f"INSERT INTO {table} SELECT * FROM was")
        file.execute("DROP TABLE was")
    found = record.found()
    assert {What.TWICE} <= {what for what, _ in found}
    assert any(f"({table} 1) stands there twice" in says for _, says in found)
    assert verify(Settings(data_dir=record.data, keys_dir=record.keys), ASKED) == 1
    assert f"The table {table} is not as Catkin made it" in capsys.readouterr().out


def test_a_strange_view_or_another_collation_is_named(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Settings(data_dir=record.data, keys_dir=record.keys)
    assert verify(here, ASKED) == 0
    with tampering(record.data) as file:
        file.execute("CREATE VIEW whoever AS SELECT 1")
        file.execute("DROP INDEX ix_words_concern_id")
        file.execute("PRAGMA writable_schema = ON")
        file.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'state VARCHAR', 'state VARCHAR COLLATE"
            " NOCASE') WHERE name = 'concern'"
        )
        file.execute("PRAGMA writable_schema = RESET")
    assert verify(here, ASKED) == 1
    said = capsys.readouterr().out
    assert "The table concern is not as Catkin made it: it is built anew past Catkin." in said
    assert "The index ix_words_concern_id is not as Catkin made it: it is missing." in said
    assert "There is a strange view whoever that is none of Catkin’s." in said


def test_a_chain_of_an_older_form_takes_up_the_notices_and_the_years(record: Record) -> None:
    """A chain begun before they were in it, as its own Catkin wrote and signed it."""
    here, key = record.desk.id, KeyFolder(record.keys).read(chain_key_name(record.desk.id))
    first = KeyFolder(record.keys).file(first_link_name(here))
    with tampering(record.data) as file:
        before = b""
        rows = file.execute("SELECT number, holds, made_at FROM link ORDER BY number").fetchall()
        for number, holds, made_at in rows:
            items = [item for item in json.loads(holds)[1] if item[0] not in SINCE]
            old = json.dumps([1, items], separators=(",", ":"))
            before = digest_of(before, here, number, old, made_at)
            file.execute(
                "UPDATE link SET holds = ?, digest = ?, mac = ? WHERE number = ?",
                [old, before, mac_of(key, before), number],
            )
            if number == 1:
                first.write_text(before.hex())
    assert record.found() == []
    with record.app.app_context():
        set_years(here, 7, by=record.desk.head)
        assert record.found() == []
        set_years(here, 8, by=record.desk.head)
        assert record.found() == []
        set_years(here, None, by=record.desk.head)
        set_years(here, 9, by=record.desk.head)
    assert record.found() == []
    ((newest,),) = record.ask("SELECT holds FROM link ORDER BY number DESC LIMIT 1")
    assert newest.startswith(f"[{FORM},")
    with tampering(record.data) as file:
        file.execute("DELETE FROM notice")
        file.execute("UPDATE schedule SET years = 40")
    found = record.found()
    assert {what for what, _ in found} == {What.EDITED, What.DELETED}
    assert any("a notice to an adult that it waits" in says for _, says in found)
    assert any("The years after which" in says for _, says in found)

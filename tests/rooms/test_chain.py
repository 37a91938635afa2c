"""The record is as Catkin wrote it, or the look says what somebody did to it, and where."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app.base import clock
from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.prepare import Prepared
from app.safeguarding import queries
from app.safeguarding.actions import handle
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.handle import By
from app.safeguarding.chain import chain_key_name, first_link_name, recording
from app.safeguarding.faults import What
from app.safeguarding.held import digest_of
from app.safeguarding.proof import Found, Known, known_head
from app.safeguarding.rules import Closing, Kind
from app.safeguarding.tables import Audit, ConcernKey
from tests.at_desk import AtDesk, school_with_team, tell, viewer
from tests.proving import proved, tampering

pytestmark = pytest.mark.tampers


@dataclass
class Record:
    """A school in which two children told, one more, and adults answered."""

    app: Flask
    desk: AtDesk
    data: Path
    keys: Path
    references: list[str]

    def look(self, *heads: Known) -> Found:
        """What a look finds now."""
        return proved(self.data, self.desk.id, self.keys, heads)

    def found(self, *heads: Known) -> list[tuple[What, str]]:
        """What is wrong, by kind and sentence."""
        return [(fault.what, fault.says) for fault in self.look(*heads).faults]

    def kinds(self, *heads: Known) -> set[What]:
        """What is wrong, by kind."""
        return {what for what, _ in self.found(*heads)}

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """What the file answers."""
        with sqlite3.connect(file_of(self.data, Store.SAFEGUARDING)) as file:
            return file.execute(question, values).fetchall()


@pytest.fixture
def record(app: Flask, prepared: Prepared) -> Record:
    desk = school_with_team(app)
    references = [tell(app, desk, words=words) for words in ("one", "two", "three")]
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        for reference in references[:2]:
            facts = queries.desk.concern(desk.id, lane, reference)
            assert facts is not None
            handle.open_concern(desk.id, facts, lane.id)
            handle.record(desk.id, facts, Kind.NOTE, "Rang home.", by=By(lane.id, reference))
        closing = Closing("a", "b", "c", "d", child_told=True)
        handle.close(desk.id, facts, closing, by=By(lane.id, "closing"))
        note = queries.notes.note(desk.id, references[1], desk.school.amina)
        assert note is not None
        add_words(desk.id, note, "And again.", "adding")
    folders = prepared.folders
    return Record(app, desk, folders.data, folders.keys, references)


def test_all_is_well_and_the_look_says_how_much_it_saw(record: Record) -> None:
    found = record.look()
    ((links,),) = record.ask("SELECT count(*) FROM link")
    held = ("concern", "concern_key", "words", "entry", "view", "concern_person", "audit")
    rows = sum(record.ask(f"SELECT count(*) FROM {table}")[0][0] for table in held)
    assert found.faults == []
    assert (found.links, found.rows) == (links, rows + 1)
    assert found.head is not None
    assert record.look(known_head(found.head, "paper")).heads == 1
    assert record.look(known_head(found.head.partition("-")[2], "paper")).heads == 1


"""What was sealed opens in its own place alone: not in another's, nor as it lay on an older day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.prepare import Prepared
from app.safeguarding import queries
from app.safeguarding.actions import handle
from app.safeguarding.actions.handle import By
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Kind
from app.safeguarding.words import WrappedKey, key_name, unwrap
from tests.at_desk import AtDesk, school_with_team, tell, viewer
from tests.proving import proved, tampering

pytestmark = pytest.mark.tampers
Do = Callable[[sqlite3.Connection], object]

OTHERS = "SELECT wrapped FROM w WHERE w.concern_id <> concern_key.concern_id"
SWAPS: dict[str, tuple[str, int]] = {
    "words between concerns": (
        "UPDATE words SET sealed = (SELECT sealed FROM words WHERE id = 2) WHERE id = 1",
        2,
    ),
    "words with their field": (
        "UPDATE words SET field = 'x' || field; UPDATE words SET (sealed, field) ="
        " (SELECT sealed, substr(field, 2) FROM words WHERE id = 2) WHERE id = 1",
        1,
    ),
    "words into a note of the same concern": (
        "UPDATE entry SET (sealed, key_id) = (SELECT sealed, key_id FROM words WHERE id = 1)"
        " WHERE kind = 'note'",
        2,
    ),
    "a note into words of the same concern": (
        "UPDATE words SET sealed = (SELECT sealed FROM entry WHERE kind = 'note') WHERE id = 1",
        2,
    ),
    "whole rows of words": ("UPDATE words SET concern_id = 3 - concern_id", 1),
    "whole rows and their keys": (
        "UPDATE words SET concern_id = 3 - concern_id;"
        "UPDATE concern_key SET concern_id = 3 - concern_id",
        0,
    ),
    "whole rows of keys": ("UPDATE concern_key SET concern_id = 3 - concern_id", 0),
    "keys under each other's names": (
        "UPDATE concern_key SET id = 'x' || id; UPDATE concern_key SET id = (SELECT key_id FROM"
        " words WHERE words.concern_id = 3 - concern_key.concern_id)",
        0,
    ),
    "what keys are wrapped to": (
        "CREATE TEMP TABLE w AS SELECT concern_id, wrapped FROM concern_key;"
        f"UPDATE concern_key SET wrapped = ({OTHERS})",
        0,
    ),
    "another version": ("UPDATE concern_key SET version = 2", 0),
    "another concern's name": ("UPDATE concern SET reference = 'x' || reference", 0),
    "another school": (
        "".join(
            f"UPDATE {table} SET school_id = 'other';"
            for table in ("words", "concern", "concern_key", "entry")
        ),
        0,
    ),
}
"""What is put where, and how many of the three pieces still open: those that stayed."""


@pytest.fixture
def told(app: Flask) -> tuple[AtDesk, list[str]]:
    """Two children told; a note stands beside what the first one said."""
    desk = school_with_team(app)
    references = [tell(app, desk, words=words) for words in ("one", "two")]
    with app.app_context():
        by = By(desk.school.lane, "note")
        handle.record(desk.id, facts_of(app, desk, references[0]), Kind.NOTE, "Rang.", by=by)
    return desk, references


def facts_of(app: Flask, desk: AtDesk, reference: str) -> ConcernFacts:
    lane = viewer(app, desk, desk.school.lane)
    facts = queries.desk.concern(desk.id, lane, reference)
    assert facts is not None
    return facts


def readable(school_id: str, facts: ConcernFacts) -> list[str]:
    """All words that open as things of this concern."""
    said = [one.spoken.words for one in queries.desk.said(school_id, facts) if one.spoken]
    return said + [one.text for one in queries.desk.chronology(school_id, facts) if one.text]


@pytest.mark.parametrize("swap", SWAPS)
def test_nothing_opens_in_the_place_of_another(
    app: Flask, prepared: Prepared, told: tuple[AtDesk, list[str]], swap: str
) -> None:
    desk, references = told
    with app.app_context():
        facts = [facts_of(app, desk, reference) for reference in references]
        assert [readable(desk.id, one) for one in facts] == [["one", "Rang."], ["two"]]
    private = prepared.keys.file(key_name(desk.id, 1)).read_text()
    for name in (key_name(desk.id, 2), key_name("other", 1)):  # The very same key is at hand.
        prepared.keys.file(name).write_text(private)
    with tampering(prepared.folders.data) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.executescript(SWAPS[swap][0])
        moved = file.execute("SELECT id, school_id, reference FROM concern ORDER BY id").fetchall()
    with app.app_context():
        opens: list[str] = []
        right = (["one", "Rang."], ["two"])
        for own, one, (_, school_id, reference) in zip(right, facts, moved, strict=True):
            object.__setattr__(one, "school_id", school_id)
            object.__setattr__(one, "reference", reference)
            found = readable(school_id, one)
            assert set(found) <= set(own)
            opens += found
    assert len(opens) == SWAPS[swap][1]
    assert proved(prepared.folders.data, desk.id, prepared.folders.keys).faults


def test_an_older_wrap_of_a_key_does_not_pass_for_a_newer_one(
    app: Flask, prepared: Prepared, told: tuple[AtDesk, list[str]]
) -> None:
    desk, references = told
    with closing(sqlite3.connect(file_of(prepared.folders.data, Store.SAFEGUARDING))) as file:
        key_id, wrapped = file.execute("SELECT id, wrapped FROM concern_key").fetchone()
    with app.app_context():
        key = WrappedKey(key_id, 1, wrapped)
        assert unwrap(desk.id, references[0], key).key_id == key_id
        prepared.keys.file(key_name(desk.id, 2)).write_text(
            Path(prepared.keys.file(key_name(desk.id, 1))).read_text()
        )
        for school, reference, wrong in (
            (desk.id, references[0], WrappedKey(key_id, 2, wrapped)),
            (desk.id, references[1], key),
            (desk.id, references[0], WrappedKey("x", 1, wrapped)),
        ):
            with pytest.raises(KeyMissing):
                unwrap(school, reference, wrong)

"""Picked words and drawings: sealed with the words, kept as they came, read by those who may."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from flask import Flask

from app.base import migrations
from app.base.database import Store, engine_of, file_of, triggers_of
from app.prepare import Prepared, prepare
from app.safeguarding import queries, words
from app.safeguarding.drawing import Stroke
from app.safeguarding.queries.desk import Said
from app.safeguarding.tables import TRIGGERS
from app.safeguarding.words import Spoken, read_spoken
from tests.at_desk import WORDS, AtDesk, school_with_team, tell, viewer

LINES = "0 123 45 234 67 345 89;2 321 210"
CHOSEN = ("a message", "asked", "somewhere else")


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def said(app: Flask, desk: AtDesk, reference: str) -> Said:
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        facts = queries.desk.concern(desk.id, lane, reference)
        assert facts is not None
        (one,) = queries.desk.said(desk.id, facts)
    return one


def spoken(app: Flask, desk: AtDesk, reference: str) -> Spoken:
    found = said(app, desk, reference).spoken
    assert found is not None
    return found


def test_picked_words_and_a_drawing_come_back_exactly_and_apart_from_what_was_typed(
    app: Flask, desk: AtDesk
) -> None:
    kept = spoken(app, desk, tell(app, desk, chosen=CHOSEN, drawing=LINES))
    assert (kept.words, kept.chosen, kept.drawing) == (WORDS, CHOSEN, LINES)
    assert kept.strokes == (
        Stroke(0, ((123, 45), (234, 67), (345, 89))),
        Stroke(2, ((321, 210),)),
    )
    assert not kept.drawing_lost


def test_the_child_sees_them_in_my_notes(app: Flask, desk: AtDesk) -> None:
    tell(app, desk, chosen=CHOSEN, drawing=LINES)
    with app.app_context():
        (note,) = queries.notes.notes(desk.id, desk.school.amina)
    kept = note.said[0].spoken
    assert kept is not None
    assert (kept.chosen, kept.drawing) == (CHOSEN, LINES)


@pytest.mark.parametrize(
    "drawing", ["<script>alert(1)</script>", "0 601 1", "0 1 2;", "x" * 30_000]
)
def test_what_is_no_drawing_is_let_go_and_the_telling_is_kept(
    app: Flask, desk: AtDesk, drawing: str
) -> None:
    """Whatever a page lets through: nothing that cannot be drawn is ever sealed."""
    kept = spoken(app, desk, tell(app, desk, drawing=drawing, chosen=CHOSEN))
    assert (kept.words, kept.chosen, kept.drawing) == (WORDS, CHOSEN, "")
    assert kept.drawing_lost
    assert kept.strokes == ()


def test_a_drawing_that_was_sealed_and_cannot_be_read_any_more_hides_no_word() -> None:
    sealed = Spoken((), (), "hello", drawing="0 1 2").as_json()
    later = read_spoken(sealed.replace("0 1 2", "0 1 2 3"))
    assert (later.words, later.drawing, later.drawing_lost) == ("hello", "", True)


def test_no_word_and_no_stroke_lies_readable_on_the_disk(
    app: Flask, prepared: Prepared, desk: AtDesk
) -> None:
    tell(app, desk, words="canary-typed", chosen=("canary-picked",), drawing=LINES)
    forms = [b"canary-typed", b"canary-picked", b"123 45", b"345 89", b"321 210"]
    forms += [one.decode().encode("utf-16-le") for one in forms]
    files = [file for file in prepared.folders.data.rglob("*") if file.is_file()]
    assert {"learning.db", "safeguarding.db"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        assert [one for one in forms if one in content] == [], file.name


def test_the_drawing_lies_in_the_one_sealed_piece_and_needs_its_key(
    app: Flask, prepared: Prepared, desk: AtDesk
) -> None:
    reference = tell(app, desk, chosen=CHOSEN, drawing=LINES)
    with closing(sqlite3.connect(file_of(prepared.folders.data, Store.SAFEGUARDING))) as store:
        assert store.execute("SELECT count(*) FROM words").fetchone() == (1,)
    key = prepared.keys.file(words.key_name(desk.id, 1))
    key.rename(key.with_name("away"))
    assert said(app, desk, reference).spoken is None


BEFORE = {"happened", "feelings", "words", "because", "began_as", "to"}
"""What the first version sealed."""


def as_before(now: Callable[[Spoken], str]) -> Callable[[Spoken], str]:
    def as_json(told: Spoken) -> str:
        kept = json.loads(now(told))
        assert set(kept) > BEFORE
        return json.dumps({key: kept[key] for key in BEFORE}, ensure_ascii=False)

    return as_json


def stored(prepared: Prepared) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file_of(prepared.folders.data, Store.SAFEGUARDING))) as store:
        return store.execute("SELECT * FROM words ORDER BY id").fetchall()


def test_a_database_of_the_first_version_is_upgraded_with_every_word_as_it_was(
    app: Flask, prepared: Prepared, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(Spoken, "as_json", as_before(Spoken.as_json))
        old = tell(app, desk, happened=("secret",), feelings=("sad",))
    data = prepared.folders.data
    migrations.migrate(data, Store.SAFEGUARDING, "0001")
    assert migrations.version_of(data, Store.SAFEGUARDING) == "0001"
    before = stored(prepared)
    again = prepare(prepared.settings)
    (remark,) = again.remarks
    assert "A backup from before is " in remark
    assert (
        migrations.version_of(data, Store.SAFEGUARDING)
        == migrations.versions(Store.SAFEGUARDING)[-1]
    )
    assert stored(prepared) == before
    with app.app_context(), engine_of(Store.SAFEGUARDING).connect() as connection:
        assert triggers_of(connection) == TRIGGERS
    first = spoken(app, desk, old)
    assert (first.words, first.happened, first.feelings) == (WORDS, ("secret",), ("sad",))
    assert (first.chosen, first.drawing, first.drawing_lost) == ((), "", False)
    new = spoken(app, desk, tell(app, desk, chosen=CHOSEN, drawing=LINES))
    assert (new.chosen, new.drawing) == (CHOSEN, LINES)

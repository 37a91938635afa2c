"""The spool: what is told while the database is away is kept sealed, filed once, and never lost."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from app.base import ballast, ids, once
from app.base.database import Store, engine_of, file_of, writing
from app.base.errors import StoreAway
from app.base.gate import Gate
from app.prepare import Prepared
from app.safeguarding import queries, room, spool
from app.safeguarding.actions import drafts
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.drain import drain
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from app.safeguarding.words import Spoken, key_name
from app.serve.postman import Postman
from tests.at_desk import WORDS, AtDesk, school_with_team, viewer
from tests.at_school import TEN
from tests.founded import Founded
from tests.letters import TEAM, gone_to, tell
from tests.mail_server import Post
from tests.quick import locked

SECRET = "magpiecanary"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def telling(desk: AtDesk, **told: object) -> Telling:
    kept = {"words": SECRET, "happened": ("secret",), **told}
    here = desk.school
    return Telling(ids.new_token(), Told(**kept), here.amina, here.hazel)  # type: ignore[arg-type]


def all_told(app: Flask, desk: AtDesk) -> dict[str, list[Spoken | None]]:
    """What each concern holds, as the head finds it."""
    head = viewer(app, desk, desk.head)
    with app.app_context():
        found = queries.desk.concerns(desk.id, head)
        return {
            one.reference: [said.spoken for said in queries.desk.said(desk.id, one)]
            for one in found
        }


def in_spool(app: Flask) -> list[Path]:
    folder = app.extensions["catkin"].folders.data / "spool"
    return sorted(path for path in folder.glob("*") if path.is_file())


def drained(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        drain(desk.id)


def spooled(app: Flask, desk: AtDesk, *those: Telling) -> list[str]:
    """Told while another program has the database."""
    with locked(app, Store.SAFEGUARDING), app.app_context():
        return [file_concern(desk.id, one) for one in those]


def test_what_cannot_be_written_waits_sealed_and_is_filed_once_with_its_own_moment(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    one = telling(desk, to=(desk.school.okafor,), about=(desk.school.lane,))
    (first,) = spooled(app, desk, one)
    assert spooled(app, desk, one) == [first], "the same press is the same telling"
    (file,) = in_spool(app)
    raw = file.read_bytes()
    assert json.loads(raw.split(b"\n")[0]).keys() == {
        *("form", "kind", "school", "version", "reference", "length", "sha256")
    }
    for secret in (SECRET, desk.school.amina, desk.school.lane, desk.school.hazel, one.once):
        assert secret.encode() not in raw
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    clock.shift(600)
    with app.app_context():
        assert file_concern(desk.id, one) == first, "the spool is asked before the database"
        drain(desk.id)
        drain(desk.id)
        assert file_concern(desk.id, one) == first, "and the database after it"
    assert in_spool(app) == []
    ((said,),) = all_told(app, desk).values()
    assert said is not None
    assert said.words == SECRET
    with app.app_context():
        (note,) = queries.notes.notes(desk.id, desk.school.amina)
    assert note.told_at == TEN
    assert set(note.told) == {desk.school.okafor, desk.head, desk.chair}
    assert note.sent_to == (desk.school.okafor,)


def test_killed_between_filing_and_letting_go_it_is_filed_once(app: Flask, desk: AtDesk) -> None:
    spooled(app, desk, telling(desk))
    (file,) = in_spool(app)
    raw = file.read_bytes()
    drained(app, desk)
    file.write_bytes(raw)
    drained(app, desk)
    assert len(all_told(app, desk)) == 1
    assert in_spool(app) == []


def test_without_the_private_key_it_waits_and_without_the_database_the_key_is_known(
    app: Flask, prepared: Prepared, desk: AtDesk, tmp_path: Path
) -> None:
    file, key = file_of(prepared.folders.data, Store.SAFEGUARDING), key_name(desk.id, 1)
    file.rename(tmp_path / "moved.db")
    with app.app_context():
        reference = file_concern(desk.id, telling(desk))
    assert not file.exists(), "no empty database took its place"
    (tmp_path / "moved.db").rename(file)
    prepared.keys.file(key).rename(tmp_path / "key")
    drained(app, desk)
    assert len(in_spool(app)) == 1
    prepared.keys.file(key).write_text("ab" * 32)
    drained(app, desk)
    assert [path.suffix for path in in_spool(app)] == [""], "another's key damages nothing"
    (tmp_path / "key").rename(prepared.keys.file(key))
    drained(app, desk)
    assert list(all_told(app, desk)) == [reference]


def test_a_database_that_is_none_any_more_is_away(
    app: Flask, prepared: Prepared, desk: AtDesk
) -> None:
    file = file_of(prepared.folders.data, Store.SAFEGUARDING)
    with app.app_context():
        engine_of(Store.SAFEGUARDING).dispose()
    good = file.read_bytes()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    file.write_bytes(b"no database " * 1000)
    with app.app_context():
        reference = file_concern(desk.id, telling(desk))
        engine_of(Store.SAFEGUARDING).dispose()
    assert len(reference) > len("C-7KQ4M"), "nobody could say which are taken"
    file.write_bytes(good)
    drained(app, desk)
    assert len(all_told(app, desk)) == 1


@pytest.mark.parametrize("harm", ["cut short", "a byte changed", "another name", "another school"])
def test_a_file_that_was_tampered_with_is_set_aside_and_keeps_nobody_waiting(
    app: Flask, desk: AtDesk, harm: str
) -> None:
    spooled(app, desk, telling(desk), telling(desk))
    first, _second = in_spool(app)
    raw = first.read_bytes()
    if harm == "cut short":
        first.write_bytes(raw[: len(raw) // 9])
    elif harm == "a byte changed":
        first.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    elif harm == "another name":
        first.rename(first.with_name("f" * 64))
    else:
        other = school_with_team_named(app)
        first.write_bytes(raw.replace(desk.id.encode(), other.encode()))
        with app.app_context():
            drain(other)
    drained(app, desk)
    assert [path.suffix for path in in_spool(app)] == [".damaged"]
    assert in_spool(app)[0].stat().st_size > 0
    assert len(all_told(app, desk)) == 1
    with app.app_context():
        assert spool.state(desk.id).damaged


def school_with_team_named(app: Flask) -> str:
    """Another school with a key of its own, by its id."""
    from app.safeguarding.actions import make_school_key

    other = ids.new_id()
    with app.app_context():
        make_school_key(other)
    return other


def test_what_a_child_adds_waits_too_and_comes_once(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        file_concern(desk.id, telling(desk, words=WORDS))
        (note,) = queries.notes.notes(desk.id, desk.school.amina)
    with locked(app, Store.SAFEGUARDING), app.app_context():
        for _ in range(2):
            add_words(desk.id, note, "and again", "same press")
    with app.app_context():
        add_words(desk.id, note, "and again", "same press")
    drained(app, desk)
    drained(app, desk)
    ((first, added),) = all_told(app, desk).values()
    assert first is not None
    assert added is not None
    assert (first.words, added.words) == (WORDS, "and again")


def test_many_at_once_with_one_key_are_one_telling(app: Flask, desk: AtDesk) -> None:
    one, found, ready = telling(desk), set(), threading.Barrier(4)

    def press() -> None:
        with app.app_context():
            ready.wait()
            found.add(file_concern(desk.id, one))

    with locked(app, Store.SAFEGUARDING):
        threads = [threading.Thread(target=press) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    drained(app, desk)
    assert set(all_told(app, desk)) == found


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, left: list[int]) -> Iterator[None]:
    """A disk with room for so many bytes more, in a database as in a file; the ballast's come
    when it goes."""
    put_down, let_go = once.put_down, ballast.let_go

    def put(file: int, content: bytes) -> None:
        if len(content) > left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        put_down(file, content)

    def recording(*_given: object, **_more: object) -> None:
        raise StoreAway("database or disk is full")

    def freed(data: Path) -> bool:
        gone = let_go(data)
        left[0] += ballast.SIZE if gone else 0
        return gone

    with monkeypatch.context() as patch:
        patch.setattr("app.base.once.put_down", put)
        patch.setattr("app.safeguarding.actions.file.recording", recording)
        patch.setattr("app.safeguarding.room.ballast.let_go", freed)
        yield


def test_a_full_disk_takes_the_words_without_the_drawing_and_says_so(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = ";".join(["0 1 1 2 2"] * 2000)
    with full_disk(monkeypatch, [4000]), app.app_context():
        file_concern(desk.id, telling(desk, drawing=drawing))
    drained(app, desk)
    ((said,),) = all_told(app, desk).values()
    assert said is not None
    assert (said.words, said.drawing, said.drawing_lost) == (SECRET, "", True)
    with full_disk(monkeypatch, [10]), app.app_context(), pytest.raises(StoreAway, match="full"):
        file_concern(desk.id, telling(desk))
    assert in_spool(app) == []


def test_the_ballast_goes_for_a_telling_and_lessons_wait_until_it_is_back(
    app: Flask, prepared: Prepared, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = prepared.folders.data
    monkeypatch.setattr(ballast, "SIZE", 1 << 16)
    assert ballast.lay(data)
    assert (data / "ballast").stat().st_blocks * 512 >= ballast.SIZE
    drawing = ";".join(["0 1 1 2 2"] * 2000)
    with full_disk(monkeypatch, [10]), app.app_context():
        file_concern(desk.id, telling(desk, drawing=drawing))
    drained(app, desk)
    ((said,),) = all_told(app, desk).values()
    assert said is not None
    assert (said.drawing, said.drawing_lost) == (drawing, False)
    with app.app_context():
        with pytest.raises(StoreAway, match="full"), writing(Store.LEARNING):
            raise AssertionError("lessons eat what telling needs")
        drafts.keep_draft(desk.id, "f" * 64, b"goes on")
        room.look_after_ballast(desk.id)
        with writing(Store.LEARNING) as session:
            session.execute(text("SELECT 1"))


def test_a_gate_with_a_deadline_is_left_when_it_is_over(tmp_path: Path) -> None:
    mine, theirs = Gate(tmp_path / "gate"), Gate(tmp_path / "gate")
    inside, leave = threading.Event(), threading.Event()

    def keep() -> None:
        with theirs.hold():
            inside.set()
            leave.wait(10)

    keeper = threading.Thread(target=keep)
    keeper.start()
    assert inside.wait(10)
    with pytest.raises(StoreAway, match="taken"), mine.hold(within=0.05):
        raise AssertionError("two at once")
    leave.set()
    with mine.hold(within=5):
        keeper.join()


def test_a_write_with_a_deadline_waits_no_longer_for_another_program(
    app: Flask, prepared: Prepared, desk: AtDesk
) -> None:
    with sqlite3.connect(file_of(prepared.folders.data, Store.SAFEGUARDING)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            app.app_context(),
            pytest.raises(StoreAway, match="locked"),
            writing(Store.SAFEGUARDING, within=0.05),
        ):
            raise AssertionError("two at once")
        other.rollback()
    with app.app_context(), engine_of(Store.SAFEGUARDING).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


def test_a_hundred_tellings_of_one_child_are_all_kept_and_each_adult_gets_one_letter(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    for number in range(100):
        tell(school)
        clock.shift(3)
        if number % 20 == 0:
            postman.round()
    assert gone_to(post) == TEAM
    with school.app.app_context():
        assert len(queries.notes.notes(school.id, school.pupils["Amina"])) == 100

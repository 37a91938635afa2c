"""After an erasure its keys leave the backups too; whatever cuts that short, one stays whole."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.base import copies, restore, strike
from app.base.backup import back_up, backups_folder, backups_in, last_backup
from app.base.clock import now as clock_now
from app.base.database import Store, db, file_of
from app.base.disks import remove
from app.base.manifest import MANIFEST, Kind, piece_of, read_manifest
from app.base.migrations import migrate
from app.base.snapshot import faults_of
from app.cli.backup import restore_backup
from app.cli.drill import try_out
from app.cli.verify import verify
from app.config import Settings
from app.prepare import Prepared, prepare
from app.safeguarding import queries
from app.safeguarding.actions import handle, retention
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.drain import drain
from app.safeguarding.actions.strike import strike_backups
from app.safeguarding.chain import chain_key_name, head_of
from app.safeguarding.head_file import keep_heads
from app.safeguarding.held import GONE, digest_of, mac_of
from app.safeguarding.kept_heads import signing
from app.safeguarding.proof import heads_in
from app.safeguarding.tables import Link
from app.serve.striking import Striking
from tests.at_desk import AtDesk, school_with_team, tell, viewer
from tests.at_school import TEN
from tests.quick import locked
from tests.rooms.test_retention import CLOSING, TWO_YEARS, agree, ask, by, closed, facts

WRAPPED = (
    "SELECT wrapped FROM concern_key JOIN concern ON concern.id = concern_id WHERE reference = ?"
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def data(prepared: Prepared) -> Path:
    return prepared.folders.data


@pytest.fixture
def erased(
    app: Flask, desk: AtDesk, data: Path, tmp_path: Path, clock: time_machine.Traveller
) -> str:
    """A concern that two have erased; backups from before lie beside the data and on a stick."""
    reference = closed(app, desk)
    tell(app, desk, words="Another child's words.")
    back_up(data, backups_folder(data), Kind.NIGHTLY, TEN)
    back_up(data, tmp_path / "stick", Kind.ASKED, TEN)
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    ask(app, desk, reference, desk.head)
    agree(app, desk, reference, desk.chair)
    return reference


def strike_all(app: Flask, desk: AtDesk, data: Path) -> None:
    with app.app_context():
        for _ in range(10):
            if not strike_backups(desk.id, data):
                return
    raise AssertionError("it goes on and on")


def wrapped(place: Path, reference: str) -> bytes:
    with closing(sqlite3.connect(file_of(place, Store.SAFEGUARDING))) as store:
        return bytes(store.execute(WRAPPED, (reference,)).fetchone()[0])


def assert_unbroken(school_id: str, key: bytes) -> None:
    """Each link holds on to the one before: the last says that the backup was put back, and the
    one before it what is gone."""
    links = db.session.scalars(
        select(Link).where(Link.school_id == school_id).order_by(Link.number)
    ).all()
    before = b""
    for number, link in enumerate(links, 1):
        before = digest_of(before, school_id, number, link.holds, link.made_at)
        assert (link.number, link.digest, link.mac) == (number, before, mac_of(key, before))
    gone = [item for item in json.loads(links[-2].holds)[1] if item[2] == GONE]
    assert [item[0] for item in gone] == ["concern_key"]
    assert queries.retention.shared_links(school_id, db.session) == len(links)


def put_back(backup: Path, prepared: Prepared, to: Path) -> Flask:
    """The school as it is on a fresh computer, from a backup and all the keys."""
    shutil.copytree(prepared.folders.keys, to / "keys")
    with restore.room_for_a_school(to / "data"), restore.staged(backup, to / "data") as (half, _):
        restore.move_in(half, to / "data")
    return create_app(prepare(Settings(data_dir=to / "data", keys_dir=to / "keys")), testing=True)


def test_a_backup_from_before_opens_every_record_but_that_one(
    app: Flask, desk: AtDesk, data: Path, prepared: Prepared, erased: str, tmp_path: Path
) -> None:
    (old,) = [place for place, _ in backups_in(backups_folder(data))]
    key, before = wrapped(old, erased), last_backup(data)
    strike_all(app, desk, data)
    places = strike.own_backups(data)
    assert len(places) == 2
    assert all(place.name.endswith("-struck1") for place in places)
    assert last_backup(data) == before
    for folder in (data, *places):
        for file in folder.rglob("*"):
            assert not file.is_file() or key not in file.read_bytes(), file
    (new,) = [place for place in places if place.parent == old.parent]
    manifest = read_manifest(new)
    assert {name: piece_of(new / name) for name in manifest.files} == manifest.files
    assert faults_of(file_of(new, Store.SAFEGUARDING)) == []
    again = put_back(new, prepared, tmp_path / "again")
    with again.app_context():
        lane = viewer(again, desk, desk.school.lane)
        gone = facts(again, desk, erased)
        assert gone.state == "erased"
        assert [one.spoken for one in queries.desk.said(desk.id, gone)] == [None]
        told = queries.retention.certificate(desk.id, gone)
        assert told is not None
        assert told.agreed_by == desk.chair
        assert_unbroken(desk.id, prepared.keys.read(chain_key_name(desk.id)))
        (other,) = queries.desk.concerns(desk.id, lane)
        (said,) = queries.desk.said(desk.id, other)
        assert said.spoken is not None
        assert said.spoken.words == "Another child's words."


def test_the_certificate_names_each_backup_and_those_that_were_away(
    app: Flask, desk: AtDesk, data: Path, erased: str, tmp_path: Path
) -> None:
    stick, pulled = tmp_path / "stick", tmp_path / "pulled"
    (on_it,) = [place.name for place, _ in backups_in(stick)]
    stick.rename(pulled)
    chore = Striking()
    with app.app_context():
        for _ in range(3):
            chore(desk.id)
            for thread in threading.enumerate():
                if thread.name.startswith("strike"):
                    thread.join()
        told = queries.retention.certificate(desk.id, facts(app, desk, erased))
        assert told is not None
        assert len(told.struck) == 1
        assert list(told.not_struck) == [on_it]
        assert told.all_struck is None
        pulled.rename(stick)
        strike_all(app, desk, data)
        told = queries.retention.certificate(desk.id, facts(app, desk, erased))
        assert told is not None
        assert len(told.struck) == 2
        assert not told.not_struck
        assert told.all_struck is not None
        links = head_of(db.session, desk.id)
        strike_all(app, desk, data)
        assert head_of(db.session, desk.id) == links


def test_a_backup_of_an_older_catkin_loses_the_keys_as_well(
    app: Flask, desk: AtDesk, data: Path, prepared: Prepared, erased: str, tmp_path: Path
) -> None:
    remove(backups_folder(data))
    (old,) = strike.own_backups(data)
    migrate(old, Store.SAFEGUARDING, "0003")
    manifest = read_manifest(old)
    older = replace(
        manifest,
        stores=manifest.stores | {Store.SAFEGUARDING: "0003"},
        files=manifest.files | {strike.STORE: piece_of(old / strike.STORE)},
    )
    (old / MANIFEST).write_bytes(older.text())
    strike_all(app, desk, data)
    (new,) = strike.own_backups(data)
    assert strike.keys_in(new, [erased]) == {}
    again = put_back(new, prepared, tmp_path / "again")
    with again.app_context():
        gone = facts(again, desk, erased)
        assert gone.state == "erased"
        assert queries.retention.certificate(desk.id, gone) is None
        (other,) = queries.desk.concerns(desk.id, viewer(again, desk, desk.school.lane))
        assert queries.desk.said(desk.id, other)[0].spoken is not None


def test_a_drill_of_a_struck_backup_finds_it_whole(
    app: Flask, desk: AtDesk, data: Path, prepared: Prepared, erased: str
) -> None:
    strike_all(app, desk, data)
    for place in strike.own_backups(data):
        assert try_out(prepared.settings, place)


def test_a_struck_backup_that_is_put_back_accuses_nobody_of_the_newer_ones(
    app: Flask,
    desk: AtDesk,
    data: Path,
    prepared: Prepared,
    clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reference, folder, keys = closed(app, desk), backups_folder(data), prepared.keys
    for _ in range(2):
        back_up(data, folder, Kind.NIGHTLY, clock_now(), heads_in, signing(keys))
        clock.shift(3600)
        tell(app, desk, words="One link more, as the daily test makes.")
    with app.app_context():
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    ask(app, desk, reference, desk.head)
    agree(app, desk, reference, desk.chair)
    strike_all(app, desk, data)
    keep_heads(data, keys)
    place = min(folder.glob("catkin-*"))
    data.rename(data.with_name("left"))
    asked = Namespace(backup=place, keys=None, paper=False, head=[])
    restore_backup(prepared.settings, asked)
    prepare(prepared.settings)
    looked = Namespace(backup=[], head=[])
    assert verify(prepared.settings, looked) == 0, capsys.readouterr().out


def files_in_spools(data: Path) -> list[Path]:
    return [file for place in strike.own_backups(data) for file in place.glob("spool/*")]


def test_what_waited_in_a_backups_spool_goes_with_the_keys_and_what_came_later_stays(
    app: Flask, desk: AtDesk, data: Path, prepared: Prepared, tmp_path: Path, clock: Any
) -> None:
    """A backup of a busy day: its store knows nothing of the concern, its spool all of it."""
    with locked(app, Store.SAFEGUARDING):
        reference = tell(app, desk)
    old = back_up(data, backups_folder(data), Kind.NIGHTLY, TEN)
    (lies,) = old.glob("spool/*")
    aside = old / "spool" / f"{'a' * 64}.damaged"
    aside.write_bytes(lies.read_bytes())
    manifest = read_manifest(old)
    files = manifest.files | {f"spool/{aside.name}": piece_of(aside)}
    (old / MANIFEST).write_bytes(replace(manifest, files=files).text())
    with app.app_context():
        drain(desk.id)
        handle.close(desk.id, facts(app, desk, reference), CLOSING, by=by(desk.school.lane))
        retention.set_years(desk.id, 1, by=desk.head)
    clock.shift(TWO_YEARS)
    with app.app_context():
        note = queries.notes.note(desk.id, reference, desk.school.amina)
    ask(app, desk, reference, desk.head)
    agree(app, desk, reference, desk.chair)
    clock.shift(60)
    assert note is not None
    with locked(app, Store.SAFEGUARDING), app.app_context():
        add_words(desk.id, note, "It began again.", "once")
    back_up(data, tmp_path / "stick", Kind.ASKED, clock_now())
    strike_all(app, desk, data)
    (left,) = files_in_spools(data)
    assert tmp_path / "stick" in left.parents
    with app.app_context():
        told = queries.retention.certificate(desk.id, facts(app, desk, reference))
        assert told is not None
        assert told.all_struck is not None
        assert old.name in told.struck
        drain(desk.id)
        said = queries.desk.said(desk.id, facts(app, desk, reference))
        assert [one.spoken for one in said] == [None]
        (anew,) = queries.desk.concerns(desk.id, viewer(app, desk, desk.school.lane))
        (heard,) = queries.desk.said(desk.id, anew)
        assert heard.spoken is not None
        assert heard.spoken.words == "It began again."
    (new,) = [place for place in strike.own_backups(data) if place.parent == old.parent]
    again = put_back(new, prepared, tmp_path / "again")
    with again.app_context():
        drain(desk.id)
        lane = viewer(again, desk, desk.school.lane)
        assert queries.desk.concerns(desk.id, lane) == []


class Killed(BaseException):
    """As if the power had gone just there."""


@pytest.mark.parametrize(
    "at", ["_change", "_share", "write_once", "keep_name", "note_last", "remove"]
)
def test_wherever_it_is_cut_short_one_whole_backup_stays_and_the_next_time_ends_it(
    app: Flask,
    desk: AtDesk,
    data: Path,
    erased: str,
    at: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*given: object) -> None:
        raise Killed

    stick = [place for place in strike.own_backups(data) if place.parent.name == "stick"]
    remove(backups_folder(data))
    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(strike, at, killed)
        with pytest.raises(Killed):
            strike_backups(desk.id, data)
    left = [place for place, _ in backups_in(stick[0].parent)]
    assert left
    for place in left:
        manifest = read_manifest(place)
        assert {name: piece_of(place / name) for name in manifest.files} == manifest.files
    strike_all(app, desk, data)
    (only,) = [place for place, _ in backups_in(stick[0].parent)]
    assert strike.keys_in(only, [erased]) == {}
    assert (only / MANIFEST).exists()
    with app.app_context():
        told = queries.retention.certificate(desk.id, facts(app, desk, erased))
    assert told is not None
    assert list(told.struck) == [stick[0].name]


def test_what_cannot_be_looked_at_is_never_called_struck(
    app: Flask, desk: AtDesk, data: Path, erased: str, tmp_path: Path
) -> None:
    """A stick from before, a backup that does not say what is in it, a drill that was killed."""
    away = back_up(data, tmp_path / "other stick", Kind.ASKED, clock_now())
    for place in (tmp_path / "stick", away.parent):
        copies.note_taken(data, next(place.glob("catkin-*")), clock_now())
    away.parent.rename(tmp_path / "in a drawer")
    (place,) = backups_folder(data).glob("catkin-*")
    whole = (place / MANIFEST).read_bytes()
    (place / MANIFEST).write_bytes(whole[:-3])
    drill = backups_folder(data) / ".drill-abc"
    drill.mkdir()
    os.utime(drill, (clock_now().timestamp(),) * 2)
    strike_all(app, desk, data)
    with app.app_context():
        told = queries.retention.certificate(desk.id, facts(app, desk, erased))
    assert told is not None
    assert told.all_struck is None
    assert set(told.not_struck) == {away.name, place.name, ".drill-abc"}
    (place / MANIFEST).write_bytes(whole)
    os.utime(drill, (0, 0))
    (tmp_path / "in a drawer").rename(away.parent)
    strike_all(app, desk, data)
    with app.app_context():
        told = queries.retention.certificate(desk.id, facts(app, desk, erased))
    assert told is not None
    assert told.all_struck is not None
    assert not drill.exists()


def test_an_older_backup_that_went_only_half_is_cleared_away(
    app: Flask, desk: AtDesk, data: Path, erased: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(strike, "remove", lambda gone: None if not gone.exists() else killed())
        with pytest.raises(Killed):
            strike_backups(desk.id, data)
    assert [*data.parent.rglob(".half-catkin-*")]
    strike_all(app, desk, data)
    assert not [*data.parent.rglob(".half-catkin-*")]

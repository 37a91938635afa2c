"""Disks that fail in parts: one bad file of the spool keeps nobody waiting, and none is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.base import once, piles
from app.base.backup import back_up
from app.base.database import Store, engine_of, file_of
from app.base.errors import CannotStart
from app.base.manifest import Kind, belongs
from app.base.migrations import version_of
from app.base.once import write_once
from app.base.piles import Pile
from app.health.findings import Mark
from app.health.stores import spooled as finding
from app.prepare import Prepared, prepare
from app.safeguarding import spool, standing
from app.safeguarding.actions.drain import drain
from app.safeguarding.actions.file import file_concern
from app.serve.keeper import Chore, Keeper
from tests.at_desk import AtDesk, adult_browser
from tests.at_school import TEN
from tests.quick import locked
from tests.rooms.test_spool import all_told, desk, drained, in_spool, spooled, telling

__all__ = ["desk"]


def unreadable(monkeypatch: pytest.MonkeyPatch, bad: Path) -> None:
    read = Path.read_bytes

    def fails(self: Path) -> bytes:
        if self == bad:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", fails)


def test_a_file_the_disk_does_not_read_stops_no_telling_no_drain_and_no_backup(
    app: Flask, prepared: Prepared, desk: AtDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    spooled(app, desk, telling(desk), telling(desk))
    bad, good = in_spool(app)
    with monkeypatch.context() as patch:
        unreadable(patch, bad)
        with app.app_context():
            reference = file_concern(desk.id, telling(desk))
            assert spool.state(desk.id).damaged
        assert len(reference) > len("C-7KQ4M"), "that of the bad file is not known"
        assert finding(prepared.folders.data).mark is Mark.MEND
        place = back_up(prepared.folders.data, tmp_path / "to", Kind.ASKED, TEN)
        assert [path.name for path in (place / "spool").iterdir()] == [good.name]
        assert str(bad) in capsys.readouterr().out
        drained(app, desk)
        assert in_spool(app) == [bad]
    drained(app, desk)
    assert len(all_told(app, desk)) == 3


def no_links(*_given: object, **_more: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_on_a_disk_without_links_a_file_is_whole_or_not_there_and_never_put_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / ".told.lock").touch()
    seen: list[bool] = []
    put_down = once.put_down

    def watch(file: int, content: bytes) -> None:
        put_down(file, content[:1])
        seen.append((tmp_path / "told").exists())
        put_down(file, content[1:])

    monkeypatch.setattr(once, "put_down", watch)
    write_once(tmp_path / "told", b"whole")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "told", b"other")
    assert not seen[0], "nothing has the name before it is whole"
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("told", b"whole")]
    won: list[int] = []
    start = threading.Barrier(8)

    def one(number: int) -> None:
        start.wait()
        try:
            write_once(tmp_path / "race", b"%d" % number)
        except FileExistsError:
            return
        won.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [b"%d" % number for number in won] == [(tmp_path / "race").read_bytes()]


def test_half_a_file_is_never_told_to_be_kept(app: Flask, desk: AtDesk) -> None:
    one = telling(desk)
    spooled(app, desk, one)
    (file,) = in_spool(app)
    file.write_bytes(file.read_bytes()[:-40])
    spooled(app, desk, one)
    assert sorted(path.suffix for path in in_spool(app)) == ["", ".damaged"]
    drained(app, desk)
    assert len(all_told(app, desk)) == 1


def test_a_fault_of_the_database_is_none_of_the_file_and_what_was_set_aside_is_tried_again(
    app: Flask, prepared: Prepared, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    spooled(app, desk, telling(desk))
    (file,) = in_spool(app)
    with monkeypatch.context() as patch, app.app_context():
        patch.setattr("app.safeguarding.actions.drain.file_ready", lambda *a, **k: int("no"))
        with pytest.raises(ValueError, match="invalid literal"):
            drain(desk.id)
    assert in_spool(app) == [file]
    raw = file.read_bytes()
    file.write_bytes(raw[:-1])
    drained(app, desk)
    (aside,) = in_spool(app)
    file.write_bytes(raw[:-2])
    drained(app, desk)
    assert [path.name for path in in_spool(app)] == [f"{file.name}.2.damaged", aside.name]
    assert all(belongs(f"spool/{path.name}") for path in in_spool(app))
    aside.write_bytes(raw)
    drained(app, desk)
    assert len(all_told(app, desk)) == 0, "not in the same hour"
    app.extensions["catkin_damaged_tried"].clear()
    drained(app, desk)
    assert len(all_told(app, desk)) == 1
    assert [path.name for path in in_spool(app)] == [f"{file.name}.2.damaged"]


def test_a_chore_that_hangs_keeps_no_telling_waiting(app: Flask, desk: AtDesk) -> None:
    hangs, filed, rounds = threading.Event(), threading.Event(), []

    def file(school: str) -> None:
        rounds.append(school)
        if len(rounds) == 3:
            filed.set()

    def hang(_school: str) -> None:
        hangs.wait(20)

    chores: dict[str, Chore] = {"record": hang, "spool": file}
    keeper = Keeper(app, chores, every=0.01)
    keeper.begin()
    assert filed.wait(10)
    assert not hangs.is_set()
    keeper.ended.set()
    hangs.set()


def test_the_page_moves_with_the_store_and_not_with_what_is_told(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = adult_browser(app, "lane.okafor@example.sch.uk")
    before = browser.get("/concerns").text
    spooled(app, desk, telling(desk))
    (file,) = in_spool(app)
    os.utime(file, (time.time() - 900,) * 2)
    assert browser.get("/concerns").text.count("note urgent") == before.count("note urgent")
    file.unlink()
    monkeypatch.setattr(standing, "EVERY", 0.0)
    with locked(app, Store.SAFEGUARDING):
        drained(app, desk)
        assert "cannot be filed just now" not in browser.get("/concerns").text
        monkeypatch.setattr(standing, "STUCK", 0.0)
        drained(app, desk)
        assert "cannot be filed just now" in browser.get("/concerns").text
    drained(app, desk)
    assert "cannot be filed just now" not in browser.get("/concerns").text


def test_a_clock_that_went_back_hides_no_file_and_old_halves_go(
    app: Flask, prepared: Prepared, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = prepared.folders.data
    spooled(app, desk, telling(desk))
    (file,) = in_spool(app)
    os.utime(file, (time.time() - 60,) * 2)
    assert finding(data).mark is not Mark.MEND
    os.utime(file, (time.time() + 40 * 86400,) * 2)
    assert finding(data).mark is Mark.MEND
    (old, fresh), drafts = (file.with_name(".old"), file.with_name(".new")), file.parent / "drafts"
    drafts.mkdir()
    for path in (old, drafts / ".old"):
        path.touch()
    drained(app, desk)
    assert old.exists()
    monkeypatch.setattr(piles, "_halves", dict.fromkeys(piles._halves, time.monotonic() - 3700))
    fresh.touch()
    drained(app, desk)
    assert (old.exists(), (drafts / ".old").exists(), fresh.exists()) == (False, False, True)


def test_a_start_tells_locked_from_damaged_and_closes_the_databases_to_others(
    app: Flask, prepared: Prepared, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = prepared.folders.data
    for store in Store:
        with app.app_context():
            engine_of(store).dispose()
        file_of(data, store).chmod(0o644)
    connect = sqlite3.connect
    hasty: Any = lambda file: connect(file, timeout=0.05)  # noqa: E731
    with closing(connect(file_of(data, Store.SAFEGUARDING), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with monkeypatch.context() as patch:
            patch.setattr(sqlite3, "connect", hasty)
            with pytest.raises(CannotStart, match="in use by another program"):
                version_of(data, Store.SAFEGUARDING)
    prepare(prepared.settings)
    for path in (*data.glob("*.db*"), *data.glob("*.gate")):
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_what_is_set_aside_has_no_name_twice(tmp_path: Path) -> None:
    pile = Pile(tmp_path / "pile")
    for content in (b"1", b"2", b"3"):
        pile.put("a" * 64, content)
        pile.set_aside("a" * 64)
    assert sorted(map(pile.read, pile.damaged())) == [b"1", b"2", b"3"]  # type: ignore[type-var]

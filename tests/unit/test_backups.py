"""Backups: whole or not there, of one moment, and nothing that keys open beside the keys."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from argparse import Namespace
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.base import backup, copies, disks, migrations, snapshot
from app.base.backup import back_up, backups_folder, backups_in, last_backup, thin_out
from app.base.copies import copies_of, newest_to_read
from app.base.database import Store, file_of, gate_of
from app.base.errors import CannotStart, StoreAway
from app.base.manifest import EDITIONS, MANIFEST, Kind
from app.base.running import hold_alone
from app.cli.backup import make_backup
from app.config import ROOT, Settings
from app.content import editions
from app.prepare import Prepared
from tests.at_desk import WORDS, school_with_team, tell
from tests.at_school import TEN

LEFT_OUT = {"content.cache", "backup.lock", "running.lock", backup.LAST, copies.NOTE}
SPARED = (
    "-c",
    (
        "import app.base.disks as d; d.SPARE = -(1 << 40); import sys;"
        "from app.__main__ import main; sys.exit(main(sys.argv[1:]))"
    ),
)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def told(app: Flask) -> str:
    """A school where a child told something; the reference."""
    desk = school_with_team(app)
    return tell(app, desk, to=(desk.school.okafor,))


def asked(**given: Any) -> Namespace:
    return Namespace(**{"to": None, "keys_to": None, "nightly": False, **given})


def everything(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, but for the locks that anyone may leave."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p): p.read_bytes() for p in files if p.suffix not in {".lock", ".gate"}}


def rows(file: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as store:
        return [value for (value,) in store.execute(question)]


def test_it_holds_the_school_and_no_key(
    prepared: Prepared, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = prepared.folders.data
    assert last_backup(data) is None
    assert make_backup(prepared.settings, asked()) == 0
    ((place, manifest),) = backups_in(backups_folder(data))
    assert rows(file_of(place, Store.SAFEGUARDING), "SELECT reference FROM concern") == [told]
    assert manifest.made == last_backup(data) == TEN.astimezone(UTC)
    found = everything(place)
    keys = [
        path.read_text().strip()
        for path in prepared.folders.keys.glob("*.key")
        if not path.name.startswith("chain-first-")  # It opens and signs nothing.
    ]
    assert len(keys) == 4
    for content in found.values():
        assert WORDS.encode() not in content
        for key in keys:
            assert key.encode() not in content
            assert bytes.fromhex(key) not in content
    said = capsys.readouterr().out
    assert str(place) in said
    assert f"They are in {prepared.folders.keys}: copy that folder by hand" in said
    assert [path for path in place.rglob("*") if path.stat().st_mode & 0o077] == []
    assert place.parent.stat().st_mode & 0o077 == 0


def test_every_file_of_the_data_folder_is_in_it_or_is_left_out_on_purpose(
    prepared: Prepared, told: str, tmp_path: Path
) -> None:
    data = prepared.folders.data
    place = back_up(data, tmp_path / "b", Kind.ASKED, TEN)
    passing = {".gate", ".db-wal", ".db-shm"}
    there = {p.relative_to(data) for p in data.rglob("*") if p.is_file()}
    there = {p for p in there if p.name not in LEFT_OUT and p.suffix not in passing}
    assert {p.relative_to(place) for p in place.rglob("*") if p.is_file()} == there | {
        Path(MANIFEST)
    }
    assert EDITIONS == editions.FOLDER


def test_its_account_names_nobody_and_counts_nothing_but_links(
    prepared: Prepared, told: str
) -> None:
    make_backup(prepared.settings, asked())
    ((place, _),) = backups_in(backups_folder(prepared.folders.data))
    account = json.loads((place / MANIFEST).read_text())
    wanted = {"format", "made", "kind", "catkin", "installation", "stores", "files", "own", "heads"}
    wanted.add("heads_mac")
    assert set(account) == wanted
    assert account["stores"] == {store: migrations.versions(store)[-1] for store in Store}
    (head,) = account["heads"].values()
    assert re.fullmatch(r"1-[0-9a-f]{16}", head)
    assert {name for each in account["files"].values() for name in each} == {"bytes", "sha256"}


def test_keys_are_copied_to_another_place_only(
    prepared: Prepared, told: str, tmp_path: Path
) -> None:
    keys, folder = prepared.folders.keys, backups_folder(prepared.folders.data)
    for wrong in (folder, folder / "keys", tmp_path, prepared.folders.data / "keys"):
        with pytest.raises(CannotStart, match="would lie together"):
            make_backup(prepared.settings, asked(keys_to=wrong))
    with pytest.raises(CannotStart, match="would lie together"):
        make_backup(prepared.settings, asked(to=keys / "backups"))
    assert not folder.exists()
    for _ in range(2):  # To the same place again, as the keys hardly ever change.
        make_backup(prepared.settings, asked(keys_to=tmp_path / "stick"))
    copied = {path.name: path.read_bytes() for path in (tmp_path / "stick").iterdir()}
    assert copied == {path.name: path.read_bytes() for path in keys.glob("*.key")}
    (tmp_path / "stick" / "cookies.key").write_text("another's")
    with pytest.raises(CannotStart, match="another key"):
        make_backup(prepared.settings, asked(keys_to=tmp_path / "stick"))
    assert (tmp_path / "stick" / "cookies.key").read_text() == "another's"


def test_a_folder_without_a_school_is_not_backed_up(prepared: Prepared, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no school in"):
        make_backup(prepared.settings, asked())
    with pytest.raises(CannotStart, match="no Catkin data in"):
        make_backup(Settings(data_dir=tmp_path / "nothing"), asked())
    (prepared.folders.data / "installation.json").unlink()
    with pytest.raises(CannotStart, match="no whole Catkin data in"):
        make_backup(prepared.settings, asked())
    assert not (prepared.folders.data / "installation.json").exists()
    assert not backups_folder(prepared.folders.data).exists()


def test_the_demo_is_not_backed_up(prepared: Prepared, told: str) -> None:
    (prepared.folders.data / "demo.json").touch()
    with pytest.raises(CannotStart, match="The demo in .* is not backed up"):
        make_backup(prepared.settings, asked())
    assert not backups_folder(prepared.folders.data).exists()


def test_a_backup_does_not_lie_in_what_it_backs_up(prepared: Prepared, told: str) -> None:
    with pytest.raises(CannotStart, match="inside the data folder"):
        make_backup(prepared.settings, asked(to=prepared.folders.data / "backups"))


def test_only_the_newest_nightly_backups_of_this_school_are_kept(
    prepared: Prepared, told: str, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    data, folder = prepared.folders.data, backups_folder(prepared.folders.data)
    first = back_up(data, folder, Kind.ASKED, TEN - timedelta(days=99))
    strange = back_up(data, folder, Kind.NIGHTLY, TEN - timedelta(days=98))
    account = json.loads((strange / MANIFEST).read_text()) | {"installation": "another"}
    (strange / MANIFEST).write_text(json.dumps(account))
    for _ in range(3):
        make_backup(prepared.settings, asked(nightly=True))
        clock.shift(timedelta(days=1))
    own = [place for place, m in backups_in(folder) if m.made >= TEN]
    thin_out(data, folder, Kind.NIGHTLY)
    assert len(list(folder.iterdir())) == 5
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(backup.NEWEST, Kind.NIGHTLY, 2)
        thin_out(data, folder, Kind.NIGHTLY)
        thin_out(data, folder, Kind.ASKED)
    assert set(folder.iterdir()) == {first, strange, *own[:2]}
    assert backup.NEWEST[Kind.NIGHTLY] == 14


@pytest.mark.parametrize("kind", [Kind.NIGHTLY, Kind.UPGRADE])
def test_backups_dated_in_days_to_come_never_push_out_what_was_just_made(
    prepared: Prepared, told: str, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    data, folder = prepared.folders.data, backups_folder(prepared.folders.data)
    monkeypatch.setitem(backup.NEWEST, kind, 2)
    wrong = [back_up(data, folder, kind, TEN + timedelta(days=500 + day)) for day in range(2)]
    assert last_backup(data) == TEN + timedelta(days=501)
    today = back_up(data, folder, kind, TEN)
    thin_out(data, folder, kind)
    assert set(folder.iterdir()) == {today, wrong[1]}
    assert last_backup(data) == TEN, "it hides no night on which there was none"
    newest = newest_to_read(data)
    assert newest is not None
    assert newest[0] == today, "nor what is tried out and asked for its canary"
    assert copies_of(data).beside == TEN


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root gives files away")
def test_a_backup_made_by_root_keeps_nobody_from_the_next(prepared: Prepared, told: str) -> None:
    data, user = prepared.folders.data, 4711
    os.chown(data, user, user)
    assert make_backup(prepared.settings, asked()) == 0
    lock = hold_alone(data / "mail.lock")
    assert lock is not None
    os.close(lock)
    made = [data / "backup.lock", data / backup.LAST, data / "mail.lock"]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(user, user)}


def passes(data: Path) -> list[bool]:
    """Whether a writer is let in to each store just now."""

    def try_one(store: Store) -> None:
        with suppress(StoreAway), gate_of(data, store).hold(wait=False):
            let_in.append(store)

    let_in: list[Store] = []
    for store in Store:
        other = threading.Thread(target=try_one, args=(store,))
        other.start()
        other.join()
    return [store in let_in for store in Store]


def test_both_stores_are_of_one_moment_and_writers_wait_no_longer(
    prepared: Prepared, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, seen = prepared.folders.data, []

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            if sql == migrations.TABLES:  # The first look is the moment.
                seen.append(passes(data))
            return super().execute(sql, *given)

    looking = snapshot.one_moment(data)
    with gate_of(data, Store.LEARNING).hold(), pytest.raises(RuntimeError, match="be writing"):
        looking.__enter__()
    monkeypatch.setattr(snapshot.sqlite3, "connect", partial(sqlite3.connect, factory=Watched))
    with snapshot.one_moment(data) as stores:
        assert seen == [[False, False], [False, False]]
        assert passes(data) == [True, True]
        assert list(stores) == [Store.SAFEGUARDING, Store.LEARNING]
        monkeypatch.undo()
        for store in Store:
            with closing(sqlite3.connect(file_of(data, store))) as opened:
                opened.execute("CREATE TABLE later (number INTEGER)")
        for store, source in stores.items():
            snapshot.copy_store(source, file_of(tmp_path, store))
            tables = rows(file_of(tmp_path, store), migrations.TABLES)
            assert "later" not in tables
            assert tables


def full(*given: Any, **named: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def sqlite_full(*given: Any) -> None:
    raise sqlite3.OperationalError("database or disk is full")


BREAKS = (
    ("keep_free", full),
    ("copy_store", sqlite_full),
    ("put_down", full),
    ("write_once", full),
)


def test_a_full_disk_leaves_no_backup_and_says_so(
    prepared: Prepared, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = backups_folder(prepared.folders.data)
    make_backup(prepared.settings, asked())
    before = everything(folder) | everything(prepared.folders.data)
    for part, breaks in BREAKS:
        with monkeypatch.context() as patched:
            patched.setattr(backup, part, breaks)
            with pytest.raises(CannotStart, match="No backup was made: the disk of .* is full"):
                make_backup(prepared.settings, asked())
        assert everything(folder) | everything(prepared.folders.data) == before
        assert len(list(folder.iterdir())) == 1


def test_some_room_is_left_for_what_a_child_tells_just_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = disks.SPARE + 1000
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Namespace(free=free))
    disks.keep_free(tmp_path, 1000)
    with pytest.raises(OSError, match="No space"):
        disks.keep_free(tmp_path, 1001)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_that_fills_up_half_way(prepared: Prepared, told: str, tmp_path: Path) -> None:
    to = tmp_path / "stick"
    to.mkdir()
    mount = f"mount -t tmpfs -o size=300k none '{to}' && \"$@\"; echo $?; ls -A '{to}'"
    alone = ["unshare", "--mount", "sh", "-c", mount, "sh"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this root may not mount anything")
    settings = prepared.settings
    folders = {"DATA_DIR": str(settings.data_dir), "KEYS_DIR": str(settings.keys_dir)}
    done = subprocess.run(
        [*alone, sys.executable, *SPARED, "data", "backup", "--to", str(to)],
        env={**os.environ, **folders}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr.startswith(f"No backup was made: the disk of {to} is full.")
    assert done.stderr.count("\n") == 1
    assert done.stdout == "1\n"


KILLED = """
import os, signal, sys
from pathlib import Path
from datetime import datetime, UTC
from app.base import backup
from app.base.manifest import Kind

def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)

data, folder = map(Path, sys.argv[1:])
for part in ("same", "piece_of", "write_once", "_named"):
    child = os.fork()
    if child == 0:
        setattr(backup, part, die)
        backup.back_up(data, folder, Kind.ASKED, datetime.now(UTC))
    print(part, os.waitpid(child, 0)[1], len(list(folder.iterdir())))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_backup_that_is_killed_never_passes_for_one(
    prepared: Prepared, told: str, tmp_path: Path
) -> None:
    data, folder = prepared.folders.data, tmp_path / "b"
    call = [sys.executable, "-c", KILLED, str(data), str(folder)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    # Each leaves its half, and removes the one before.
    killed = [f"{part} {int(signal.SIGKILL)} 1" for part in ("same", "piece_of", "write_once")]
    assert done.stdout.splitlines() == [*killed, f"_named {int(signal.SIGKILL)} 1"]
    assert backups_in(folder) == []
    assert last_backup(data) is None
    place = back_up(data, folder, Kind.ASKED, TEN)
    assert list(folder.iterdir()) == [place]


def test_a_damaged_database_is_not_taken_for_a_backup(
    prepared: Prepared, told: str, tmp_path: Path
) -> None:
    data = prepared.folders.data
    file = file_of(data, Store.LEARNING)
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = store.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'pupil'"
        ).fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4096)
        opened.write(b"\xff" * 4096)
    with pytest.raises(CannotStart, match="learning.db is damaged"):
        back_up(data, tmp_path / "b", Kind.NIGHTLY, TEN)
    assert list((tmp_path / "b").iterdir()) == []


def test_two_backups_at_once_are_one(prepared: Prepared, told: str, tmp_path: Path) -> None:
    data = prepared.folders.data
    with backup._alone(data), pytest.raises(CannotStart, match="Another backup"):
        back_up(data, tmp_path / "b", Kind.ASKED, TEN)
    assert not (tmp_path / "b").exists()


def test_the_newest_backup_is_known_wherever_it_was_put(
    prepared: Prepared, told: str, tmp_path: Path
) -> None:
    data = prepared.folders.data
    back_up(data, backups_folder(data), Kind.NIGHTLY, datetime(2026, 1, 1, tzinfo=UTC))
    stick = tmp_path / "stick"
    place = back_up(data, stick, Kind.ASKED, TEN)
    assert last_backup(data) == TEN
    stick.rename(tmp_path / "pulled out")
    assert last_backup(data) == TEN
    (tmp_path / "pulled out").rename(stick)
    shutil.rmtree(place)
    assert last_backup(data) == datetime(2026, 1, 1, tzinfo=UTC)
    (data / "installation.json").write_text('{"id": "another"}')
    assert last_backup(data) is None

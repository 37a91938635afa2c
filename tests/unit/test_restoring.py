"""Putting a backup back: all of it or nothing, never over a school, with keys that fit."""

from __future__ import annotations

import json
import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.base import restore, sealing
from app.base.backup import back_up
from app.base.database import Store, engine_of, file_of
from app.base.errors import CannotStart
from app.base.keys import KeyFolder
from app.base.manifest import FORMAT, MANIFEST, Kind, with_checksum
from app.base.running import hold_folder
from app.cli.backup import restore_backup
from app.config import Settings
from app.prepare import Prepared, prepare
from app.safeguarding.actions.canary import fly
from app.safeguarding.actions.drain import drain
from tests.at_desk import WORDS, AtDesk, adult_browser, school_with_team, tell
from tests.at_school import TEN, wording
from tests.quick import locked

OKAFOR = "okafor@example.sch.uk"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def told(app: Flask, desk: AtDesk) -> str:
    """The reference of what a child told the teacher."""
    return tell(app, desk, to=(desk.school.okafor,))


@pytest.fixture
def kept(prepared: Prepared, told: str, tmp_path: Path) -> Path:
    """A backup of that school."""
    return back_up(prepared.folders.data, tmp_path / "kept", Kind.ASKED, TEN)


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """Another computer, on another port."""
    return Settings(port=8123, data_dir=tmp_path / "new" / "data", keys_dir=tmp_path / "new" / "k")


Put = Callable[..., None]


@pytest.fixture
def put_back(kept: Path, fresh: Settings) -> Put:
    """The command, on the fresh folders."""

    def put(backup: Path = kept, settings: Settings = fresh, keys: Path | None = None) -> None:
        assert restore_backup(settings, Namespace(backup=backup, keys=keys)) == 0

    return put


def refused(put: Put, **given: Any) -> str:
    with pytest.raises(CannotStart) as caught:
        put(**given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def started(fresh: Settings) -> Iterator[Callable[[], Flask]]:
    """Starts Catkin on the fresh folders."""
    apps: list[Flask] = []

    def start() -> Flask:
        apps.append(create_app(prepare(fresh), testing=True))
        return apps[-1]

    yield start
    for app in apps:
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()


def test_with_its_keys_it_is_the_same_school_and_the_concern_is_read(
    prepared: Prepared, told: str, put_back: Put, started: Any, capsys: Any
) -> None:
    put_back(keys=prepared.folders.keys)
    assert "16 November 2026, 10:00" in (said := capsys.readouterr().out)
    assert "what children told can be read" in said
    there = started()
    assert there.extensions["catkin"].setup_code is None
    assert there.extensions["catkin"].remarks == ()
    assert WORDS in wording(adult_browser(there, OKAFOR).get(f"/concerns/{told}"))
    assert list(there.extensions["catkin"].folders.data.glob(".*")) == []


def test_what_the_old_computer_found_about_itself_does_not_count_on_this_one(
    prepared: Prepared, app: Flask, desk: AtDesk, put_back: Put, started: Any, tmp_path: Path
) -> None:
    with app.app_context():
        fly(desk.id)
    assert "Catkin tried itself at 10:00. Telling works." in works_of(app)
    backup = back_up(prepared.folders.data, tmp_path / "flown", Kind.ASKED, TEN)
    put_back(backup, keys=prepared.folders.keys)
    there = started()
    assert "Not tried on this computer yet." in works_of(there)
    with there.app_context():
        fly(desk.id)
    assert "Catkin tried itself at 10:00. Telling works." in works_of(there)


def works_of(app: Flask) -> str:
    return wording(adult_browser(app, "lane.okafor@example.sch.uk").get("/concerns/works"))


def test_what_waited_in_the_spool_comes_back_with_the_rest_and_is_never_put_over(
    app: Flask, prepared: Prepared, desk: AtDesk, put_back: Put, fresh: Settings, started: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    with locked(app, Store.SAFEGUARDING):
        waits = tell(app, desk, to=(desk.school.okafor,))
    later = back_up(prepared.folders.data, tmp_path / "later", Kind.ASKED, TEN)
    waiting = fresh.data_dir / "spool"
    for name in ("a" * 64, f"{'a' * 64}.damaged", f"drafts/{'a' * 64}"):
        (waiting / name).parent.mkdir(parents=True)
        (waiting / name).write_bytes(b"of somebody else")
        assert "lies unfiled" in refused(put_back, backup=later)
        shutil.rmtree(waiting)
    put_back(backup=later, keys=prepared.folders.keys)
    there = started()
    with there.app_context():
        drain(desk.id)
    assert WORDS in wording(adult_browser(there, OKAFOR).get(f"/concerns/{waits}"))
    assert not list(waiting.iterdir())


def test_without_its_keys_it_says_so_pupils_tell_and_the_keys_can_follow(
    prepared: Prepared, desk: AtDesk, told: str, put_back: Put, fresh: Settings, started: Any,
    capsys: Any,
) -> None:  # fmt: skip
    put_back()
    said = capsys.readouterr().out
    assert f"Its keys are not in {fresh.keys_dir}. Pupils can tell, but nobody can read" in said
    assert fresh.keys_dir is not None
    there = started()
    assert WORDS not in wording(adult_browser(there, OKAFOR).get(f"/concerns/{told}"))
    later = tell(there, desk, to=(desk.school.okafor,))
    for file in prepared.folders.keys.glob("school-*.key"):
        shutil.copy(file, fresh.keys_dir)
    for reference in (told, later):
        assert WORDS in wording(adult_browser(there, OKAFOR).get(f"/concerns/{reference}"))


def test_keys_that_are_there_already_are_found(
    prepared: Prepared, put_back: Put, fresh: Settings, capsys: Any
) -> None:
    assert fresh.keys_dir is not None
    shutil.copytree(prepared.folders.keys, fresh.keys_dir)
    put_back()
    assert "what children told can be read" in capsys.readouterr().out


def spoil(school: Path, harm: str) -> None:
    """Put another key, half a key, or none under the name of the school's key."""
    text = school.read_text()
    school.unlink()
    if harm != "none":
        school.write_text(sealing.new_pair()[0].hex() if harm == "another" else text[:40])


WRONG = [("another", True), ("another", False), ("half", True), ("half", False), ("none", True)]


def test_wrong_keys_for_the_right_data_are_told_before_anything_is_put_in_place(
    prepared: Prepared, put_back: Put, fresh: Settings, tmp_path: Path
) -> None:
    assert fresh.keys_dir is not None
    for harm, given in WRONG:
        wrong = tmp_path / "wrong" if given else fresh.keys_dir
        shutil.copytree(prepared.folders.keys, wrong)
        spoil(next(wrong.glob("school-*.key")), harm)
        before = {p.name: p.read_bytes() for p in wrong.iterdir()}
        said = refused(put_back, keys=wrong if given else None)
        assert str(wrong) in said, harm
        assert "cannot open what its children told. Nothing was put back." in said
        assert not fresh.data_dir.exists()
        assert {p.name: p.read_bytes() for p in wrong.iterdir()} == before
        assert not given or not fresh.keys_dir.exists()
        shutil.rmtree(wrong)


def test_a_folder_where_nobody_set_up_a_school_gives_way_and_its_keys_are_kept_aside(
    prepared: Prepared, told: str, put_back: Put, fresh: Settings, started: Any
) -> None:
    assert fresh.keys_dir is not None
    empty = prepare(fresh)
    old = KeyFolder(fresh.keys_dir).read("pictures")
    put_back(keys=prepared.folders.keys)
    there = started()
    assert there.extensions["catkin"].folders.installation_id != empty.folders.installation_id
    assert KeyFolder(fresh.keys_dir).read("pictures") == prepared.keys.read("pictures")
    (aside,) = fresh.keys_dir.glob("pictures.key.before-*")
    assert bytes.fromhex(aside.read_text()) == old
    assert WORDS in wording(adult_browser(there, OKAFOR).get(f"/concerns/{told}"))


def test_the_keys_of_another_school_stay(
    prepared: Prepared, put_back: Put, fresh: Settings
) -> None:
    assert fresh.keys_dir is not None
    other = KeyFolder(fresh.keys_dir)
    fresh.keys_dir.mkdir(parents=True)
    other.make_once("school-another-1", bytes(32))
    assert "the keys of another school" in refused(put_back, keys=prepared.folders.keys)
    assert [path.name for path in fresh.keys_dir.iterdir()] == ["school-another-1.key"]
    assert not fresh.data_dir.exists()


def test_no_backup_is_put_over_a_school(prepared: Prepared, kept: Path, put_back: Put) -> None:
    data = prepared.folders.data
    before = {p: p.read_bytes() for p in data.glob("*.db")}
    said = refused(put_back, settings=prepared.settings)
    assert f"A school lives in {data}" in said
    assert {p: p.read_bytes() for p in data.glob("*.db")} == before


def test_no_backup_is_put_over_concerns_that_lost_their_school(
    prepared: Prepared, kept: Path, put_back: Put
) -> None:
    for part in prepared.folders.data.glob("learning.db*"):
        part.unlink()
    assert "A school lives in" in refused(put_back, settings=prepared.settings)


def test_a_damaged_school_is_moved_away_first_and_the_refusal_says_so(
    prepared: Prepared, kept: Path, put_back: Put
) -> None:
    data = prepared.folders.data
    file_of(data, Store.LEARNING).write_bytes(b"no database" * 100)
    said = refused(put_back, settings=prepared.settings)
    assert said.endswith(
        "is damaged. Move the data folder away, then put a backup back there:"
        " .venv/bin/python -m app data restore BACKUP"
    )
    data.rename(data.with_name("away"))
    put_back(settings=prepared.settings)


def test_no_real_school_becomes_the_demo(put_back: Put, fresh: Settings) -> None:
    fresh.data_dir.mkdir(parents=True)
    (fresh.data_dir / "demo.json").touch()
    assert "holds the demo" in refused(put_back)
    assert [path.name for path in fresh.data_dir.iterdir()] == ["demo.json"]


def test_no_backup_is_put_under_a_running_catkin(put_back: Put, fresh: Settings) -> None:
    prepare(fresh)
    lock = hold_folder(fresh.data_dir, "http://127.0.0.1:9000")
    assert "Another Catkin, at http://127.0.0.1:9000, is using" in refused(put_back)
    with closing(open(lock, "rb")):
        pass
    put_back()


def account(backup: Path, **changed: Any) -> None:
    """Write a backup's account anew, with other entries."""
    says = json.loads((backup / MANIFEST).read_text()) | changed
    says.pop("own", None)
    (backup / MANIFEST).write_bytes(with_checksum(says))


NEWER = {"learning": "0099", "safeguarding": "0001"}


def test_the_backup_of_a_newer_catkin_is_refused(
    kept: Path, put_back: Put, fresh: Settings
) -> None:
    account(kept, stores=NEWER, catkin="9.9")
    assert "made by a newer Catkin (9.9): update Catkin first" in refused(put_back)
    account(kept, format=FORMAT + 1)
    assert "made by a newer Catkin: update Catkin first" in refused(put_back)
    assert not fresh.data_dir.exists()


def flip(file: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def stray(backup: Path) -> None:
    files = json.loads((backup / MANIFEST).read_text())["files"]
    (backup.parent / "stray").write_text("x")
    account(backup, files=files | {"editions/../../stray": files["installation.json"]})


HARM: dict[str, Callable[[Path], object]] = {
    "a bit of the people": lambda b: flip(b / "learning.db"),
    "a bit of the concerns": lambda b: flip(b / "safeguarding.db"),
    "a bit of a text": lambda b: flip(sorted((b / "editions").iterdir())[0]),
    "a text gone": lambda b: sorted((b / "editions").iterdir())[0].unlink(),
    "a store gone": lambda b: (b / "safeguarding.db").unlink(),
    "an account that is none": lambda b: (b / MANIFEST).write_text("{}"),
    "half an account": lambda b: (b / MANIFEST).write_bytes((b / MANIFEST).read_bytes()[:99]),
    "no account": lambda b: (b / MANIFEST).unlink(),
    "an account of other files": lambda b: account(b, files={}),
    "an account of a file elsewhere": stray,
    "another version": lambda b: account(b, stores={"learning": "0001", "safeguarding": "0001"}),
}


def test_a_damaged_backup_is_refused(kept: Path, put_back: Put, fresh: Settings) -> None:
    for name, harm in HARM.items():
        harmed = kept.with_name("harmed")
        shutil.copytree(kept, harmed)
        harm(harmed)
        said = refused(put_back, backup=harmed)
        assert "damaged" in said or "not a whole Catkin backup" in said, name
        assert str(harmed) in said
        older = f"Use an older one: {kept.name}, beside it, is whole."
        assert older in said or "is damaged" not in said, name
        assert not fresh.data_dir.exists(), name
        shutil.rmtree(harmed)


def test_only_a_whole_backup_is_offered_in_place_of_a_damaged_one(
    kept: Path, put_back: Put
) -> None:
    other = kept.with_name("catkin-other")
    shutil.copytree(kept, other)
    for harmed in (kept, other):
        (harmed / "safeguarding.db").write_bytes(b"harmed")
    assert refused(put_back).endswith("is not as it was. Use an older one.")


def test_a_full_disk_leaves_nothing(
    put_back: Put, fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Path) -> None:
        raise OSError(28, "No space left on device")

    prepare(fresh)
    before = {p.name for p in fresh.data_dir.iterdir()} | {"running.lock"}
    monkeypatch.setattr(restore, "sync", full)
    assert "Nothing was put back: the disk of" in refused(put_back)
    assert {p.name for p in fresh.data_dir.iterdir()} == before


class PowerCutError(BaseException):
    """The computer goes off."""


def test_a_power_cut_while_it_is_moved_in_is_made_good_by_the_next_start(
    prepared: Prepared, kept: Path, put_back: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, done = Path.replace, []

    def cut(self: Path, target: Path) -> Path:
        if len(done) == moves:
            raise PowerCutError
        done.append(self.name)
        return replace(self, target)

    for moves in range(4):
        here = Settings(data_dir=tmp_path / f"{moves}" / "data", keys_dir=tmp_path / f"{moves}k")
        prepare(here)
        done.clear()
        monkeypatch.setattr(Path, "replace", cut)
        with pytest.raises(PowerCutError):
            put_back(settings=here, keys=prepared.folders.keys)
        monkeypatch.setattr(Path, "replace", replace)
        there = prepare(here)
        assert there.folders.installation_id == prepared.folders.installation_id
        assert there.setup_code is None
        assert not (here.data_dir / restore.READY).exists()
        for store in Store:
            moved = file_of(here.data_dir, store)
            assert content_of(moved) == content_of(file_of(prepared.folders.data, store))


ADDED = ('INSERT INTO "audit"', 'INSERT INTO "link"')


def content_of(file: Path) -> list[str]:
    """All that a store holds, as text, but that it was put back; links hold that and all else."""
    with closing(sqlite3.connect(file)) as store:
        lines = list(store.iterdump())
    return sorted(line for line in lines if not line.startswith(ADDED))


def test_what_a_killed_restore_left_goes(put_back: Put, fresh: Settings) -> None:
    half = fresh.data_dir / f"{restore.HALF}abc"
    half.mkdir(parents=True)
    (half / "learning.db").write_text("half")
    put_back()
    assert not half.exists()
    with closing(sqlite3.connect(file_of(fresh.data_dir, Store.LEARNING))) as store:
        assert store.execute("SELECT count(*) FROM school").fetchone() == (1,)

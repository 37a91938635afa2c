"""`python -m app doctor`: each part broken on purpose is named, and nothing is ever changed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.base.backup import back_up as make_backup
from app.base.database import Store, engine_of, file_of
from app.base.demo_mark import put_mark
from app.base.manifest import Kind
from app.cli import run_command
from app.cli.doctor import look_at_all
from app.config import Settings
from app.content.problems import Problem
from app.content.registers import read_registers
from app.health import lessons as lessons_looked_at
from app.health import machine, reaching
from app.health.doctor import examine
from app.health.findings import Finding, Mark
from app.prepare import prepare
from tests.at_school import TEN
from tests.founded import found_oak_lane
from tests.mail_server import Post, mail_server
from tests.proving import tampering


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school that was set up, whose Catkin has been stopped."""
    folder = tmp_path_factory.mktemp("school")
    with time_machine.travel(TEN, tick=False):
        settings = Settings(data_dir=folder / "data", keys_dir=folder / "keys")
        app: Flask = create_app(prepare(settings), testing=True)
        found_oak_lane(app)
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, with a backup of this night. The content is looked at in one test alone."""
    shutil.copytree(built, tmp_path / "school")
    back_up(tmp_path / "school", timedelta(hours=8))
    monkeypatch.setattr(lessons_looked_at, "check", lambda _root: [])
    return tmp_path / "school"


def back_up(folder: Path, ago: timedelta) -> None:
    shutil.rmtree(folder / "data-backups", ignore_errors=True)
    make_backup(folder / "data", folder / "data-backups", Kind.NIGHTLY, TEN - ago)


def settings_of(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", keys_dir=folder / "keys")


def looked(folder: Path, **other: object) -> dict[str, Finding]:
    return {one.name: one for one in examine(replace(settings_of(folder), **other))}  # type: ignore[arg-type]


def to_mend(folder: Path, **other: object) -> set[str]:
    found = looked(folder, **other)
    assert all(one.do for one in found.values() if one.mark is not Mark.OK)
    return {name for name, one in found.items() if one.mark is Mark.MEND}


def everything(folder: Path) -> dict[str, tuple[object, ...]]:
    stats = ((path, path.lstat()) for path in (folder, *folder.rglob("*")))
    return {
        str(path): (s.st_mode, s.st_size, s.st_mtime_ns, path.is_file() and path.read_bytes())
        for path, s in stats
    }


def test_a_school_that_is_well_has_nothing_to_mend_and_nothing_is_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(folder)
    assert look_at_all(settings_of(folder), as_json=False) == 0
    said = capsys.readouterr().out
    assert everything(folder) == before
    marks = {name: one.mark for name, one in looked(folder).items()}
    assert marks.pop("Catkin") is Mark.LOOK, "it does not run"
    assert marks.pop("E-mail") is Mark.LOOK, "no mail server is named"
    assert marks.pop("Recovery key") is Mark.LOOK, "none was printed"
    assert marks.pop("Call outside") is Mark.LOOK, "nobody wrote it down"
    for one in ("Second copy", "Copy taken away"):
        assert marks.pop(one) is Mark.LOOK, "nobody named it yet"
    assert set(marks.values()) == {Mark.OK}
    assert {"Folders", "Keys", "Databases", "Versions", "Clock", "Space", "Backup"} < set(marks)
    assert said.endswith("To mend: 0. To look at: 6.\n")
    for name in ("Lane", "Okafor", "Amina", "oaklane", "Oak Lane", "Hazel"):
        assert name not in said


def test_it_is_called_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("KEYS_DIR", str(folder / "keys"))
    assert run_command(["doctor"]) == 0
    assert capsys.readouterr().out.endswith("To mend: 0. To look at: 6.\n")
    assert run_command(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mend"] == 0


def test_what_to_do_can_be_typed_as_it_stands(folder: Path) -> None:
    spaced = folder.rename(folder.with_name("the school"))
    (spaced / "data" / "learning.db").chmod(0o644)
    assert looked(spaced)["Folders"].do.endswith(f"chmod -R go-rwx '{spaced}/data' '{spaced}/keys'")


def test_what_to_do_names_the_folders_that_are_not_the_usual_ones(folder: Path) -> None:
    spaced = folder.rename(folder.with_name("the school"))
    old_backup(spaced)
    given, found = f"DATA_DIR='{spaced}/data' KEYS_DIR='{spaced}/keys'", looked(spaced)
    backup = ".venv/bin/python -m app data backup"
    assert found["Backup"].do == f"Make one now: {given} {backup}"
    assert found["Catkin"].do == f"Start it: {given} make run"
    assert str(spaced) not in machine.backup(spaced / "data").do, "the Health page has no paths"


def test_nobody_is_to_back_up_the_demo(folder: Path) -> None:
    no_backup(folder)
    put_mark(folder / "data")
    assert looked(folder)["Backup"].mark is Mark.OK


def test_the_same_for_a_machine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "keys" / "pictures.key").write_text("torn")
    assert look_at_all(settings_of(folder), as_json=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["mend"] == 1
    (bad,) = (one for one in said["parts"] if one["mark"] == "Mend")
    assert (bad["part"], bad["says"]) == ("Keys", "The key “pictures” is damaged.")
    assert "app data recover-keys" in bad["do"]


def test_the_key_of_sign_ins_is_made_again_by_a_start(folder: Path) -> None:
    (folder / "keys" / "cookies.key").unlink()
    found = looked(folder)["Keys"]
    assert (found.mark, found.says) == (Mark.LOOK, "The key “cookies” is missing.")
    assert found.do == "Start Catkin: it makes another, and everyone signs in again."


def sql(store: Store, statement: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        connection = sqlite3.connect(file_of(folder / "data", store))
        connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def lose_private_key(folder: Path) -> None:
    own = {"cookies.key", "pictures.key"}
    for path in (folder / "keys").glob("*.key"):
        if path.name not in own:
            path.unlink()


def swap_private_key(folder: Path) -> None:
    own = {"cookies.key", "pictures.key"}
    for path in (folder / "keys").glob("*.key"):
        if path.name not in own:
            path.write_text("ab" * 32)


def damage(folder: Path) -> None:
    file = file_of(folder / "data", Store.LEARNING)
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 40] = os.urandom(4096 * 37)
    file.write_bytes(content)


def no_database(folder: Path) -> None:
    file_of(folder / "data", Store.SAFEGUARDING).write_bytes(b"not a database" * 1000)


def lose_database(folder: Path) -> None:
    file_of(folder / "data", Store.SAFEGUARDING).unlink()


def open_to_all(folder: Path) -> None:
    file_of(folder / "data", Store.LEARNING).chmod(0o644)


def no_backup(folder: Path) -> None:
    shutil.rmtree(folder / "data-backups")


def move_backups_away(folder: Path) -> None:
    (folder / "data-backups").rename(folder / "elsewhere")


def torn_backup(folder: Path) -> None:
    (place,) = (folder / "data-backups").iterdir()
    with file_of(place, Store.LEARNING).open("r+b") as file:
        file.seek(5000)
        file.write(b"torn")


def altered_concern(folder: Path) -> None:
    with tampering(folder / "data") as file:
        file.execute(
            "INSERT INTO link (school_id, number, holds, digest, mac, made_at)"
            " SELECT school_id, 1, '[]', x'00', x'00', made_at FROM school_key"
        )
        file.commit()


def old_backup(folder: Path) -> None:
    back_up(folder, timedelta(days=30))


BROKEN: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "the private key is gone": (lose_private_key, {"Keys"}),
    "the private key is another's": (swap_private_key, {"Keys"}),
    "a database is damaged": (damage, {"Databases"}),
    "a database is no database": (
        no_database,
        {"Databases", "Versions", "Tables", "Keys", "Record", "Recovery key"},
    ),
    "a database is missing": (lose_database, {"Databases", "Keys"}),
    "newer data": (
        sql(Store.LEARNING, "UPDATE alembic_version SET version_num = '9999'"),
        {"Versions"},
    ),
    "the clock is behind": (
        sql(Store.LEARNING, "UPDATE sign_in SET seen_at = '2031-01-01 10:00:00.000000'"),
        {"Clock"},
    ),
    "the chair left": (
        sql(
            Store.LEARNING,
            "UPDATE staff SET left_at = made_at WHERE id IN"
            " (SELECT staff_id FROM staff_role WHERE role = 'chair of governors')",
        ),
        {"Three adults"},
    ),
    "no backup": (no_backup, {"Backup"}),
    "backups moved away": (move_backups_away, {"Backup"}),
    "a torn backup": (torn_backup, {"Backup"}),
    "sign-ins renamed": (
        sql(Store.LEARNING, "ALTER TABLE sign_in RENAME TO away"),
        {"Tables"},
    ),
    "the record was altered": (altered_concern, {"Record"}),
    "an old backup": (old_backup, {"Backup"}),
    "others may read": (open_to_all, {"Folders"} if os.name == "posix" else set()),
}


@pytest.mark.tampers
@pytest.mark.parametrize("how", BROKEN)
def test_what_is_broken_is_named(folder: Path, how: str) -> None:
    breaks, named = BROKEN[how]
    breaks(folder)
    found = to_mend(folder)
    assert named <= found
    if how != "a database is damaged":
        assert found == named


def test_a_full_disk_a_wrong_year_and_lessons_to_mend_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    usage = shutil.disk_usage(folder)._replace(free=1024**2)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path: usage)
    problem = Problem("lessons/7-9/tell.md", 3, "a word", "mend it")
    monkeypatch.setattr(lessons_looked_at, "check", lambda _root: [problem])
    assert to_mend(folder) == {"Space", "Lessons"}
    clock.move_to(datetime(1999, 1, 1, tzinfo=TEN.tzinfo))
    assert "Clock" in to_mend(folder)


def test_a_disk_that_takes_no_telling_is_called_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(folder)._replace(free=1024)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path: usage)
    for ballast, says in ((9 << 20, "nearly full"), (0, "Children cannot tell now.")):
        with (folder / "data" / "ballast").open("wb") as file:
            file.truncate(ballast)
        assert says in machine.space(folder / "data").says


def test_a_mail_server_is_tried_and_what_is_wrong_with_it_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as post:
        assert looked(folder, mail=post.as_setting())["E-mail"].mark is Mark.OK
        assert post.letters == []
        post.fault = "hang"
        monkeypatch.setattr(reaching, "SHORT", 0.3)
        said = looked(folder, mail=post.as_setting())["E-mail"]
    assert (said.mark, "did not answer in time" in said.says) == (Mark.MEND, True)


@pytest.mark.parametrize("there", ["nothing", "a file", "an empty folder", "a torn name"])
def test_a_folder_that_is_missing_or_broken_is_said_and_no_more(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(lessons_looked_at, "check", lambda _root: [])
    data = tmp_path / "data"
    if there == "a file":
        data.write_text("")
    elif there != "nothing":
        data.mkdir(mode=0o700)
    if there == "a torn name":
        (data / "installation.json").write_text('{"id": ')
        (data / "running.lock").write_bytes(b"\xff\xfe")
    before = everything(tmp_path)
    assert look_at_all(Settings(data_dir=data), as_json=False) == 1
    assert "Folders:" in capsys.readouterr().out
    assert everything(tmp_path) == before


def test_the_content_is_looked_at_as_the_check_does(tmp_path: Path) -> None:
    (tmp_path / "lessons" / "facts").mkdir(parents=True)
    assert lessons_looked_at.content(tmp_path).mark is Mark.MEND
    assert lessons_looked_at.content(Settings().content_dir).mark is Mark.OK


@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        ("", 0, "The mail server took it."),
        ("sign-in", 1, "refused the user name or password. Check SMTP_USER and SMTP_PASSWORD."),
    ],
)
def test_a_message_can_be_tried(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: str,
    code: int,
    says: str,
) -> None:
    with mail_server(Post(fault)) as post:
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(post.port),
            "SECURITY": "none",
            "USER": "catkin",
            "PASSWORD": "three red kettles",
            "FROM": "a@oaklane.sch.uk",
        }.items():
            monkeypatch.setenv(f"SMTP_{name}", value)
        assert run_command(["mail", "test", "head@oaklane.sch.uk"]) == code
    said = capsys.readouterr().out
    assert says in said
    assert "kettles" not in said
    texts = [text for _, text in post.letters]
    assert all("This is a test from Catkin. Nothing waits for you." in text for text in texts)
    assert len(texts) == (0 if fault else 1)


def test_the_doctor_is_a_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("KEYS_DIR", str(folder / "keys"))
    assert run_command(["doctor"]) == 0
    assert "To mend: 0." in capsys.readouterr().out


def test_without_a_mail_server_there_is_nothing_to_try(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SMTP_HOST", raising=False)
    assert run_command(["mail", "test", "head@oaklane.sch.uk"]) == 1
    assert "SMTP_HOST" in capsys.readouterr().out


def test_each_register_that_has_a_date_is_looked_at() -> None:
    known = read_registers(Settings().content_dir)
    assert known.age_facts is not None
    assert known.blocking is not None
    root, ways = Settings().content_dir, [one.recheck for one in known.blocking.services.values()]
    assert lessons_looked_at.ways_past(known.blocking, max(ways)) == len(ways) > 1
    assert lessons_looked_at.ways_past(known.blocking, min(ways) - timedelta(days=1)) == 0
    one = lessons_looked_at.facts([], 1)
    assert (one.mark, one.says) == (
        Mark.LOOK,
        "Facts are past the date to look again."
        " How to block and report in 1 service is past it; families are sent to the service.",
    )
    both = lessons_looked_at.facts_in(root, max(ways) + timedelta(days=900))
    assert f"{len(ways)} services are past it" in both.says
    assert "pupils see no number" in both.says
    assert lessons_looked_at.facts([], 0).mark is Mark.OK

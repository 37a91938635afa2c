"""The safeguarding page on a bad morning: each station really broken, and the page names it."""

from __future__ import annotations

import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event

from app.base import clock as clocks
from app.base.backup import backups_folder
from app.base.database import Store, db, engine_of, file_of, writing
from app.cli.backup import make_backup
from app.people.rules import Role
from app.people.tables import SignIn, Staff
from app.safeguarding.actions.canary import fly, keep_watch
from app.safeguarding.actions.mail import check_mail
from app.safeguarding.chain import chain_key_name
from app.safeguarding.tables import CanaryLook, Concern
from app.safeguarding.words import key_name
from tests.at_school import TEN, press, wording
from tests.breaking import table_away
from tests.founded import Founded
from tests.letters import tell
from tests.mail_server import Post, mail_server
from tests.proving import tampering

SEVEN = TEN - timedelta(hours=3)
RED = "Telling may not reach anyone today."
CLOSED = "Concerns cannot be read just now. Children can still tell."
TITLES = (
    RED,
    CLOSED,
    "No e-mail goes out. Concerns are in your list.",
    "Too few adults can see what children tell.",
    "Pupils cannot sign in as they should. They can tell without.",
    "Telling works, but what keeps it safe does not.",
)
CALM = "Telling works."
NIGHTLY = Namespace(to=None, keys_to=None, nightly=True)


def flown(school: Founded, *, day: timedelta = timedelta()) -> None:
    with school.app.app_context():
        fly(school.id)


def page_of(school: Founded, role: str = "DSL") -> str:
    return wording(school.adult(role).get("/concerns"))


@contextmanager
def takes_nothing(app: Flask, store: Store) -> Iterator[None]:
    """The store as on a disk that is read-only by now: SQLite itself refuses each write."""

    def refuse(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    with app.app_context():
        engine = engine_of(store)
    engine.dispose()
    event.listen(engine, "connect", refuse)
    try:
        yield
    finally:
        event.remove(engine, "connect", refuse)
        engine.dispose()


def test_a_calm_line_and_nothing_of_it_anywhere_else(school: Founded) -> None:
    flown(school)
    said = page_of(school)
    assert "Catkin tried itself at 10:00. Telling works." in said
    assert RED not in said
    with school.app.app_context():
        looks = db.session.query(CanaryLook).filter_by(school_id=school.id).all()
        assert {look.station: look.why for look in looks if look.why} == {
            "notice": "no mail server",
            "backup": "not yet",
        }
        assert len(looks) == 6
        nobodys = db.session.query(SignIn).filter_by(school_id=school.id, pupil_id=None)
        assert nobodys.filter_by(staff_id=None).count() == 0, "the sign-in of nobody is gone"


def sign_in_table_away(school: Founded, _clock: Any) -> None:
    with table_away(school.app, Store.LEARNING, "sign_in"):
        flown(school)


def learning_takes_nothing(school: Founded, _clock: Any) -> None:
    with takes_nothing(school.app, Store.LEARNING):
        flown(school)


def pictures_key_away(school: Founded, _clock: Any) -> None:
    school.app.extensions["catkin"].keys.file("pictures").unlink()
    flown(school)


def concerns_take_nothing(school: Founded, _clock: Any) -> None:
    with takes_nothing(school.app, Store.SAFEGUARDING):
        flown(school)


def words_away(school: Founded, _clock: Any) -> None:
    with table_away(school.app, Store.SAFEGUARDING, "words"):
        flown(school)


def key_away(school: Founded, _clock: Any) -> None:
    school.app.extensions["catkin"].keys.file(key_name(school.id, 1)).unlink()
    flown(school)


def _leave(school: Founded, *roles: str) -> None:
    with school.app.app_context(), writing(Store.LEARNING) as session:
        for role in roles:
            session.get_one(Staff, school.adults[role]).left_at = clocks.now()


def only_one_in_the_team(school: Founded, _clock: Any) -> None:
    _leave(school, Role.HEAD, Role.CHAIR)
    flown(school)


def nobody_from_outside(school: Founded, _clock: Any) -> None:
    _leave(school, Role.CHAIR)
    flown(school)


@contextmanager
def mailed(school: Founded) -> Iterator[Post]:
    with mail_server() as there:
        prepared = school.app.extensions["catkin"]
        settings = replace(prepared.settings, mail=there.as_setting())
        school.app.extensions["catkin"] = replace(prepared, settings=settings)
        yield there


def mail_refuses_everybody(school: Founded, _clock: Any) -> None:
    with mailed(school) as there, school.app.app_context():
        there.fault = "address"
        check_mail(school.id, there.as_setting())
        fly(school.id)


def spool_takes_nothing(school: Founded, _clock: Any) -> None:
    folder = school.app.extensions["catkin"].folders.data / "spool"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in its place")
    flown(school)


def mail_refuses(school: Founded, _clock: Any) -> None:
    with mailed(school) as there, school.app.app_context():
        there.fault = "sender"
        check_mail(school.id, there.as_setting())
        fly(school.id)


def second_day(school: Founded, clock: Any) -> Path:
    """The next morning, with a backup of the night."""
    flown(school)
    clock.shift(timedelta(hours=16))
    assert make_backup(school.app.extensions["catkin"].settings, NIGHTLY) == 0
    clock.shift(timedelta(hours=8))
    (night,) = backups_folder(school.app.extensions["catkin"].folders.data).glob("catkin-*")
    return night


def backup_gone(school: Founded, clock: Any) -> None:
    shutil.rmtree(second_day(school, clock))
    flown(school)


def no_backup(school: Founded, clock: Any) -> None:
    flown(school)
    clock.shift(timedelta(days=1))
    flown(school)


def newest_backup_moved(school: Founded, clock: Any) -> None:
    """The one of last night; an older one lies there still."""
    second_day(school, clock)
    clock.shift(timedelta(days=3))
    settings = school.app.extensions["catkin"].settings
    assert make_backup(settings, NIGHTLY) == 0
    last = max(backups_folder(settings.data_dir).glob("catkin-*"))
    last.rename(settings.data_dir.with_name("moved"))
    flown(school)


def stick_taken_out(school: Founded, clock: Any) -> None:
    """The newest was put on it, and it lies in the safe."""
    second_day(school, clock)
    clock.shift(timedelta(days=3))
    settings = school.app.extensions["catkin"].settings
    stick = settings.data_dir.with_name("stick")
    assert make_backup(settings, Namespace(to=stick, keys_to=None, nightly=False)) == 0
    stick.rename(stick.with_name("in the safe"))
    flown(school)


def backup_damaged(school: Founded, clock: Any) -> None:
    file = file_of(second_day(school, clock), Store.LEARNING)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    flown(school)


def backup_old(school: Founded, clock: Any) -> None:
    second_day(school, clock)
    clock.shift(timedelta(days=2))
    flown(school)


def backup_of_other_keys(school: Founded, clock: Any) -> None:
    night = second_day(school, clock)
    with closing(sqlite3.connect(file_of(night, Store.SAFEGUARDING))) as copy:
        copy.execute("DROP TRIGGER concern_never_changes")
        copy.execute("UPDATE concern SET canary = 0")
        copy.commit()
    (night / "backup.json").write_bytes(_account_again(night))
    flown(school)


def _account_again(night: Path) -> bytes:
    from app.base.manifest import piece_of, read_manifest

    manifest = read_manifest(night)
    files = {name: piece_of(night / name) for name in manifest.files}
    return replace(manifest, files=files).text()


NOT_THERE = "The last backup is not where it was put, and no other of last night can be read."
BROKEN: dict[str, tuple[Callable[[Founded, Any], None], str]] = {
    "sign-ins away": (sign_in_table_away, "Signing in. Pupils cannot sign in"),
    "people take nothing": (learning_takes_nothing, "Signing in. Pupils cannot sign in"),
    "no pictures key": (pictures_key_away, "Signing in. Pupils’ pictures let nobody in"),
    "concerns take nothing": (
        concerns_take_nothing,
        "Keeping what is told. What children tell does not reach its database.",
    ),
    "words away": (words_away, "Keeping what is told. What children tell does not reach"),
    "key away": (key_away, "Reading it. What children tell cannot be read"),
    "only one": (only_one_in_the_team, "The team’s list. Only one adult could see a concern"),
    "nobody from outside": (nobody_from_outside, "The team’s list. The safeguarding team is not"),
    "mail refuses": (mail_refuses, "Telling the team. Nobody is written to"),
    "mail refuses them all": (mail_refuses_everybody, "Telling the team. Nobody is written to"),
    "no place to wait": (
        spool_takes_nothing,
        "Keeping what is told. What children tell is kept. But the folder",
    ),
    "backup gone": (backup_gone, f"The copy. {NOT_THERE}"),
    "no backup": (no_backup, "The copy. There is no backup that can be read."),
    "newest backup moved": (newest_backup_moved, f"The copy. {NOT_THERE}"),
    "stick taken out": (stick_taken_out, f"The copy. {NOT_THERE}"),
    "backup damaged": (backup_damaged, "The copy. The newest backup is damaged."),
    "backup old": (backup_old, "The copy. The newest backup is not of last night."),
    "no canary in it": (backup_of_other_keys, "The copy. The newest backup does not hold"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_station_is_named_with_what_to_do(
    school: Founded, clock: time_machine.Traveller, fault: str
) -> None:
    break_it, says = BROKEN[fault]
    break_it(school, clock)
    said = page_of(school)
    assert [title in said for title in TITLES].count(True) == 1
    assert says in said
    assert CALM not in said
    others = [other for _, other in BROKEN.values() if other[:9] != says[:9]]
    assert [other for other in others if other in said] == [], "only what is broken is red"


def test_nothing_says_that_telling_works_over_a_key_that_went_away_since(school: Founded) -> None:
    flown(school)
    assert CALM in page_of(school)
    school.app.extensions["catkin"].keys.file(key_name(school.id, 1)).unlink()
    said = page_of(school)
    assert "Concerns cannot be read just now." in said
    assert CALM not in said


def test_red_by_half_past_eight_if_it_did_not_run_and_calm_before(
    school: Founded, clock: time_machine.Traveller
) -> None:
    clock.move_to(TEN.replace(hour=8, minute=29))
    assert "Not tried on this computer yet." in page_of(school)
    flown(school)
    clock.shift(timedelta(days=1))
    assert "Catkin has not tried itself yet today." in page_of(school)
    clock.shift(61)
    said = page_of(school)
    assert RED in said
    assert "Catkin has not tried itself, so nobody knows." in said
    assert f"{RED} Catkin has not tried itself yet today." in wording(
        school.adult("DSL").get("/today")
    )
    clock.move_to(TEN + timedelta(days=5))
    assert "has not tried itself yet today" in page_of(school), "Saturday"


def test_whoever_has_mended_it_tries_again_by_hand(
    school: Founded, clock: time_machine.Traveller
) -> None:
    file = school.app.extensions["catkin"].keys.file(key_name(school.id, 1))
    kept = file.read_bytes()
    key_away(school, None)
    dsl = school.adult("DSL")
    assert f"{CLOSED} As tried at 10:00." in wording(dsl.get("/concerns/works"))
    assert f"{CLOSED} As tried at 10:00. What to do" in wording(dsl.get("/today"))
    assert wording(dsl.get("/concerns")).count("cannot be read just now") == 1, "said once"
    file.write_bytes(kept)
    clock.shift(10)
    pressed = press(dsl, dsl.get("/concerns"), "Try again now").location
    said = wording(dsl.get(pressed))
    assert "Tried 10 seconds ago. Again in 20 seconds." in said, "twice a minute at most"
    assert CLOSED in said
    clock.shift(30)
    assert press(dsl, dsl.get("/concerns"), "Try again now").location == "/concerns/works"
    said = wording(dsl.get("/concerns/works"))
    assert CALM in said
    assert "Not asked yet The copy" in said
    assert "As tried at" not in wording(dsl.get("/today")), "only what is red stands there"
    assert school.adult(Role.TEACHER).get("/concerns/works").status_code == 403


def test_the_button_asks_the_mail_server_too(school: Founded) -> None:
    mail_refuses(school, None)
    with mailed(school) as there, time_machine.travel(TEN + timedelta(minutes=1), tick=False):
        dsl = school.adult("DSL")
        press(dsl, dsl.get("/concerns"), "Try again now")
        assert CALM in page_of(school)
        assert there.letters == []


def test_what_failed_is_tried_again_by_itself_and_nothing_else(
    school: Founded, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.safeguarding.actions.canary.alone", lambda _name, do: do())
    keys = school.app.extensions["catkin"].keys
    kept = keys.file(key_name(school.id, 1)).read_bytes()

    def watch(at: str) -> list[int]:
        hour, minute = map(int, at.split(":"))
        clock.move_to(TEN.replace(hour=hour, minute=minute))
        with school.app.app_context():
            keep_watch(school.id)
            keep_watch(school.id)
            canaries = db.session.query(Concern).filter_by(school_id=school.id, canary=True)
            return [canaries.count(), CLOSED in page_of(school)]

    assert watch("5:59") == [0, False]
    keys.file(key_name(school.id, 1)).unlink()
    assert watch("6:00") == [1, True]
    keys.file(key_name(school.id, 1)).write_bytes(kept)
    clock.shift(40)
    with school.app.app_context():
        keep_watch(school.id)
    assert CLOSED in page_of(school)
    assert watch("6:01") == [1, False], "the same canary, opened now"
    assert "Catkin tried itself at 6:01. Telling works." in page_of(school)
    assert watch("9:00") == [1, False], "once a day"
    clock.shift(timedelta(days=1))
    assert watch("6:00")[0] == 1, "that was Monday"


def test_another_team_is_tried_within_a_minute_and_a_bad_day_leaves_one_telling(
    school: Founded, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.safeguarding.actions.canary.alone", lambda _name, do: do())

    def watch() -> str:
        clock.shift(60)
        with school.app.app_context():
            keep_watch(school.id)
        return page_of(school)

    assert CALM in watch()
    _leave(school, Role.HEAD, Role.CHAIR)
    assert "Too few adults can see what children tell. As tried at 10:02." in watch()
    with takes_nothing(school.app, Store.SAFEGUARDING):
        clock.shift(timedelta(days=1))
        for _ in range(3):
            assert f"{RED} As tried at" in watch()
        spool = school.app.extensions["catkin"].folders.data / "spool"
        assert len([path for path in spool.rglob("*") if path.is_file()]) == 1


@pytest.mark.tampers
def test_try_again_looks_through_the_record_too(
    school: Founded, clock: time_machine.Traveller
) -> None:
    data, dsl = school.app.extensions["catkin"].folders.data, school.adult("DSL")
    flown(school)
    clock.shift(60)
    press(dsl, dsl.get("/concerns/works"), "Try again now")
    assert "Working The record" in wording(dsl.get("/concerns/works"))
    with tampering(data) as file:
        file.execute("UPDATE concern SET told_at = '2026-11-01 10:00:00.000000'")
        file.commit()
    clock.shift(60)
    press(dsl, dsl.get("/concerns/works"), "Try again now")
    said = wording(dsl.get("/concerns/works"))
    assert "Failed The record The record of concerns is not as Catkin wrote it." in said
    assert "The record of concerns is not as Catkin wrote it. Children can tell." in said


@pytest.mark.tampers
def test_keys_that_were_away_for_a_while_are_said_calmly_and_hide_no_alteration(
    school: Founded, clock: time_machine.Traveller
) -> None:
    here, dsl = school.app.extensions["catkin"], school.adult("DSL")
    flown(school)
    key = here.keys.file(chain_key_name(school.id))
    right = key.read_bytes()

    def looked() -> str:
        clock.shift(60)
        press(dsl, dsl.get("/concerns/works"), "Try again now")
        return wording(dsl.get("/concerns/works"))

    key.unlink()
    tell(school)
    away = looked()
    assert "Failed The record Nobody can tell just now whether the record" in away
    assert "is not as Catkin wrote it" not in away
    key.write_bytes(right)
    calm = "Part of the record was written while the chain’s key was away."
    assert f"Look The record {calm}" in looked()
    concerns = wording(dsl.get("/concerns"))
    assert calm in concerns
    assert CALM in concerns
    proof = wording(dsl.get("/concerns/proof"))
    assert calm in proof
    assert "All is as Catkin wrote it." not in proof
    with tampering(here.folders.data) as file:
        file.execute("UPDATE concern SET told_at = '2026-11-01 10:00:00.000000'")
    altered = looked()
    assert (
        "Failed The record The record of concerns is not as Catkin wrote it. Something" in altered
    )
    assert calm not in altered


def test_backups_that_were_moved_away_are_red_at_once(
    school: Founded, clock: time_machine.Traveller
) -> None:
    folder = second_day(school, clock).parent
    flown(school)
    dsl = school.adult("DSL")
    assert "Working Backup The last backup is from" in wording(dsl.get("/concerns/works"))
    folder.rename(folder.with_name("elsewhere"))
    gone = "The last backup is not where it was put, beside the data folder."
    for path in ("/concerns/works", "/health"):
        assert f"Mend Backup {gone}" in wording(dsl.get(path))
    flown(school)
    said = wording(dsl.get("/concerns"))
    assert "Telling works, but what keeps it safe does not." in said
    assert NOT_THERE in said
    assert gone not in said, "one fault is said once"

"""What watches the record by itself: the day's look, guards, clocks, the letter of the week."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from argparse import Namespace
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from app.base.backup import back_up, backups_folder
from app.base.clock import now
from app.base.database import Store, db, file_of, triggers_of
from app.base.manifest import MANIFEST, Kind, read_manifest, with_checksum
from app.base.restore import MARK
from app.cli import verify as verifying
from app.cli.backup import make_backup, restore_backup
from app.cli.drill import drill
from app.cli.verify import verify
from app.prepare import Prepared, prepare
from app.safeguarding import head_file, queries
from app.safeguarding.at_start import GUARD_MISSING
from app.safeguarding.chain import CLOCK_BACK, CLOCK_FORWARD, chain_key_name, first_link_name
from app.safeguarding.faults import IN_SHORT, Fault, What
from app.safeguarding.head_file import keep_heads, kept_head
from app.safeguarding.kept_heads import signing
from app.safeguarding.proof import NO_HEAD, Known, heads_in
from app.safeguarding.restored import RESTORED, UNPROVEN, signed_mark
from app.safeguarding.tables import TRIGGERS, Audit
from app.serve.postman import Postman
from app.serve.proving import PATIENCE, Proving
from tests.at_school import TEN
from tests.founded import Founded
from tests.letters import CANARY, TEAM, gone_to, tell
from tests.mail_server import Post
from tests.proving import tampering

A_DAY = 86_400


def audited(school: Founded, kind: str) -> list[str]:
    """What the audit says of a kind."""
    with school.app.app_context():
        rows = db.session.query(Audit).filter_by(school_id=school.id, kind=kind).order_by(Audit.id)
        return [row.says for row in rows]


def gone_round(school: Founded, proving: Proving) -> str | None:
    """A whole look through the record; what it found, or None for nothing."""
    with school.app.app_context():
        for _ in range(50):
            proving(school.id)
        look = queries.record.last_look(school.id)
    assert look is not None
    assert look.works is (look.why in {"", What.UNSIGNED})
    return look.why or None


def run(prepared: Prepared, *heads: str, backup: list[Path] | None = None) -> int:
    """The command; its exit code."""
    return verify(prepared.settings, Namespace(head=list(heads), backup=backup or []))


def test_the_letter_of_a_week_brings_the_team_a_proof_and_nothing_else(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    reference = tell(school)
    postman.round()
    assert gone_to(post) == TEAM
    clock.shift(A_DAY)
    postman.round()
    with school.app.app_context():
        proof = queries.record.proof(school.id)
    assert proof is not None
    texts = [text for _, text in post.letters]
    assert gone_to(post) == TEAM
    for text in texts:
        assert " ".join(proof.groups) in " ".join(text.replace("=\r\n", "").split())
        assert "reply-to" not in text.lower()
        secrets = [CANARY, reference, "Amina", "Hazel", "secret", "Oak Lane", "Gwen"]
        assert [word for word in secrets if word.lower() in text.lower()] in ([], ["Gwen"])
    clock.shift(A_DAY)
    postman.round()
    assert gone_to(post) == set(), "one a week"
    clock.shift(6 * A_DAY)
    postman.round()
    assert gone_to(post) == TEAM


def test_a_proof_is_of_last_night_and_does_not_move_with_what_is_told(
    school: Founded, clock: time_machine.Traveller
) -> None:
    tell(school)
    with school.app.app_context():
        assert queries.record.proof(school.id) is None
        clock.shift(A_DAY)
        before = queries.record.proof(school.id)
    tell(school)
    with school.app.app_context():
        assert queries.record.proof(school.id) == before is not None


@pytest.mark.tampers
def test_the_look_of_a_day_is_kept_and_says_what_is_wrong(
    school: Founded, prepared: Prepared, clock: time_machine.Traveller
) -> None:
    data, proving = prepared.folders.data, Proving()
    tell(school)
    assert gone_round(school, proving) is None
    with tampering(data) as file:
        file.execute("UPDATE words SET sealed = x'00'")
    assert gone_round(school, proving) is None, "once a day"
    clock.shift(A_DAY)
    assert gone_round(school, Proving()) == What.EDITED
    with school.app.app_context():
        look = queries.record.last_look(school.id)
    assert look is not None
    assert look.says == IN_SHORT[What.EDITED]


@pytest.mark.tampers
def test_the_look_of_a_day_sees_by_last_nights_backup_that_the_end_was_cut_off(
    school: Founded, prepared: Prepared, clock: time_machine.Traveller
) -> None:
    data = prepared.folders.data
    for _ in range(3):
        tell(school)
    backed_up(prepared, TEN)
    cut_off(data, 3)
    clock.shift(A_DAY)
    assert gone_round(school, Proving()) == What.CUT
    assert run(prepared) == 1


def test_links_without_a_signature_are_said_for_a_week_and_named_for_ever(
    school: Founded,
    prepared: Prepared,
    clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(school)
    key = prepared.keys.file(chain_key_name(school.id))
    right = key.read_text()
    key.unlink()
    tell(school)
    assert gone_round(school, Proving()) == What.NO_KEY
    key.write_text(right)
    clock.shift(A_DAY)
    assert gone_round(school, Proving()) == What.UNSIGNED
    tell(school)
    clock.shift(8 * A_DAY)
    assert gone_round(school, Proving()) is None
    assert run(prepared) == 1
    assert "Link 2: no signature, from 16 November 2026, 10:00" in capsys.readouterr().out


def test_a_clock_that_jumps_is_noted_once_either_way(
    school: Founded, clock: time_machine.Traveller
) -> None:
    passed = [0.0]
    proving = Proving(passed=lambda: passed[0])
    tell(school)

    def after(seconds: float, jump: float = 0) -> None:
        passed[0] += seconds
        clock.shift(seconds + jump)
        with school.app.app_context():
            proving._watch_clock(school.id)

    after(0)
    after(3600)
    after(30, jump=30)
    assert audited(school, CLOCK_FORWARD) == audited(school, CLOCK_BACK) == []
    after(1, jump=2 * 365 * A_DAY)
    assert len(audited(school, CLOCK_FORWARD)) == 1
    after(1, jump=-2 * 365 * A_DAY)
    tell(school)
    after(1)
    (back,) = audited(school, CLOCK_BACK)
    assert back.startswith("from=2028-11-15 ")
    assert " to=2026-11-16 " in back


def test_a_write_after_the_clock_was_moved_back_notes_it_itself(
    school: Founded, clock: time_machine.Traveller
) -> None:
    tell(school)
    clock.shift(-40 * A_DAY)
    tell(school)
    tell(school)
    (back,) = audited(school, CLOCK_BACK)
    assert " to=2026-10-07 " in back


def test_a_guard_that_falls_while_catkin_runs_stands_again_and_is_noted(
    school: Founded, prepared: Prepared
) -> None:
    tell(school)
    file = file_of(prepared.folders.data, Store.SAFEGUARDING)
    with closing(sqlite3.connect(file)) as thief:
        thief.execute("DROP TRIGGER words_never_changes")
    with school.app.app_context():
        Proving()._watch_guards(school.id)
        assert triggers_of(db.session.connection(bind_arguments=_there())) == TRIGGERS
    assert audited(school, GUARD_MISSING) == ["name=words_never_changes"]


def _there() -> dict[str, Any]:
    return {"mapper": Audit.__mapper__}


def test_a_start_notes_guards_that_were_missing_and_a_backup_that_was_put_back(
    school: Founded, prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    data = prepared.folders.data
    tell(school)
    make_backup(prepared.settings, Namespace(to=None, keys_to=None, nightly=True))
    (place,) = backups_folder(data).glob("catkin-*")
    assert read_manifest(place).heads == heads_in(data) == heads_in(place)
    with closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as thief:
        thief.execute("DROP TRIGGER link_never_goes")
        assert run(prepared) == 1
        assert "The guard link_never_goes is missing" in capsys.readouterr().out
        thief.execute("CREATE TRIGGER spy AFTER INSERT ON words BEGIN SELECT 1; END")
    (data / MARK).touch()
    prepare(prepared.settings)
    assert audited(school, GUARD_MISSING) == ["name=link_never_goes"]
    assert audited(school, RESTORED) == []
    assert audited(school, UNPROVEN) == [""], "anybody can put an empty file there"
    assert not (data / MARK).exists()
    assert run(prepared) == 1
    said = capsys.readouterr().out
    assert "a trigger spy that is none of Catkin’s" in said
    assert "a start found the mark of a restore that the chain’s key had not signed" in said


def test_the_command_says_that_all_is_well_and_of_a_backup_which_file_is_not(
    school: Founded, prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    data = prepared.folders.data
    tell(school)
    place = backed_up(prepared, TEN)
    tell(school)
    ((head),) = heads_in(data).values()
    assert run(prepared, head) == 0
    said = capsys.readouterr().out
    assert f"The head is {head}." in said
    assert "All is as Catkin wrote it. 2 heads kept elsewhere fitted." in said
    assert run(prepared, backup=[place]) == 0
    store = file_of(place, Store.SAFEGUARDING)
    whole = store.read_bytes()
    store.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert run(prepared, backup=[place]) == 1
    assert "safeguarding.db is not as it was" in capsys.readouterr().out


def test_heads_from_before_a_backup_was_put_back_are_void(
    school: Founded, prepared: Prepared, clock: time_machine.Traveller
) -> None:
    """Else the lawful way back would look like a theft for ever."""
    data, keys = prepared.folders.data, prepared.keys
    tell(school)
    early = backed_up(prepared, TEN)
    tell(school)
    clock.shift(3600)
    backed_up(prepared, TEN + timedelta(hours=1))
    keep_heads(data, keys)
    newer = kept_head(keys, school.id)
    put_into(early, data)
    assert run(prepared) == 1
    clock.shift(3600)
    mark = signed_mark(early, keys, now())
    (data / MARK).write_bytes(mark)
    prepare(prepared.settings)
    assert run(prepared) == 0
    older = kept_head(keys, school.id)
    assert newer is not None
    assert older is not None
    assert (newer.number, older.number) == (2, 2)
    assert newer.hex != older.hex
    clock.shift(3600)
    tell(school)
    keep_heads(data, keys)
    put_into(early, data)
    (data / MARK).write_bytes(mark)
    prepare(prepared.settings)
    assert run(prepared) == 1, "the mark of a restore voids nothing that came after it"


def backed_up(prepared: Prepared, at: datetime) -> Path:
    """A backup beside the data folder, as the command makes it."""
    data = prepared.folders.data
    return back_up(data, backups_folder(data), Kind.NIGHTLY, at, heads_in, signing(prepared.keys))


def put_into(backup: Path, data: Path) -> None:
    """The database of a backup in the place of the one that is there."""
    with (
        closing(sqlite3.connect(file_of(backup, Store.SAFEGUARDING))) as source,
        closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as there,
    ):
        source.backup(there)


def cut_off(data: Path, newest: int, link: int | None = None) -> None:
    """The newest concern, and its link, as if nobody had ever told it."""
    with tampering(data) as file:
        for table in ("words", "entry", "concern_key", "notice"):
            file.execute(f"DELETE FROM {table} WHERE concern_id = ?", [newest])
        file.execute("DELETE FROM concern WHERE id = ?", [newest])
        file.execute("DELETE FROM link WHERE number = ?", [link or newest])


@pytest.mark.tampers
def test_the_keys_folder_tells_that_the_end_was_cut_off_since_the_last_backup(
    school: Founded,
    prepared: Prepared,
    clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = prepared.folders.data
    for _ in range(2):
        tell(school)
    assert run(prepared) == 0
    assert NO_HEAD in capsys.readouterr().out
    first = prepared.keys.file(first_link_name(school.id))
    first.unlink()
    with school.app.app_context():
        Proving()._watch_guards(school.id)
    assert first.exists(), "noted down though it was not when it was made"
    assert run(prepared) == 0
    assert NO_HEAD not in capsys.readouterr().out
    assert not list(prepared.folders.keys.glob("head-*.key")), "no copy of the keys takes it along"
    cut_off(data, 2)
    assert run(prepared) == 1
    assert "the keys folder knows a link 2" in capsys.readouterr().out
    (data / MARK).touch()
    clock.shift(3600)
    prepare(prepared.settings)
    with school.app.app_context():
        Proving()._watch_guards(school.id)
    assert run(prepared) == 1, "neither a bare mark nor a later round makes it good"
    clock.shift(A_DAY)
    assert gone_round(school, Proving()) in {What.REWRITTEN, What.CUT}


@pytest.mark.tampers
def test_heads_in_the_account_of_a_backup_cannot_be_changed_without_the_key(
    school: Founded, prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    data = prepared.folders.data
    tell(school)
    old = heads_in(data)
    tell(school)
    place = backed_up(prepared, TEN)
    assert run(prepared) == 0
    cut_off(data, 2)
    account = json.loads((place / MANIFEST).read_bytes())
    del account["own"]
    for macs, says in ((account["heads_mac"], "does not fit"), ({}, "is not signed")):
        forged = with_checksum({**account, "heads": old, "heads_mac": macs})
        (place / MANIFEST).write_bytes(forged)
        assert run(prepared) == 1
        assert says in capsys.readouterr().out


def test_a_keys_folder_that_cannot_be_written_stops_no_round(
    school: Founded, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(head_file, "write_once", full)
    tell(school)
    assert gone_round(school, Proving()) is None
    assert kept_head(prepared.keys, school.id) is None


def test_a_look_does_not_wait_for_backups_that_never_answer(
    school: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed, answers = [0.0], threading.Event()

    def never(*_: object, **__: object) -> list[Known]:
        answers.wait(30)
        return []

    monkeypatch.setattr("app.serve.proving.heads_of_backups", never)
    proving = Proving(passed=lambda: passed[0])
    tell(school)
    try:
        with school.app.app_context():
            proving(school.id)
            assert queries.record.last_look(school.id) is None
            passed[0] += PATIENCE + 1
            for _ in range(3):
                proving(school.id)
            look = queries.record.last_look(school.id)
        assert look is not None
        assert look.works
    finally:
        answers.set()


def restored(prepared: Prepared, place: Path) -> None:
    """The school moved away, and a backup put in its place by the command."""
    data = prepared.folders.data
    aside = data.with_name(f"left-{len(list(data.parent.glob('left-*')))}")
    data.rename(aside)
    restore_backup(prepared.settings, Namespace(backup=place, keys=None, paper=False))


def test_a_telling_while_the_command_looks_is_no_cut(
    school: Founded, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(school)
    keep_heads(prepared.folders.data, prepared.keys)
    slow = verifying._file_faults

    def told_meanwhile(store: sqlite3.Connection) -> list[Fault]:
        found = slow(store)
        tell(school)
        keep_heads(prepared.folders.data, prepared.keys)
        return found

    monkeypatch.setattr(verifying, "_file_faults", told_meanwhile)
    assert run(prepared) == 0


@pytest.mark.tampers
def test_after_a_restore_the_command_accuses_nobody_though_catkin_did_not_start_yet(
    school: Founded,
    prepared: Prepared,
    clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(school)
    early = backed_up(prepared, now())
    clock.shift(3600)
    tell(school)
    keep_heads(prepared.folders.data, prepared.keys)
    clock.shift(-7200)
    restored(prepared, early)
    assert run(prepared) == 0, "the new computer's clock is behind"
    prepare(prepared.settings)
    clock.shift(3 * 3600)
    assert run(prepared) == 0
    clock.shift(A_DAY)
    keep_heads(prepared.folders.data, prepared.keys)
    tell(school)
    keep_heads(prepared.folders.data, prepared.keys)
    cut_off(prepared.folders.data, 2, link=3)
    assert run(prepared) == 1, "what comes after the restore is proved as ever"
    assert "the keys folder knows a link 3" in capsys.readouterr().out


def test_a_life_of_the_school_that_a_later_restore_left_again_accuses_nobody(
    school: Founded,
    prepared: Prepared,
    clock: time_machine.Traveller,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(school)
    first = backed_up(prepared, now())
    clock.shift(3600)
    tell(school)
    keep_heads(prepared.folders.data, prepared.keys)
    second = backed_up(prepared, now())
    clock.shift(3600)
    restored(prepared, first)
    prepare(prepared.settings)
    tried = Namespace(backup=None)
    assert drill(prepared.settings, tried) == 0, "the newest is of the life that was left"
    clock.shift(3600)
    backed_up(prepared, now())
    clock.shift(3600)
    restored(prepared, second)
    prepare(prepared.settings)
    assert run(prepared) == 0
    assert drill(prepared.settings, tried) == 0
    capsys.readouterr()
    restored(prepared, first)
    assert run(prepared) == 0
    shutil.rmtree(prepared.folders.data)
    prepared.folders.data.with_name("left-0").rename(prepared.folders.data)
    assert run(prepared) == 1, "an older database in its place is no restore"


def test_a_damaged_head_in_the_keys_folder_is_said_and_stays_until_somebody_looked(
    school: Founded, prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(school)
    keep_heads(prepared.folders.data, prepared.keys)
    file = head_file.head_file(prepared.keys, school.id)
    file.write_text(file.read_text().replace(" ", " x", 1))
    keep_heads(prepared.folders.data, prepared.keys)
    assert gone_round(school, Proving()) == What.HEAD_FILE
    assert run(prepared) == 1
    assert f"The file {file} is damaged" in capsys.readouterr().out
    file.unlink()
    keep_heads(prepared.folders.data, prepared.keys)
    assert run(prepared) == 0

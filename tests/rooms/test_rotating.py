"""The school's key changed: words open before, meanwhile and after, and the old key is gone."""

from __future__ import annotations

import json
import os
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.base import sealing
from app.base.backup import back_up
from app.base.database import Store, engine_of
from app.base.errors import CannotStart, Refused
from app.base.keys import KeyFolder
from app.base.manifest import Kind
from app.base.once import write_once
from app.cli import run_command
from app.cli.backup import restore_backup
from app.config import Settings
from app.health.findings import Mark
from app.health.stores import keys as keys_finding
from app.health.stores import spooled as spool_finding
from app.prepare import Prepared, prepare
from app.safeguarding import queries, ready, spool
from app.safeguarding.actions import file, rotate
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.rotate import destroy_ended
from app.safeguarding.actions.rotate import rotate as change
from app.safeguarding.queries import keys as keys_queries
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.queries.notes import Note
from app.serve.keeper import CHORES
from tests.at_desk import WORDS, AtDesk, adult_browser, school_with_team, tell, viewer
from tests.at_school import TEN, wording
from tests.on_paper import printed, safeguarding
from tests.rooms.test_spool import SECRET, all_told, drained, in_spool, spooled, telling

OKAFOR = "okafor@example.sch.uk"


class Killed(BaseException):
    """What nothing catches: as a kill, it leaves all as it stands."""


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of these tests stands still: nothing is under way when nothing is."""
    monkeypatch.setattr(rotate, "GRACE", 0.0)


@pytest.fixture
def data(prepared: Prepared) -> Path:
    return prepared.folders.data


def facts(app: Flask, desk: AtDesk, reference: str) -> ConcernFacts:
    found = queries.desk.concern(desk.id, viewer(app, desk, desk.school.lane), reference)
    assert found is not None
    return found


def words_of(app: Flask, desk: AtDesk, reference: str) -> list[str | None]:
    with app.app_context():
        said = queries.desk.said(desk.id, facts(app, desk, reference))
    return [one.spoken and one.spoken.words for one in said]


def versions(data: Path) -> set[int]:
    return {v for (v,) in safeguarding(data, "SELECT version FROM concern_key")}


def audited(data: Path) -> list[tuple[str, str]]:
    return safeguarding(data, "SELECT kind, says FROM audit WHERE kind LIKE 'key%' ORDER BY id")


def rotated(app: Flask, desk: AtDesk, **more: Any) -> rotate.Rotated:
    with app.app_context():
        return change(desk.id, app.extensions["catkin"].folders.data, lambda _s: None, **more)


def test_all_is_read_with_the_new_key_and_the_old_one_is_gone(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path
) -> None:
    printed(app, desk)
    told = [tell(app, desk, to=(desk.school.okafor,), words=f"{WORDS} {n}") for n in range(23)]
    old = prepared.keys.file(f"school-{desk.id}-1")
    before = old.read_text().strip()
    linked = old.with_name("a look at the disk")
    os.link(old, linked)
    assert rotated(app, desk) == rotate.Rotated(2, 23)
    assert not old.exists()
    assert before not in linked.read_text("latin-1"), "it was written over, not only unlinked"
    linked.unlink()
    assert versions(data) == {2}
    assert [words_of(app, desk, one) for one in told] == [[f"{WORDS} {n}"] for n in range(23)]
    assert f"{WORDS} 7" in wording(adult_browser(app, OKAFOR).get(f"/concerns/{told[7]}"))
    assert audited(data) == [
        ("key rotation began", "from=1 to=2"),
        ("key was rotated", "from=1 to=2"),
    ]
    wraps = safeguarding(data, "SELECT name FROM recovery_wrap ORDER BY name")
    assert [name for (name,) in wraps] == [f"chain-{desk.id}", "pictures", f"school-{desk.id}-2"]
    assert keys_finding(data, prepared.keys.path).mark is Mark.OK
    assert prepare(prepared.settings).remarks == ()
    with app.app_context():
        assert queries.keys.reading_works(desk.id)


def test_without_the_new_key_children_tell_and_reading_says_so(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path
) -> None:
    rotated(app, desk)
    name = prepared.keys.file(f"school-{desk.id}-2")
    held = name.read_bytes()
    name.unlink()
    told = tell(app, desk, to=(desk.school.okafor,))
    assert words_of(app, desk, told) == [None]
    assert "These words cannot be read just now" in wording(
        adult_browser(app, OKAFOR).get(f"/concerns/{told}")
    )
    with pytest.raises(Refused, match="not in the keys folder"):
        rotated(app, desk)
    assert keys_finding(data, prepared.keys.path).mark is Mark.MEND
    write_once(name, held)
    assert words_of(app, desk, told) == [WORDS]


def test_children_tell_and_adults_read_all_the_while(
    app: Flask, desk: AtDesk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate, "BATCH", 3)
    told = [tell(app, desk, words=f"before {n}") for n in range(20)]
    faults, said = list[BaseException](), list[str]()

    def keep_telling(over: threading.Event) -> None:
        while not over.is_set() or len(said) < 5:
            said.append(tell(app, desk, words=f"meanwhile {len(said)}"))
            with app.app_context():
                (mine,) = [n for n in notes(desk) if n.reference == said[-1]]
                add_words(desk.id, mine, "and more", f"once {len(said)}")

    def keep_reading(over: threading.Event) -> None:
        while not over.is_set():
            for number, one in enumerate(told):
                assert words_of(app, desk, one) == [f"before {number}"]

    with all_the_while(faults, keep_telling, keep_reading):
        done = [rotated(app, desk) for _ in range(3)]
    assert faults == []
    assert [one.version for one in done] == [2, 3, 4]
    assert not any(one.stuck or one.spooled for one in done)
    for number, one in enumerate(said):
        assert words_of(app, desk, one) == [f"meanwhile {number}", "and more"]
    assert versions(data) == {4}


def test_whoever_looked_just_before_the_old_key_went_reads_all_the_same(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, real, looks = tell(app, desk), queries.desk._wrapped, list[Any]()

    def slow(*given: Any) -> Any:
        found = real(*given)
        looks.append(found)
        if len(looks) == 1:
            rotated(app, desk)
        return found

    monkeypatch.setattr(queries.desk, "_wrapped", slow)
    assert words_of(app, desk, told) == [WORDS]
    assert [key.version for (key,) in looks] == [1, 2]


def notes(desk: AtDesk) -> list[Note]:
    return queries.notes.notes(desk.id, desk.school.amina)


@contextmanager
def all_the_while(
    faults: list[BaseException], *works: Callable[[threading.Event], None]
) -> Iterator[None]:
    """Do these in threads for as long as the block takes; what goes wrong is kept."""
    over = threading.Event()

    def do(work: Callable[[threading.Event], None]) -> None:
        try:
            work(over)
        except BaseException as problem:
            faults.append(problem)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_what_was_sealed_to_a_key_that_ended_since_is_sealed_anew(
    app: Flask, desk: AtDesk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child whose computer slept between the sealing and the writing."""
    real, tries = file.seal_words, list[int]()

    def slow(*given: Any) -> Any:
        sealed = real(*given)
        tries.append(sealed.version)
        if len(tries) == 1:
            rotated(app, desk)
        return sealed

    monkeypatch.setattr(file, "seal_words", slow)
    told = tell(app, desk)
    assert tries == [1, 2]
    assert words_of(app, desk, told) == [WORDS]
    tries.clear()
    monkeypatch.setattr(ready, "must_open", lambda *given: None)
    assert words_of(app, desk, tell(app, desk)) == [None], "without the guard it would be lost"


@pytest.mark.parametrize("place", ["made", "begun", "half", "wrapped", "ended", "destroyed"])
def test_cut_short_anywhere_it_is_read_and_the_same_again_finishes(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path, place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(rotate, "BATCH", 2)
    told = [tell(app, desk, words=f"word {n}") for n in range(5)]
    with monkeypatch.context() as short:
        kill_at(place, short)
        with pytest.raises(Killed):
            rotated(app, desk)
    assert [words_of(app, desk, one) for one in told] == [[f"word {n}"] for n in range(5)]
    assert words_of(app, desk, tell(app, desk)) == [WORDS]
    done = rotated(app, desk)
    assert done.only_finished == (place in {"ended", "destroyed"})
    assert [words_of(app, desk, one) for one in told] == [[f"word {n}"] for n in range(5)]
    live = safeguarding(data, "SELECT version FROM school_key WHERE ended_at IS NULL")
    assert live == [(done.version,)]
    assert versions(data) == {done.version}
    assert not prepared.keys.has(f"school-{desk.id}-1")
    assert audited(data)[-1] == ("key was rotated", f"from=1 to={done.version}")
    assert rotated(app, desk).version == done.version + 1, "and then it can be changed again"


def kill_at(place: str, short: pytest.MonkeyPatch) -> None:
    """End a rotation at a place, as a power cut would."""
    seen: list[Any] = []

    def stop(*_given: Any, **_more: Any) -> Any:
        raise Killed

    def second(*given: Any) -> Any:
        seen.append(given)
        return stop() if len(seen) == 2 else real(*given)

    real = rotate._put
    name, instead = {
        "made": ("give_to_owner", stop),
        "begun": ("_wrap_all", stop),
        "half": ("_put", second),
        "wrapped": ("_end", stop),
        "ended": ("destroy_ended", lambda _id: stop() if seen else seen.append(1)),
        "destroyed": ("destroy_ended", lambda _id: stop() if seen else seen.append(1)),
    }[place]
    if place == "destroyed":
        short.setattr(KeyFolder, "destroy", half_destroyed)
    else:
        short.setattr(rotate, name, instead)


def half_destroyed(folder: Any, name: str) -> None:
    folder.file(name).write_text("f09")
    raise Killed


def test_the_old_key_stays_for_what_waits_in_the_spool(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path
) -> None:
    (data / "spool").mkdir()
    waiting = data / "spool" / "0a1b"
    waiting.write_bytes(json.dumps({"school": desk.id, "version": 1}).encode() + b"\nx\nsealed")
    (data / "spool" / "ff").write_bytes(json.dumps({"school": desk.id, "version": 2}).encode())
    assert rotated(app, desk) == rotate.Rotated(2, 0, spooled=1)
    assert prepared.keys.has(f"school-{desk.id}-1")
    waiting.write_bytes(b"no header at all")
    assert rotated(app, desk).spooled == 1, "who cannot tell keeps the key"
    waiting.unlink()
    assert rotated(app, desk) == rotate.Rotated(2, 0)
    assert not prepared.keys.has(f"school-{desk.id}-1")


def test_the_old_key_stays_for_a_telling_that_was_set_aside(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk read it wrong once; tomorrow it reads it right, and then the old key opens it."""
    spooled(app, desk, telling(desk))
    (lying,) = in_spool(app)
    was = Path.read_bytes
    with monkeypatch.context() as bad:
        bad.setattr(Path, "read_bytes", lambda self: was(self)[:-1] if self == lying else was(self))
        drained(app, desk)
    assert [path.suffix for path in in_spool(app)] == [".damaged"]
    assert rotated(app, desk) == rotate.Rotated(2, 0, spooled=1)
    app.extensions["catkin_damaged_tried"].clear()
    drained(app, desk)
    assert read_by_the_head(app, desk) == [SECRET]
    assert rotated(app, desk) == rotate.Rotated(2, 0)
    assert not prepared.keys.has(f"school-{desk.id}-1")


@contextmanager
def database_moved(app: Flask, data: Path) -> Iterator[None]:
    """Somebody has moved the database, and moves it back."""
    with app.app_context():
        engine_of(Store.SAFEGUARDING).dispose()
    (data / "elsewhere").mkdir()
    moved = [(path, data / "elsewhere" / path.name) for path in data.glob("safeguarding.db*")]
    for path, to in moved:
        path.rename(to)
    yield
    for path, to in moved:
        to.rename(path)
    app.extensions["catkin_patience"].worked()


def read_by_the_head(app: Flask, desk: AtDesk) -> list[str | None]:
    return [one and one.words for said in all_told(app, desk).values() for one in said]


def test_a_worker_that_slept_through_two_changes_seals_to_the_newest_key(
    app: Flask, desk: AtDesk, data: Path
) -> None:
    """Nobody told there since its start, and the database is away just when a child tells."""
    with app.app_context():
        slept = {desk.id: queries.keys.public_key(desk.id)}
    rotated(app, desk)
    rotated(app, desk)
    app.extensions["catkin_public_keys"] = slept
    with database_moved(app, data), app.app_context():
        file.file_concern(desk.id, telling(desk))
    assert len(in_spool(app)) == 1
    drained(app, desk)
    assert read_by_the_head(app, desk) == [SECRET]
    assert in_spool(app) == []


def test_the_keeper_learns_of_a_key_that_was_changed(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_queries, "LOOK_EVERY", 0.0)
    with app.app_context():
        slept = {desk.id: queries.keys.public_key(desk.id)}
        rotated(app, desk)
        app.extensions["catkin_public_keys"] = slept
        CHORES["keys"](desk.id)
        assert slept[desk.id] == queries.keys.public_key(desk.id)
    assert slept[desk.id][0] == 2


def test_a_telling_whose_key_has_ended_is_said_in_red_and_read_when_the_key_comes_back(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path
) -> None:
    spooled(app, desk, telling(desk))
    (lying,) = in_spool(app)
    held, name = lying.read_bytes(), prepared.keys.file(f"school-{desk.id}-1")
    old = name.read_bytes()
    lying.unlink()
    rotated(app, desk)
    lying.write_bytes(held)
    odd = replace(spool.in_backup(lying), name="f" * 64, version=10**30)
    (data / "spool" / odd.name).write_bytes(odd.as_file())
    drained(app, desk)
    (data / "spool" / odd.name).unlink()
    with app.app_context():
        assert spool.state(desk.id).damaged
    assert spool_finding(data).mark is Mark.MEND
    write_once(name, old)
    app.extensions["catkin_damaged_tried"].clear()
    drained(app, desk)
    assert read_by_the_head(app, desk) == [SECRET]
    assert in_spool(app) == []


@pytest.mark.parametrize("which", ["missing", "another's"])
def test_while_the_paper_could_not_be_kept_right_no_key_is_changed(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path, which: str
) -> None:
    """What the paper opens is signed with the chain's key; without it the new key is on none."""
    printed(app, desk)
    name = prepared.keys.file(f"chain-{desk.id}")
    held = name.read_bytes()
    name.unlink()
    if which != "missing":
        write_once(name, b"0f" * 32)
    with pytest.raises(Refused, match=r"recovery key on paper.*Nothing was changed"):
        rotated(app, desk)
    assert audited(data) == []
    assert prepared.keys.has(f"school-{desk.id}-1")
    name.unlink(missing_ok=True)
    write_once(name, held)
    assert rotated(app, desk).version == 2


def test_the_old_key_does_not_end_before_the_paper_opens_the_new_one(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(app, desk)
    name = prepared.keys.file(f"chain-{desk.id}")
    held = name.read_bytes()

    def lost(*_given: Any) -> int:
        safeguarding(data, f"DELETE FROM recovery_wrap WHERE name = 'school-{desk.id}-2'")
        name.unlink()
        return 0

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(rotate, "_drained", lost)
        with pytest.raises(Refused, match="old key stays"):
            rotated(app, desk)
    assert prepared.keys.has(f"school-{desk.id}-1")
    write_once(name, held)
    assert rotated(app, desk) == rotate.Rotated(2, 0)
    assert not prepared.keys.has(f"school-{desk.id}-1")
    wraps = safeguarding(data, "SELECT name FROM recovery_wrap WHERE name LIKE 'school%'")
    assert wraps == [(f"school-{desk.id}-2",)]


@pytest.mark.tampers
def test_the_old_key_stays_for_what_it_does_not_open(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path
) -> None:
    tell(app, desk)
    spoilt = sealing.wrap(sealing.new_pair()[1], b"k" * 32, "elsewhere")
    safeguarding(data, "UPDATE concern_key SET wrapped = ?", spoilt)
    tell(app, desk)
    assert rotated(app, desk) == rotate.Rotated(2, 1, stuck=1)
    assert prepared.keys.has(f"school-{desk.id}-1")
    assert safeguarding(data, "SELECT count(*) FROM school_key WHERE ended_at IS NOT NULL") == [
        (0,)
    ]


@pytest.mark.tampers
def test_a_key_that_was_destroyed_meanwhile_stays_destroyed(
    app: Flask, desk: AtDesk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lawful erasure in the very moment of a rotation."""
    tell(app, desk)
    real = rotate._put

    def erased(*given: Any) -> int:
        safeguarding(data, "DELETE FROM concern_key")
        return real(*given)

    monkeypatch.setattr(rotate, "_put", erased)
    assert rotated(app, desk).keys == 0
    assert safeguarding(data, "SELECT count(*) FROM concern_key") == [(0,)]


def test_by_its_command_and_an_older_backup_needs_an_older_copy(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path, tmp_path: Path, capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tell(app, desk)
    kept = back_up(data, tmp_path / "kept", Kind.ASKED, TEN)
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("KEYS_DIR", str(prepared.keys.path))
    assert run_command(["data", "rotate-key", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "1 key of concerns opened by key 2 from now on." in said
    assert "Copies of it elsewhere still open older backups" in said
    assert "make a new backup now" in said
    fresh = Settings(data_dir=tmp_path / "n" / "data", keys_dir=tmp_path / "n" / "keys")
    asked = Namespace(backup=kept, keys=prepared.keys.path)
    with pytest.raises(CannotStart, match="lack the school's key"):
        restore_backup(fresh, asked)
    newer = back_up(data, tmp_path / "kept", Kind.ASKED, TEN)
    assert restore_backup(fresh, Namespace(backup=newer, keys=prepared.keys.path)) == 0
    assert "can be read" in capsys.readouterr().out


def test_it_asks_first_and_without_a_yes_nothing_changes(
    app: Flask, desk: AtDesk, prepared: Prepared, data: Path, capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tell(app, desk)
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("KEYS_DIR", str(prepared.keys.path))
    before = safeguarding(data, "SELECT version FROM school_key")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(CannotStart, match=r"Nothing was changed.* add --yes"):
        run_command(["data", "rotate-key"])
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    asked: list[str] = []
    for answer in ("", "n", "what?"):
        monkeypatch.setattr("builtins.input", lambda says, a=answer: asked.append(says) or a)
        assert run_command(["data", "rotate-key"]) == 1
        assert "Nothing was changed." in capsys.readouterr().out
    assert "Older backups will need an old copy of the keys or the paper" in asked[0]
    assert safeguarding(data, "SELECT version FROM school_key") == before
    monkeypatch.setattr("builtins.input", lambda _says: "Y")
    assert run_command(["data", "rotate-key"]) == 0
    assert safeguarding(data, "SELECT version FROM school_key") != before


def test_a_number_that_a_key_had_once_is_not_given_again(
    app: Flask, desk: AtDesk, prepared: Prepared
) -> None:
    """A school put back from an older backup must not go on with a key of its later life."""
    prepared.keys.make_once(f"school-{desk.id}-2", b"l" * 32)
    assert rotated(app, desk).version == 3
    with app.app_context():
        assert not destroy_ended(desk.id)
    assert prepared.keys.has(f"school-{desk.id}-2")

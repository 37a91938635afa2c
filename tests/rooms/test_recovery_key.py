"""The recovery key: what it wraps, whom it trusts, and a school brought back with paper alone."""

from __future__ import annotations

import builtins
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.base import recovery, sealing
from app.base.backup import back_up
from app.base.database import Store, engine_of, file_of
from app.base.disks import remove
from app.base.errors import CannotStart, Refused
from app.base.keys import KeyFolder
from app.base.manifest import Kind
from app.base.recovered import papers_of
from app.cli import run_command
from app.cli.drill import try_out
from app.cli.paper import words_typed
from app.config import ROOT, Settings
from app.health.findings import Mark
from app.health.paper import paper as paper_finding
from app.prepare import Prepared, prepare
from app.safeguarding.actions.paper import confirm_paper, new_paper, renew_wraps
from app.safeguarding.faults import What
from app.serve.keeper import CHORES
from tests.at_desk import WORDS, AtDesk, adult_browser, school_with_team, tell
from tests.at_school import TEN, THREE, at_the_names, tap, wording
from tests.on_paper import confirmed, printed, safeguarding
from tests.proving import proved, tampering

OKAFOR = "okafor@example.sch.uk"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def words(app: Flask, desk: AtDesk) -> str:
    """The words of the paper that the school printed."""
    return printed(app, desk)


@pytest.fixture
def told(app: Flask, desk: AtDesk) -> str:
    return tell(app, desk, to=(desk.school.okafor,))


@pytest.fixture
def kept(prepared: Prepared, words: str, told: str, tmp_path: Path) -> Path:
    """Last night's backup of that school."""
    return back_up(prepared.folders.data, tmp_path / "kept", Kind.ASKED, TEN)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Another computer, which a person at a terminal has before them."""
    there = Settings(data_dir=tmp_path / "new" / "data", keys_dir=tmp_path / "new" / "k")
    monkeypatch.setenv("DATA_DIR", str(there.data_dir))
    monkeypatch.setenv("KEYS_DIR", str(there.keys_dir))
    return there


Start = Callable[[Settings], Flask]


@pytest.fixture
def start() -> Iterator[Start]:
    apps: list[Flask] = []

    def start(settings: Settings) -> Flask:
        apps.append(create_app(prepare(settings), testing=True))
        return apps[-1]

    yield start
    for app in apps:
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()


@dataclass
class Done:
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


Typed = Callable[..., Done]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """A command with the words on its stdin."""

    def type_it(words: str, *command: str) -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(words))
        try:
            code, refused = run_command(["data", *command]), ""
        except CannotStart as problem:
            code, refused = 1, str(problem)
        out, err = capsys.readouterr()
        return Done(code, out, err + refused)

    return type_it


def test_a_backup_and_the_words_are_a_school_again(
    prepared: Prepared, kept: Path, words: str, told: str, desk: AtDesk, fresh: Settings,
    start: Start,
) -> None:  # fmt: skip
    shouted = "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(words.split(), 1))
    line = [sys.executable, "-m", "app", "data", "restore", str(kept), "--paper"]
    done = subprocess.run(
        line, input=shouted, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "what children told can be read" in done.stdout
    assert sum(word in done.stdout + done.stderr for word in words.split()) < 4, "only by chance"
    there = start(fresh)
    assert there.extensions["catkin"].remarks == ()
    assert WORDS in wording(adult_browser(there, OKAFOR).get(f"/concerns/{told}"))
    child = there.test_client()
    at_the_names(child)
    assert tap(child, desk.school.amina, THREE).location == "/map", "the pictures work"
    chain = f"chain-{desk.id}"
    assert KeyFolder(fresh.keys_dir).read(chain) == prepared.keys.read(chain)  # type: ignore[arg-type]
    assert (
        not KeyFolder(fresh.keys_dir)
        .file("cookies")
        .samefile(  # type: ignore[arg-type]
            prepared.keys.file("cookies")
        )
    )


def test_at_a_terminal_each_word_is_asked_for_and_a_slip_costs_one_word(
    prepared: Prepared, words: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    given = words.split()
    answers = iter([" ".join(given[:5]), "blarb", "", *given[5:16], f"{given[16]} acorn"])
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(builtins, "input", answer)
    (paper,) = papers_of(file_of(prepared.folders.data, Store.SAFEGUARDING), "it")
    assert recovery.bits_of(" ".join(words_typed(paper).split()[:17]))
    assert asked[:4] == ["Word 1: ", "Word 6: ", "Word 6: ", "Word 6: "]
    assert "Word 6, “blarb” is not one" in (said := capsys.readouterr().out)
    assert "paper 1 of 16 November 2026" in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("a wrong word", "Word 3, “blarb”"),
        ("too few", "here are 16"),
        ("another school's", "they are of another paper"),
        ("the paper before", "the words of paper 1 of 16 November 2026, and this backup opens with"
         " paper 2"),
        ("nothing", "here are 0"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_sentence_and_nothing_is_written(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str, fresh: Settings, tmp_path: Path,
    given: str, says: str, typed: Typed) -> None:  # fmt: skip
    if given == "the paper before":
        printed(app, desk)
        confirmed(app, desk, 2)
    kept = back_up(prepared.folders.data, tmp_path / "kept", Kind.ASKED, TEN)
    whole = words.split()
    tried = {
        "a wrong word": [*whole[:2], "blarb", *whole[3:]],
        "too few": whole[:-1],
        "another school's": recovery.words_of(bytes(16)),
        "the paper before": whole,
        "nothing": [],
    }[given]
    done = typed(" ".join(tried), "restore", str(kept), "--paper")
    assert done.returncode != 0
    assert says in done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert "Nothing was put back." in done.stderr
    assert not fresh.data_dir.exists()
    assert fresh.keys_dir is not None
    assert not list(fresh.keys_dir.glob("*")) if fresh.keys_dir.exists() else True


def test_a_backup_without_a_paper_says_so_before_any_word_is_typed(
    prepared: Prepared, told: str, fresh: Settings, tmp_path: Path, typed: Typed
) -> None:
    kept = back_up(prepared.folders.data, tmp_path / "kept", Kind.ASKED, TEN)
    done = typed("", "restore", str(kept), "--paper")
    assert "No recovery key had been printed for this backup" in done.stderr
    assert not fresh.data_dir.exists()


def test_an_older_backup_opens_with_the_older_paper_alone(
    app: Flask,
    prepared: Prepared,
    desk: AtDesk,
    kept: Path,
    words: str,
    fresh: Settings,
    typed: Typed,
) -> None:
    newer = printed(app, desk)
    confirmed(app, desk, 2)
    assert (
        "printed for another school or since then"
        in typed(newer, "restore", str(kept), "--paper").stderr
    )
    assert typed(words, "restore", str(kept), "--paper").returncode == 0
    wraps = safeguarding(
        prepared.folders.data, "SELECT DISTINCT recovery_version FROM recovery_wrap"
    )
    assert wraps == [(2,)], "the old paper opens nothing of today"


def test_one_person_alone_does_not_end_the_paper_in_the_safe(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str, fresh: Settings, typed: Typed,
    tmp_path: Path) -> None:  # fmt: skip
    data = prepared.folders.data
    pairs = "SELECT recovery_version, count(*) FROM recovery_wrap GROUP BY 1 ORDER BY 1"
    printed(app, desk)
    newest = printed(app, desk)
    assert safeguarding(data, pairs) == [(1, 3), (3, 3)], "the second was never anybody else's"
    safeguarding(data, "DELETE FROM recovery_wrap")
    with app.app_context():
        assert renew_wraps(desk.id) == 6, "both are looked after"
        for version, who in ((3, desk.head), (2, desk.school.lane), (4, desk.school.lane)):
            with pytest.raises(Refused):
                confirm_paper(desk.id, version, by=who)
    kept = back_up(data, tmp_path / "kept", Kind.ASKED, TEN)
    assert typed(words, "restore", str(kept), "--paper").returncode == 0
    remove(fresh.data_dir)
    assert typed(newest, "restore", str(kept), "--paper").returncode == 0
    confirmed(app, desk, 3)
    with app.app_context():
        assert renew_wraps(desk.id) == 0
    assert safeguarding(data, pairs) == [(3, 3)]
    assert safeguarding(
        data, "SELECT staff_id, says FROM audit WHERE kind = 'recovery key was confirmed'"
    ) == [(desk.school.lane, "version=3")]


def test_lost_keys_come_back_and_none_is_written_over(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str, told: str,
    monkeypatch: pytest.MonkeyPatch, typed: Typed) -> None:  # fmt: skip
    keys, name = prepared.keys, f"school-{desk.id}-1"
    monkeypatch.setenv("DATA_DIR", str(prepared.folders.data))
    monkeypatch.setenv("KEYS_DIR", str(keys.path))
    pictures = keys.file("pictures").read_bytes()
    keys.file(name).write_text("half")
    keys.file(f"chain-{desk.id}").unlink()
    assert WORDS not in wording(adult_browser(app, OKAFOR).get(f"/concerns/{told}"))
    done = typed(words, "recover-keys")
    assert done.returncode == 0, done.stderr
    assert "2 keys put back" in done.stdout
    assert "What children told can be read." in done.stdout
    assert WORDS in wording(adult_browser(app, OKAFOR).get(f"/concerns/{told}"))
    (aside,) = keys.path.glob(f"{name}.key.before-*")
    assert aside.read_text() == "half"
    another = os.urandom(32)
    keys.file(name).write_text(another.hex())
    keys.file("pictures").write_text(another.hex())
    assert f"There is another key at {keys.file(name)}" in typed(words, "recover-keys").stderr
    assert keys.read(name) == another
    assert pictures != keys.file("pictures").read_bytes()


def test_each_key_that_is_new_or_changed_is_wrapped_by_itself(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str
) -> None:
    data, keys = prepared.folders.data, prepared.keys
    with app.app_context():
        assert renew_wraps(desk.id) == 0
        keys.file("pictures").unlink()
        assert renew_wraps(desk.id) == 0, "nothing can be wrapped that is away"
        keys.read_or_make("pictures")
        assert paper_finding(data, keys.path).mark is Mark.MEND
        assert renew_wraps(desk.id) == 1
        assert renew_wraps(desk.id) == 0
    assert paper_finding(data, keys.path).mark is Mark.OK
    ((wrapped,),) = safeguarding(
        data, "SELECT wrapped FROM recovery_wrap WHERE name = 'pictures' AND recovery_version = 1"
    )
    private = recovery.private_of(recovery.bits_of(words))
    place = recovery.place_of(desk.id, 1, "pictures")
    assert recovery.unwrap_key(private, wrapped, *place) == keys.read("pictures")


def test_the_keeper_sees_to_it_while_catkin_runs(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str
) -> None:
    safeguarding(prepared.folders.data, "DELETE FROM recovery_wrap")
    with app.app_context():
        CHORES["recovery"](desk.id)
    wraps = safeguarding(prepared.folders.data, "SELECT name FROM recovery_wrap")
    assert {name for (name,) in wraps} == {f"school-{desk.id}-1", f"chain-{desk.id}", "pictures"}


@pytest.mark.parametrize("which", ["school-{}-1", "chain-{}"])
def test_a_key_that_is_not_the_schools_takes_no_place_on_the_paper(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str, told: str, which: str, typed: Typed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Two key files mixed up by hand: the paper in the safe goes on opening what it opened."""
    data, keys, name = prepared.folders.data, prepared.keys, which.format(desk.id)
    whole = keys.read(name)
    keys.file(name).write_text(os.urandom(32).hex())
    with app.app_context():
        assert renew_wraps(desk.id) == 0
        with pytest.raises(Refused):
            new_paper(desk.id, by=desk.head)
    assert paper_finding(data, keys.path).mark is Mark.OK, "that a key is wrong is said elsewhere"
    keys.file(name).unlink()
    monkeypatch.setenv("DATA_DIR", str(data))
    monkeypatch.setenv("KEYS_DIR", str(keys.path))
    assert typed(words, "recover-keys").returncode == 0
    assert keys.read(name) == whole


def garbled(data: Path, *, version: int = 1) -> None:
    """Somebody spoils what a paper opens, and leaves the mark by which the key is known."""
    with tampering(data) as file:
        file.execute(
            "UPDATE recovery_wrap SET wrapped = CAST(substr(wrapped, 1, 8) ||"
            " randomblob(length(wrapped) - 8) AS BLOB) WHERE recovery_version = ?",
            [version],
        )


@pytest.mark.tampers
def test_what_a_paper_opens_cannot_be_spoilt_unseen(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str, told: str, fresh: Settings,
    typed: Typed, tmp_path: Path,
) -> None:  # fmt: skip
    data, keys = prepared.folders.data, prepared.keys
    garbled(data)
    (tmp_path / "kept").mkdir()
    spoilt = back_up(data, tmp_path / "kept", Kind.ASKED, TEN)
    found = proved(data, desk.id, keys.path).faults
    assert {fault.what for fault in found} == {What.EDITED}
    assert "A key that a paper opens" in found[0].says
    assert paper_finding(data, keys.path).mark is Mark.MEND
    assert not try_out(Settings(data_dir=data, keys_dir=keys.path), spoilt), "the drill says so too"
    with app.app_context():
        assert renew_wraps(desk.id) == 3
    assert proved(data, desk.id, keys.path).faults == []
    assert paper_finding(data, keys.path).mark is Mark.OK
    newer = back_up(data, tmp_path / "newer", Kind.ASKED, TEN)
    assert try_out(Settings(data_dir=data, keys_dir=keys.path), newer)
    assert typed(words, "restore", str(newer), "--paper").returncode == 0


def test_a_paper_that_opens_nothing_ends_no_other(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str, fresh: Settings, typed: Typed,
    tmp_path: Path,
) -> None:  # fmt: skip
    """The second person says yes, and what the new paper opens was spoilt meanwhile."""
    printed(app, desk)
    garbled(prepared.folders.data, version=2)
    with pytest.raises(Refused, match="does not open everything"):
        confirmed(app, desk, 2)
    kept = back_up(prepared.folders.data, tmp_path / "kept", Kind.ASKED, TEN)
    assert typed(words, "restore", str(kept), "--paper").returncode == 0
    with app.app_context():
        assert renew_wraps(desk.id) == 3
    confirmed(app, desk, 2)


@pytest.mark.tampers
def test_a_paper_that_somebody_wrote_into_the_file_is_given_no_key(
    app: Flask, prepared: Prepared, desk: AtDesk, words: str
) -> None:
    """Whoever can write to the database, or to a backup that is put back, must not get the keys."""
    data, theirs = prepared.folders.data, sealing.new_pair()[1]
    safeguarding(
        data,
        "INSERT INTO recovery_key SELECT school_id, 2, ?, made_at FROM recovery_key",
        theirs,
    )
    safeguarding(
        data,
        "INSERT INTO audit (school_id, kind, says, made_at) SELECT school_id, kind,"
        " replace(says, 'version=1', 'version=2'), made_at FROM audit WHERE kind LIKE 'recovery%'",
    )
    with app.app_context():
        assert renew_wraps(desk.id) == 0
    assert safeguarding(data, "SELECT count(*) FROM recovery_wrap WHERE recovery_version = 2") == [
        (0,)
    ]


def test_nothing_of_the_words_is_kept_anywhere(prepared: Prepared, kept: Path, words: str) -> None:
    private = recovery.private_of(recovery.bits_of(words))
    marks = [recovery.bits_of(words), private, private.hex().encode()]
    folders = (prepared.folders.data, prepared.folders.keys, kept)
    for path in (p for folder in folders for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert not any(mark in content for mark in marks), path.name


def test_the_old_folder_of_keys_is_still_a_way(
    prepared: Prepared, kept: Path, fresh: Settings, capsys: Any, tmp_path: Path
) -> None:
    shutil.copytree(prepared.folders.keys, tmp_path / "copied")
    with pytest.raises(SystemExit):
        run_command(["data", "restore", str(kept), "--keys", str(tmp_path), "--paper"])
    assert run_command(["data", "restore", str(kept), "--keys", str(tmp_path / "copied")]) == 0
    with pytest.raises(CannotStart, match="A school lives"):
        run_command(["data", "restore", str(kept), "--paper"])

"""A stolen database, its side files, the spool or a backup: a scan of every byte finds nobody."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base import sealing
from app.base.backup import back_up
from app.base.database import Store, file_of
from app.base.manifest import Kind
from app.safeguarding import queries
from app.safeguarding.actions.add import add_words
from tests.at_desk import AtDesk, adult_browser, go_on, school_with_team
from tests.at_school import TEN, press, signed_in_pupil, wording
from tests.on_paper import safeguarding
from tests.stepped import set_up

LANE = "lane.okafor@example.sch.uk"
SAID = {
    "the child's words": "Zephyrine Quillfeather took my otterbook 🦦 behind the bikeshed",
    "what was drawn": "0 123 45 234 67 345 89;2 321 210",
    "what was added": "and the marmaladewhisper came back",
    "a draft that was hidden": "halfpenny thunderclog secret",
    "a draft that lies there still": "unfinishedbusiness of the lanternfish",
    "a note": "Spoke with Zephyrine Quillfeather about the velvetledger",
    "an answer": "Thank you for your cobaltbravery",
    "a reason": "needs the tangerinecounsel of the head",
    "a closing": "resolved by the walrusaccord",
}
NAMED = ("Amina", "Okafor", "Ngozi", "Peter Lane", "Ada Marsh", "Boateng", "Quillfeather")
"""Pupils and adults of the school, and a name that stands in what was said."""
PIECE = 12
"""So many bytes in a row of what was said are looked for, so that half a text is found too."""


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def live(app: Flask, desk: AtDesk) -> None:
    """Let all of that be said, through the school's pages."""
    child = app.test_client()
    signed_in_pupil(child, desk.school.amina)
    page = go_on(child, child.get("/tell/feel"), "Next", words=SAID["a draft that was hidden"])
    assert press(child, page, "Hide this").location == "/map"
    told = {"words": SAID["the child's words"], "drawing": SAID["what was drawn"]}
    page = go_on(child, child.get("/tell/feel"), "Next", **told)
    assert press(child, page, "Send it", to=[desk.school.lane]).location == "/tell/sent"
    ((reference,),) = safeguarding(folder_of(app), "SELECT reference FROM concern")
    handle(adult_browser(app, LANE), f"/concerns/{reference}", desk)
    with app.app_context():
        (note,) = queries.notes.notes(desk.id, desk.school.amina)
        add_words(desk.id, note, SAID["what was added"], "once")
    go_on(child, child.get("/tell/feel"), "Next", words=SAID["a draft that lies there still"])


def handle(lane: FlaskClient, path: str, desk: AtDesk) -> None:
    page = lane.get(path)
    assert SAID["the child's words"] in wording(page)
    page = go_on(lane, page, "Save the note", note=SAID["a note"])
    page = go_on(lane, page, "Send the answer", answer=SAID["an answer"])
    page = go_on(lane, page, "Share", with_id=desk.school.okafor, reason=SAID["a reason"])
    whole = dict.fromkeys(("done", "decision", "reason", "outcome"), SAID["a closing"])
    page = go_on(lane, page, "Close this concern", **whole, child_told="yes")
    for text in ("a note", "an answer", "a reason", "a closing"):
        assert SAID[text] in wording(page), text


def folder_of(app: Flask) -> Path:
    folder: Path = app.extensions["catkin"].folders.data
    return folder


def what_a_thief_has(data: Path, to: Path) -> dict[str, bytes]:
    """Every byte of what children told, as it lies while Catkin runs and in a backup."""
    backup = back_up(data, to, Kind.ASKED, TEN)
    lying = [*data.glob("safeguarding.db*"), *(data / "spool").rglob("*")]
    kept = file_of(backup, Store.SAFEGUARDING)
    return {path.name: path.read_bytes() for path in lying if path.is_file()} | {
        "in the backup": kept.read_bytes()
    }


def forms_of(text: str) -> set[bytes]:
    """How a piece of a text may lie in a file: plain, in wide letters, as hex, as base64."""
    plain = text.encode()
    pieces = {plain[at : at + PIECE] for at in range(max(1, len(plain) - PIECE + 1))}
    coded = {b64encode(plain[at : at + PIECE])[: PIECE // 3 * 4].rstrip(b"=") for at in range(3)}
    return pieces | coded | {text.encode("utf-16-le"), plain.hex().encode()}


def found_in(lies: dict[str, bytes], texts: Iterable[str]) -> set[str]:
    """Those of the texts of which anything stands in any of the files."""
    return {
        text
        for text in texts
        if any(form in content for form in forms_of(text) for content in lies.values())
    }


def test_no_byte_of_it_says_what_was_said_or_names_anybody(
    app: Flask, desk: AtDesk, tmp_path: Path
) -> None:
    live(app, desk)
    lies = what_a_thief_has(folder_of(app), tmp_path / "kept")
    assert {
        "safeguarding.db",
        "safeguarding.db-wal",
        "safeguarding.db-shm",
        "in the backup",
    } <= set(lies)
    assert len(lies["safeguarding.db-wal"]) > 10_000, "what was said just now lies there first"
    assert found_in(lies, [*SAID.values(), *NAMED]) == set()


def test_what_is_not_sealed_is_found(
    app: Flask, desk: AtDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same school on seals of glass: the scan sees all that a seal would hide."""
    monkeypatch.setattr(sealing, "seal", lambda _key, plain, *_place: sealing.FORMAT + plain)
    monkeypatch.setattr(sealing, "unseal", lambda _key, sealed, *_place: sealed[1:])
    set_up(app, desk.id, desk.school.lane, desk.head, desk.chair)
    live(app, desk)
    lies = what_a_thief_has(folder_of(app), tmp_path / "kept")
    hidden = SAID["a draft that was hidden"]
    assert found_in(lies, SAID.values()) >= {*SAID.values()} - {hidden}
    assert "Quillfeather" in found_in(lies, NAMED)
    people = {"learning": file_of(folder_of(app), Store.LEARNING).read_bytes()}
    people["wal"] = (folder_of(app) / "learning.db-wal").read_bytes()
    assert found_in(people, NAMED) >= set(NAMED) - {"Quillfeather"}, "names lie in the other file"

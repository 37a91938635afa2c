"""R33, R35, R56 and the way back: thieves, new keys, backups, a machine that is gone."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.base.backup import backups_folder, backups_in
from app.safeguarding.actions.handle import By, record
from app.safeguarding.queries import desk
from app.safeguarding.rules import Kind
from tests.at_desk import viewer
from tests.faults.away import held
from tests.faults.ground import School, a_school, in_process
from tests.faults.reading import CLOSED, words_of_all
from tests.faults.table import Found, How
from tests.faults.telling import CANARY, Press, Seen, at_once, pages, references

NOTE = "canarynote"
"""What an adult writes into a concern here."""
NAMES = ("Pupil", "Khan", "Lane", "Marsh", "Okafor", "Amina")
"""Of pupils and adults of the school."""


def stolen(how: How) -> Found:
    """All files of a running server are copied and searched, the backup and the spool too."""
    with a_school(how) as school:
        with school.served() as running:
            at_once(pages(running.port, how.many(40, 6), cookies=school.cookies))
            _write_a_note(school)
            code, said = school.command("data", "backup")
            assert code == 0, said
            with held(school.store):
                at_once(pages(running.port, 4, cookies=school.cookies))
                loot = school.folder / "loot"
                shutil.copytree(school.data, loot / "data")
                shutil.copytree(backups_folder(school.data), loot / "backups")
        files = [one for one in loot.rglob("*") if one.is_file()]
        told = [one for one in files if "safeguarding" in one.name or "spool" in one.parts]
        words = _holding(files, (CANARY, NOTE))
        names = _holding(told, NAMES)
        sees = bool(_holding(files, ("Oak Lane Primary",)))
    spooled = sum("spool" in one.parts for one in told)
    said = f"{len(files)} files ({spooled} of the spool): words in {len(words)}"
    figure = f"{said}; names in {len(names)} of the {len(told)} of what was told"
    return Found(figure, not words and not names and sees and len(told) > 2)


def _write_a_note(school: School) -> None:
    with in_process(school) as app:
        here = viewer(app, school.assembly.desk, school.assembly.desk.head)
        concern = desk.concerns(school.id, here)[0]
        record(school.id, concern, Kind.NOTE, NOTE, by=By(here.id, "once"))


def _holding(files: Iterable[Path], sought: tuple[str, ...]) -> list[Path]:
    """The files that hold one of these, in the ways in which texts lie in files."""
    forms = [form for one in sought for form in (one.encode(), one.encode("utf-16-le"))]
    return [file for file in files if any(form in file.read_bytes() for form in forms)]


def rotated(how: How) -> Found:
    """`data rotate-key` while children tell and the team reads."""
    with a_school(how) as school, school.served() as running:
        first = references(at_once(pages(running.port, how.many(100, 8))))
        presses, seen, faults = pages(running.port, how.many(200, 12)), list[Seen](), list[str]()
        done = threading.Event()
        hands = [
            threading.Thread(target=_tell_all, args=(presses, seen)),
            threading.Thread(target=_read_on, args=(school, first, done, faults)),
        ]
        for hand in hands:
            hand.start()
        code, said = school.command("data", "rotate-key", "--yes")
        hands[0].join()
        done.set()
        hands[1].join()
        versions = {int(v) for (v,) in school.rows("SELECT version FROM school_key")}
        school.drained(references(seen))
        with in_process(school):
            closed = [w for w in words_of_all(school).values() if w == CLOSED]
        kept = len(school.references())
    refused = sum(not one.sent for one in seen)
    if code:
        return Found(f"data rotate-key: {_last(said)}", False)
    figure = f"{len(seen)} Tells meanwhile: {refused} refused; {len(faults)} read errors"
    well = not refused and not faults and not closed and kept == len(first) + len(seen)
    figure += f", {len(closed)} of {kept} closed after, keys {sorted(versions)}"
    return Found(figure, well and len(versions) > 1)


def _tell_all(presses: list[Press], seen: list[Seen]) -> None:
    for press in presses:
        seen.append(press.try_it())
        time.sleep(0.02)


def _read_on(school: School, known: set[str], done: threading.Event, faults: list[str]) -> None:
    """Open everything that is there, again and again."""
    while not done.is_set():
        with in_process(school):
            read = words_of_all(school)
            faults += [ref for ref in known if read.get(ref, CLOSED) == CLOSED]


def recovered(how: How) -> Found:
    """A fresh machine with last night's backup and the words of the paper, and nothing else."""
    from app.safeguarding.actions import paper

    with a_school(how) as school:
        with school.served() as running:
            told = {p.go().reference: p.words for p in pages(running.port, how.many(50, 4))}
        with in_process(school):
            by = school.assembly.desk.head
            made = paper.new_paper(school.id, by=by)
            paper.keep_paper(school.id, made.version, made.public, by=by)
        place = _backed_up(school)
        new = replace(school, folder=school.folder / "new machine")
        typed, began = " ".join(made.words), time.monotonic()
        code, said = new.command("data", "restore", str(place), "--paper", typed=f"{typed}\n")
        took = time.monotonic() - began
        if code:
            return Found(f"data restore --paper: {_last(said)}", False)
        with in_process(new):
            right = sum(words_of_all(new).get(ref) == words for ref, words in told.items())
        verified, said = new.command("data", "verify")
    chain = "verified" if verified == 0 else f"NOT verified ({_last(said)})"
    figure = f"{right} of {len(told)} readable in {took:.1f} s, chain {chain}"
    return Found(figure, right == len(told) and verified == 0)


def _backed_up(school: School) -> Path:
    code, said = school.command("data", "backup", "--nightly")
    assert code == 0, said
    return backups_in(backups_folder(school.data))[0][0]


def drilled(how: How) -> Found:
    """A nightly backup, a drill with it, a restore; then one byte is changed in each file."""
    with a_school(how) as school:
        with school.served() as running:
            at_once(pages(running.port, how.many(100, 4)))
        place = _backed_up(school)
        code, said = school.command("data", "drill")
        if code:
            return Found(f"data drill: {_last(said)}", False)
        new, began = replace(school, folder=school.folder / "new"), time.monotonic()
        code, said = new.command("data", "restore", str(place), "--keys", str(school.keys))
        took = time.monotonic() - began
        assert code == 0, said
        same = new.references() == school.references()
        files = [one for one in place.rglob("*") if one.is_file() and one.stat().st_size]
        wanted = [one for one in files if one.suffix in (".db", *([] if how.quick else [".json"]))]
        named = sum(_drill_names(school, one) for one in wanted)
    figure = f"drill well, restored in {took:.1f} s, same concerns: {same}"
    figure += f"; one byte changed in {len(wanted)} files: {named} named"
    return Found(figure, same and named == len(wanted))


def _drill_names(school: School, file: Path) -> bool:
    """Whether a drill fails and names the file of which one byte was changed."""
    whole = file.read_bytes()
    place = len(whole) // 2
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    try:
        code, said = school.command("data", "drill")
    finally:
        file.write_bytes(whole)
    return code == 1 and (file.name in said or file.parent.name in said)


def _last(said: str) -> str:
    return (said.strip().splitlines() or ["said nothing"])[-1][:140]

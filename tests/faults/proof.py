"""R25, R34, R46: what was told cannot be altered, and where somebody does all the same it shows."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.base.backup import backups_folder
from app.safeguarding.chain import chain_key_name, recording
from app.safeguarding.tables import TRIGGERS, Words
from tests.faults.ground import School, a_school, in_process
from tests.faults.reading import CLOSED, words_of_all
from tests.faults.table import Found, How
from tests.faults.telling import pages

ATTEMPTS = {
    "words": ("UPDATE words SET sealed = x'00'", "UPDATE words SET said_at = '2000-01-01'"),
    "entry": ("UPDATE entry SET kind = 'closed'", "UPDATE entry SET made_at = '2000-01-01'"),
    "concern": ("UPDATE concern SET told_at = '2000-01-01'", "UPDATE concern SET pupil_id = 'x'"),
    "link": ("UPDATE link SET holds = '[]'", "UPDATE link SET number = number + 100"),
}


def guarded(how: How) -> Found:
    """Another program changes, deletes and replaces rows; Catkin's own code tries to as well."""
    with a_school(how) as school:
        with school.served() as running:
            for press in pages(running.port, 3):
                press.go()
            tried, through = _attempts(school)
        audited = _attempt_of_our_own(school)
        _drop_guards(school)
        with school.served():
            standing = {name for (name,) in school.rows("SELECT name FROM sqlite_master")}
    back = len(set(TRIGGERS) & standing)
    said = f"{tried - through} of {tried} refused by the database, {audited} of 1 of ours noted"
    figure = f"{said}, {back} of {len(TRIGGERS)} guards back at the next start"
    return Found(figure, not through and audited == 1 and back == len(TRIGGERS))


def _attempts(school: School) -> tuple[int, int]:
    """How many were tried, and how many got through."""
    tried = through = 0
    with closing(sqlite3.connect(school.store, timeout=10)) as store:
        for table, updates in ATTEMPTS.items():
            replaced = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            for statement in (*updates, f"DELETE FROM {table}", replaced):
                tried += 1
                try:
                    store.execute(statement)
                    through += 1
                except sqlite3.IntegrityError:
                    pass
                store.rollback()
    return tried, through


def _attempt_of_our_own(school: School) -> int:
    """A write of the app that would change words: how many lines the record has of it after."""
    with in_process(school):
        before = school.count("audit")
        with suppress(DBAPIError), recording(school.id) as session:
            session.scalars(select(Words)).all()[0].sealed = b"nothing"
        return school.count("audit") - before


def _drop_guards(school: School) -> None:
    with closing(sqlite3.connect(school.store)) as store:
        for name in TRIGGERS:
            store.execute(f"DROP TRIGGER IF EXISTS {name}")


def tampered(how: How) -> Found:
    """Five ways of somebody who owns the computer, each on a copy; `data verify` looks."""
    with a_school(how) as school:
        with school.served() as running:
            for press in pages(running.port, 8):
                press.go()
            # The head that stands in the newest backup is what a cut chain is held against.
            code, said = school.command("data", "backup")
            assert code == 0, said
        clean, said = school.command("data", "verify")
        if clean:
            return Found(f"the untouched record does not verify: {_last(said)}", False)
        named = {name: _noticed(school, name, tamper) for name, tamper in TAMPERS.items()}
    missed = [name for name, sentence in named.items() if not sentence]
    said = "; ".join(f"{name}: {sentence}" for name, sentence in named.items() if sentence)
    figure = f"{len(TAMPERS) - len(missed)} of {len(TAMPERS)}" + (
        f", not {missed}" if missed else ""
    )
    return Found(f"{figure} ({said})" if said else figure, not missed)


def _last(said: str) -> str:
    return (said.strip().splitlines() or [""])[-1][:140]


def _noticed(school: School, name: str, tamper: Callable[[School], None]) -> str:
    """What `data verify` says of a copy that was tampered with; nothing where all seems well."""
    folder = school.folder / "copies" / name
    for part in (school.data, school.keys, backups_folder(school.data)):
        shutil.copytree(part, folder / part.name)
    copy = replace(school, folder=folder)
    tamper(copy)
    code, said = copy.command("data", "verify")
    named = [line.removeprefix("- ") for line in said.splitlines() if line.startswith("- ")]
    return named[0][:90] if code == 1 and "Traceback" not in said and named else ""


def _change(school: School, *statements: str) -> None:
    _drop_guards(school)
    with closing(sqlite3.connect(school.store)) as store:
        for statement in statements:
            store.execute(statement)
        store.commit()
    _stand_guards(school)


def _stand_guards(school: School) -> None:
    with closing(sqlite3.connect(school.store)) as store:
        for sql in TRIGGERS.values():
            store.execute(sql)


def _edit(school: School) -> None:
    _change(school, "UPDATE words SET sealed = zeroblob(length(sealed)) WHERE id = 2")


def _delete(school: School) -> None:
    _change(
        school, *(f"DELETE FROM {t} WHERE concern_id = 2" for t in ("notice", "words", "entry"))
    )


def _swap(school: School) -> None:
    _change(
        school,
        "CREATE TEMP TABLE two AS SELECT id, sealed FROM words WHERE id IN (1, 2)",
        "UPDATE words SET sealed = (SELECT sealed FROM two WHERE two.id = 3 - words.id)"
        " WHERE id IN (1, 2)",
    )


def _truncate(school: School) -> None:
    rows = ("notice", "words", "entry", "concern_key", "concern_person", "concern_about", "view")
    _change(
        school,
        "PRAGMA foreign_keys=OFF",
        "DELETE FROM link WHERE number > 6",
        *(f"DELETE FROM {table} WHERE concern_id > 6" for table in rows),
        "DELETE FROM concern WHERE id > 6",
        "DELETE FROM audit WHERE id > 0",
    )


def _rewrite(school: School) -> None:
    """Edit, throw the chain away, and let Catkin itself make one with another key."""
    _change(
        school, "UPDATE concern SET told_at = '2026-01-01 10:00:00.000000' WHERE id = 2",
        "DELETE FROM link",
    )  # fmt: skip
    key = school.keys / f"{chain_key_name(school.id)}.key"
    true = key.read_bytes()
    key.write_text("ab" * 32)
    with replace(school, how=How()).served() as running:
        for press in pages(running.port, 9):
            press.go()
    key.write_bytes(true)


TAMPERS: dict[str, Callable[[School], None]] = {
    "edit": _edit,
    "delete": _delete,
    "swap": _swap,
    "truncate": _truncate,
    "rewrite": _rewrite,
}

SWAPS = {
    "words of another concern": "UPDATE words SET sealed = (SELECT sealed FROM words WHERE id = 2)",
    "words and key of another": "UPDATE words SET concern_id = 2;"
    " UPDATE concern_key SET concern_id = 2",
    "under another field": "UPDATE words SET field = 'x' || id",
    "key of another": "UPDATE concern_key SET wrapped = (SELECT wrapped FROM concern_key LIMIT 1)",
    "another version": "UPDATE concern_key SET wrapped = substr(wrapped, 1, length(wrapped) - 1)",
}


def pasted(how: How) -> Found:
    """Ciphertexts in each other's place, under another key, field or concern, never open."""
    opened, tried = 0, 0
    with a_school(how) as school:
        with school.served() as running:
            told = {press.go().reference: press.words for press in pages(running.port, 3)}
        with in_process(school):
            sound = words_of_all(school) == told
        _drop_guards(school)
        whole = Path(school.folder / "whole.db")
        with closing(sqlite3.connect(school.store)) as store:
            store.execute("VACUUM INTO ?", (str(whole),))
        for change in SWAPS.values():
            _put(whole, school)
            with closing(sqlite3.connect(school.store)) as store:
                store.executescript(change)
            with in_process(school):
                read = words_of_all(school)
            tried += 1
            wrong = [w for ref, w in read.items() if w not in (CLOSED, told[ref])]
            opened += bool(wrong) or all(w != CLOSED for w in read.values())
    figure = f"{tried - opened} of {tried} refused; untouched ones open: {sound}"
    return Found(figure, sound and not opened)


def _put(whole: Path, school: School) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{school.store}{end}").unlink(missing_ok=True)
    shutil.copy(whole, school.store)

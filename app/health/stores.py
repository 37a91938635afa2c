"""The two databases and the keys, read without an app and without leaving a trace."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from app.base import sealing
from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.base.key_copies import keys_in_use
from app.base.keys import KeyFolder
from app.base.migrations import PUT_BACK, VERSION, versions
from app.health.findings import Finding, look, mend, ok
from app.people.rules import Adult, Role, TeamState, team_state
from app.safeguarding.spool import LATE, pile_of
from app.safeguarding.words import key_name

OWN = ("pictures", "cookies")
FROM_PAPER = (
    "Put back your copy of the keys folder; or, with the recovery key on paper:"
    " .venv/bin/python -m app data recover-keys"
)


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A database, to read only. Where nobody has it open, not even a side file is made."""
    open_now = file.with_name(f"{file.name}-wal").exists()
    mode = "mode=ro" if open_now else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, timeout=5)
    with closing(connection):
        yield connection


def rows(data: Path, store: Store, question: str) -> list[tuple[Any, ...]]:
    """What a store answers; nothing where there is none yet."""
    file = file_of(data, store)
    if not file.exists():
        return []
    with reading(file) as connection:
        return connection.execute(question).fetchall()


def integrity(data: Path) -> Finding:
    """Whether SQLite finds both files whole."""
    name = "Databases"
    missing = [file_of(data, store).name for store in Store if not file_of(data, store).exists()]
    if len(missing) == len(Store):
        return look(name, "There is no data yet.", "Start Catkin once: make run")
    if missing:
        return mend(name, f"{missing[0]} is missing.", PUT_BACK)
    for store in Store:
        try:
            whole = rows(data, store, "PRAGMA quick_check(1)") == [("ok",)]
        except sqlite3.DatabaseError:
            whole = False
        if not whole:
            return mend(name, f"{file_of(data, store).name} is damaged.", PUT_BACK)
    return ok(name, "Both databases are whole.")


def forms(data: Path) -> Finding:
    """Whether the data has the form that this Catkin knows."""
    name = "Versions"
    for store in Store:
        known = versions(store)
        for (found,) in rows(data, store, VERSION):
            if found not in known:
                return mend(
                    name,
                    "The data was written by a newer Catkin.",
                    "Update Catkin, or give another DATA_DIR.",
                )
            if found != known[-1]:
                return look(
                    name,
                    "The data has the form of an older Catkin.",
                    "Start Catkin: it brings it to the newest form.",
                )
    return ok(name, "The data has the form that this Catkin knows.")


def keys(data: Path, folder: Path) -> Finding:
    """Whether every key is there, whole, and the one that belongs to its school."""
    name, found = "Keys", KeyFolder(folder)
    held = keys_in_use(partial(rows, data, Store.SAFEGUARDING))
    schools = {one for (one,) in rows(data, Store.LEARNING, "SELECT id FROM school")}
    if schools - {school_id for school_id, _, _ in held}:
        return mend(name, "The safeguarding database does not belong to this school.", PUT_BACK)
    for school_id, version, public in held:
        if not _opens(found, key_name(school_id, version), public):
            return mend(
                name,
                "What children told cannot be read: the school’s private key is missing, damaged,"
                " or another’s. They can still tell.",
                FROM_PAPER,
            )
    for one in OWN if schools else ():
        if not _is_whole(found, one):
            return _own_key(one, is_there=found.has(one))
    if not schools:
        return ok(name, "No school yet, so no key is needed.")
    return ok(name, "Every key is there, and what children told can be read.")


def _own_key(one: str, *, is_there: bool) -> Finding:
    says = f"The key “{one}” is {'damaged' if is_there else 'missing'}."
    if one == "cookies" and not is_there:
        do = "Start Catkin: it makes another, and everyone signs in again."
        return look("Keys", says, do)
    return mend(
        "Keys", says, FROM_PAPER if one == "pictures" else "Put back your copy of the keys."
    )


def _is_whole(folder: KeyFolder, name: str) -> bool:
    try:
        return len(folder.read(name)) > 0
    except KeyMissing:
        return False


def _opens(folder: KeyFolder, name: str, public: bytes) -> bool:
    return _is_whole(folder, name) and sealing.public_of(folder.read(name)) == public


def spooled(data: Path) -> Finding:
    """Whether what was told while the database was away has been filed."""
    name, pile = "Spool", pile_of(data)
    try:
        set_aside, unread, late = pile.damaged(), pile.unread(), pile.late(LATE)
    except OSError as problem:
        return mend(name, f"{pile.folder} cannot be read: {problem.strerror}.", "Mend the disk.")
    if set_aside:
        return mend(
            name,
            f"A telling in {pile.folder} is damaged and was set aside: {set_aside[0]}",
            "Keep that file, tell the safeguarding lead at once, and look at the disk.",
        )
    if unread:
        return mend(
            name,
            f"A telling in {pile.folder} cannot be read: {unread[0]}",
            "Look at the disk and at who may read that file. Then it is filed by itself.",
        )
    if late:
        return mend(
            name,
            f"What was told lies in {pile.folder} and cannot be filed.",
            "Mend what else is named here. Then it is filed by itself while Catkin runs.",
        )
    return ok(name, "Nothing that was told waits to be filed.")


def adults(data: Path) -> list[Finding]:
    """The rule of three adults, for each school."""
    held = rows(
        data,
        Store.LEARNING,
        "SELECT staff.school_id, staff.id, role, signed_in_first IS NOT NULL, made_by,"
        " signed_in_first IS NOT NULL AND password IS NULL FROM staff"
        " JOIN staff_role ON staff_role.staff_id = staff.id"
        " LEFT JOIN invitation ON invitation.staff_id = staff.id AND waits"
        " AND confirmed_at IS NULL WHERE left_at IS NULL",
    )
    found: dict[str, dict[str, Adult]] = {}
    for school_id, staff_id, role, signed_in, behind, shut_out in held:
        here = found.setdefault(school_id, {})
        roles = (*(here[staff_id].roles if staff_id in here else ()), Role(role))
        known = bool(signed_in), behind, bool(shut_out)
        here[staff_id] = Adult(staff_id, "", "", "", roles, *known)
    if not found:
        do = "Set up your school in a browser."
        return [look("Three adults", "No school has been set up yet.", do)]
    return [three_adults(team_state(people.values())) for people in found.values()]


def three_adults(team: TeamState) -> Finding:
    """Whether two can see a concern whoever it is about."""
    name, sure = "Three adults", len(team.sure)
    if team.safe:
        return ok(name, f"{sure} adults can see concerns, one of them from outside the staff.")
    says = f"{sure} of 3 adults can see concerns."
    if not team.outside:
        says += " None of them is from outside the staff."
    if not team.lacks:
        return mend(name, says, "The People page says who must be confirmed, or come in by a link.")
    return mend(name, says, "Add them on the People page. Each counts from the first sign-in.")


OUTSIDE = "Call outside"


def outside(data: Path) -> list[Finding]:
    """Whether each school has written down whom to call about an adult."""
    held = rows(data, Store.LEARNING, "SELECT referral FROM school")
    return [called_outside(says) for (says,) in held]


def called_outside(says: str | None) -> Finding:
    """What the Health page says of it."""
    if says:
        return ok(OUTSIDE, "Whom to call outside the school about an adult is written down.")
    return look(
        OUTSIDE,
        "Nobody has written down whom to call outside the school about an adult.",
        "The safeguarding team writes it on the People page.",
    )


def newest_sign_in(data: Path) -> datetime | None:
    """When somebody last did anything, by the clock of that moment."""
    held = rows(data, Store.LEARNING, "SELECT max(seen_at) FROM sign_in")
    text = held[0][0] if held else None
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None

"""Looking whether the record is as Catkin wrote it: the rows of a file beside its chain's links.

All is streamed, so memory stays flat however much a school has written. Nothing here writes to
the file that is looked at, nor keeps any writer waiting.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.base.database import Store, file_of
from app.base.errors import KeyMissing
from app.base.keys import KeyFolder
from app.safeguarding.chain import chain_key_name, first_link_name
from app.safeguarding.faults import Fault, What, when
from app.safeguarding.head_file import head_file, head_is_damaged, kept_head, kept_restores
from app.safeguarding.held import BY_TABLE, FORM, short_head
from app.safeguarding.known_heads import Back, Known, known_head
from app.safeguarding.proof_links import Links
from app.safeguarding.proof_rows import Rows
from app.safeguarding.restored import UNPROVEN, not_noted_yet, restores_in
from app.safeguarding.schema import shape_faults
from app.safeguarding.tables import TRIGGERS

__all__ = ["Known", "known_head"]

NO_FIRST = "The keys folder does not know the chain’s first link; a start notes it down there."
NO_HEAD = (
    "The keys folder does not know the newest link: if the end was cut off since the last backup,"
    " nobody can tell. Catkin notes it down each minute where it may write to that folder."
)
HEAD_DAMAGED = (
    "The file {file} is damaged, so nobody can tell whether the end was cut off since the last"
    " backup. Compare the newest proof on paper (--head); then delete that file, and Catkin notes"
    " the newest link down anew."
)
LINKS = "SELECT number, holds, digest, mac, made_at FROM link WHERE school_id = ? ORDER BY number"
NEWEST = """
SELECT school_id, number, mac FROM link
 WHERE (school_id, number) IN (SELECT school_id, max(number) FROM link GROUP BY school_id)
"""
TO_COME = """
SELECT count(*) FROM mail WHERE school_id = ?1
   AND through > (SELECT coalesce(max(id), 0) FROM notice WHERE school_id = ?1)
"""
GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the keys folder knows of one school's chain; None for what is not there."""

    key: bytes | None
    first: bytes | None
    head: Known | None = None
    """The newest link that the keys folder knows."""
    restores: tuple[Back, ...] = ()
    """The backups that were put back while these were the keys."""
    back: tuple[Back, ...] = ()
    """The one that was put back just now, which no start has noted in the chain yet."""
    damaged: Path | None = None
    """The file of that newest link, where it says none."""


def keys_of(keys: KeyFolder, school_id: str, data: Path | None = None) -> Keys:
    """The same, read from the folder, before the record is; `data` is where a restore leaves its
    mark until a start has noted it."""
    return Keys(
        _read(keys, chain_key_name(school_id)),
        _read(keys, first_link_name(school_id)),
        kept_head(keys, school_id),
        tuple(kept_restores(keys, school_id)),
        tuple(not_noted_yet(data, keys, school_id)) if data else (),
        head_file(keys, school_id) if head_is_damaged(keys, school_id) else None,
    )


def _read(keys: KeyFolder, name: str) -> bytes | None:
    try:
        return keys.read(name)
    except KeyMissing:
        return None


@dataclass(slots=True)
class Found:
    """What a look at one school's record found."""

    faults: list[Fault] = field(default_factory=list)
    links: int = 0
    rows: int = 0
    heads: int = 0
    """How many of the heads that were kept elsewhere fitted."""
    head: str | None = None
    began: str | None = None
    newest: str | None = None
    remarks: list[str] = field(default_factory=list)
    """What is not wrong, and should be known."""
    whole: bool = False
    """Whether the look has come to its end."""

    @property
    def worst(self) -> What | None:
        """What is worst of all that is wrong; None where all is as Catkin wrote it."""
        kinds = {fault.what for fault in self.faults}
        return next((what for what in What if what in kinds), None)


def look(
    file: sqlite3.Connection, school_id: str, keys: Keys, heads: Iterable[Known] = ()
) -> Iterator[Found]:
    """Look at a school's record, piece by piece; each time the same Found, whole at the end.

    `file` is in one reading transaction from the first piece to the last.
    """
    file.text_factory = lambda text: text.decode(errors="replace")
    known = [*heads, keys.head] if keys.head else heads
    found, links = Found(), Links(school_id, keys.key, keys.first, known)
    try:
        with closing(Rows(file, school_id)) as rows:
            for _ in _compared(file, links, rows, keys, found):
                yield found
    except (sqlite3.DatabaseError, TypeError, ValueError, OverflowError) as problem:
        says = f"The database of the record is damaged and cannot be read ({problem})."
        found.faults += [*links.faults, Fault(What.DAMAGED, says)]
    if keys.damaged is not None:
        found.faults.append(Fault(What.HEAD_FILE, HEAD_DAMAGED.format(file=keys.damaged)))
    elif links.newest and keys.key is not None:
        missing = ((NO_FIRST, keys.first), (NO_HEAD, keys.head))
        found.remarks = [says for says, there in missing if there is None]
    found.whole = True
    yield found


def _compared(
    file: sqlite3.Connection, links: Links, rows: Rows, keys: Keys, found: Found
) -> Iterator[None]:
    for number, values in enumerate(file.execute(LINKS, [links.school_id])):
        if items := links.take(values):
            rows.hold(values[0], str(values[4]), items, signed=links.vouched)
        if number % 20 == 0:
            yield
    found.links, found.head = links.newest, links.head
    found.began, found.newest = links.began, links.ended
    yield from rows.read(links.form or FORM)
    found.rows = rows.count
    restored = restores_in(file, links.school_id, lambda one: rows.link_of("audit", one))
    links.end([*restored, *keys.back], keys.restores)
    found.heads = links.met
    found.faults += [*links.faults, *_unproven(file, links.school_id)]
    if links.key is None and links.newest:
        says = (
            "The chain’s key is not in the keys folder, so nobody can say whether Catkin signed"
            " the links. Put back your copy of the keys."
        )
        found.faults.append(Fault(What.NO_KEY, says))
    # A school has its key before its first link; an emptied chain was named already.
    if links.newest or (links.first is None and rows.anything_told):
        found.faults += [*rows.faults(), *_letters_to_come(file, links.school_id)]


def _letters_to_come(file: sqlite3.Connection, school_id: str) -> Iterator[Fault]:
    """Letters that are said to have gone for notices which nobody made: else they silence them."""
    (count,) = file.execute(TO_COME, [school_id]).fetchone()
    if count:
        says = f"{count} line{'' if count == 1 else 's'} about letters to adults (mail) stand for"
        says += " notices that were never made: put there past Catkin, so that no letter goes."
        yield Fault(What.ADDED, says)


def _unproven(file: sqlite3.Connection, school_id: str) -> Iterator[Fault]:
    asked = "SELECT made_at FROM audit WHERE school_id = ? AND kind = ? ORDER BY id"
    for (made_at,) in file.execute(asked, [school_id, UNPROVEN]):
        says = f"On {when(made_at)} a start found the mark of a restore that the chain’s key had"
        says += " not signed: the key was away then, or somebody put the mark there."
        yield Fault(What.UNSIGNED, says, str(made_at))


def whole(looked: Iterator[Found]) -> Found:
    """What a look finds, gone about without a rest."""
    found = Found()
    for each in looked:
        found = each
    return found


def guards_of(file: sqlite3.Connection) -> list[Fault]:
    """The guards that are missing or altered, and triggers that are none of Catkin's."""
    strange = [str(name) for name, _ in file.execute(GUARDS) if name not in TRIGGERS]
    return [
        Fault(What.GUARD, f"The guard {name} is missing or altered; a start puts it back.")
        for name in fallen_guards(file)
    ] + [
        Fault(What.GUARD, f"There is a trigger {name} that is none of Catkin’s: look what it does.")
        for name in strange
    ]


def of_file(file: sqlite3.Connection) -> list[Fault]:
    """What is wrong with the guards and the tables of a file, whosever rows they hold."""
    return [*guards_of(file), *shape_faults(file)]


def fallen_guards(file: sqlite3.Connection) -> list[str]:
    """The names of the guards that are missing or altered."""
    standing = {str(name): str(sql) for name, sql in file.execute(GUARDS)}
    return [name for name, sql in TRIGGERS.items() if standing.get(name) != sql]


def schools_in(file: sqlite3.Connection) -> list[str]:
    """Every school that has a row or a link in a file."""
    tables = ("link", *BY_TABLE)
    asked = " UNION ".join(f"SELECT school_id FROM {table}" for table in tables)  # noqa: S608
    return sorted(str(school) for (school,) in file.execute(asked))


def heads_in(folder: Path) -> dict[str, str]:
    """The newest head of each school's chain in a data folder or a copy of one."""
    with closing(sqlite3.connect(file_of(folder, Store.SAFEGUARDING))) as file:
        return {
            str(school): short_head(number, mac) for school, number, mac in file.execute(NEWEST)
        }

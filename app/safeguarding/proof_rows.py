"""The rows of a school beside what its links hold, compared in a nameless file of SQLite's own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

from app.safeguarding import faults
from app.safeguarding.faults import Fault, Place, What
from app.safeguarding.held import (
    BY_TABLE,
    GONE,
    MAY_GO,
    SINCE,
    Item,
    Shape,
    needs_signing,
    plain,
    shape_of,
)

NAMED = 40
"""Of one kind so many are named, and the rest counted."""
LOOKED_THROUGH = 200
"""Among so many changed rows of a table those are looked for that only changed places."""
PIECE = 200
"""After so many rows a look takes breath: whoever steps it does something else then."""

TABLES = """
CREATE TABLE held (tab TEXT, pk TEXT, digest TEXT, link INT, made TEXT, odd INT, gone INT,
                   concern INT, one TEXT, two TEXT, unlawful INT,
                   PRIMARY KEY (tab, pk)) WITHOUT ROWID;
CREATE TABLE there (tab TEXT, pk TEXT, digest TEXT, concern INT, one TEXT, two TEXT,
                    twice INT DEFAULT 0, PRIMARY KEY (tab, pk)) WITHOUT ROWID;
"""
HOLD = """
INSERT INTO held VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?) ON CONFLICT (tab, pk) DO UPDATE SET
  gone = excluded.gone,
  digest = iif(gone AND NOT excluded.gone, excluded.digest, digest),
  odd = coalesce(odd, CASE WHEN NOT gone AND NOT excluded.gone AND excluded.digest <> digest
                           THEN excluded.link END),
  one = coalesce(excluded.one, one), two = coalesce(excluded.two, two),
  unlawful = coalesce(unlawful, excluded.unlawful)
"""
"""The first link says what a row is; later ones add the newest value of what may change.
A row that Catkin removed and made again is what the newer link says."""
THERE = """
INSERT INTO there (tab, pk, digest, concern, one, two) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (tab, pk) DO UPDATE SET twice = 1
"""
UNLAWFUL = "SELECT tab, pk, concern, unlawful FROM held WHERE unlawful ORDER BY unlawful, tab, pk"
TWICE = "SELECT tab, pk, concern FROM there WHERE twice ORDER BY tab, pk"
DELETED = """
SELECT h.tab, h.pk, h.concern, h.link, h.made FROM held h LEFT JOIN there t USING (tab, pk)
 WHERE t.pk IS NULL AND NOT (h.gone AND h.tab IN (SELECT value FROM json_each(?)))
 ORDER BY h.link, h.tab, h.pk
"""
PUT_BACK = """
SELECT h.tab, h.pk, h.concern, h.link, h.made FROM held h JOIN there t USING (tab, pk)
 WHERE h.gone ORDER BY h.link, h.tab, h.pk
"""
ADDED = """
SELECT t.tab, t.pk, t.concern FROM there t LEFT JOIN held h USING (tab, pk)
 WHERE h.pk IS NULL ORDER BY t.tab, t.pk
"""
EDITED = """
SELECT h.tab, h.pk, h.concern, h.link, h.made, h.odd, h.digest, t.digest,
       h.one, t.one, h.two, t.two
  FROM held h JOIN there t USING (tab, pk)
 WHERE NOT h.gone AND (h.digest <> t.digest OR h.odd IS NOT NULL
                       OR h.one IS NOT t.one OR h.two IS NOT t.two)
 ORDER BY h.link, h.tab, h.pk
"""


class Rows:
    """Where a look keeps, for one school, what links hold and what is there."""

    def __init__(self, file: sqlite3.Connection, school_id: str) -> None:
        self.file, self.school_id = file, school_id
        self.count = 0
        self.kept = sqlite3.connect("", isolation_level=None)
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8000"):
            self.kept.execute(f"PRAGMA {setting}")
        self.kept.executescript(TABLES)
        self.kept.execute("BEGIN")

    def hold(self, number: int, made_at: str, items: list[Item], *, signed: bool = True) -> None:
        """What a link holds, and whether it is signed as what it holds must be."""
        rows = []
        for item in items:
            held = _held(number, made_at, item)
            odd = not signed and needs_signing(item[0], there=self._link_in(*held[:2]) is not None)
            rows.append((*held, number if odd else None))
        self.kept.executemany(HOLD, rows)

    def read(self, form: int) -> Iterator[None]:
        """What is there of the tables that links of this form hold; takes breath now and then."""
        for table in (name for name in BY_TABLE if SINCE.get(name, 1) <= form):
            shape = shape_of(table)
            rows = self.file.execute(_question(shape, "school_id = ?"), [self.school_id])
            while part := rows.fetchmany(PIECE):
                self.kept.executemany(
                    THERE,
                    [_there(shape, row) for row in part],
                )
                self.count += len(part)
                yield

    @property
    def anything_told(self) -> bool:
        """Whether there is a concern."""
        told = "SELECT 1 FROM there WHERE tab = 'concern' LIMIT 1"
        return self.kept.execute(told).fetchone() is not None

    def faults(self) -> Iterator[Fault]:
        """All that differs, worst first; of one kind not more than can be read."""
        yield from _few(What.EDITED, self._edited())
        may_go = json.dumps([*MAY_GO])
        yield from _few(
            What.DELETED,
            (faults.deleted(self._place(*row)) for row in self.kept.execute(DELETED, [may_go])),
        )
        back = (faults.put_back(self._place(*row)) for row in self.kept.execute(PUT_BACK))
        added = (faults.added(self._place(*row)) for row in self.kept.execute(ADDED))
        unlawful = (
            faults.unlawful(self._place(*row[:3]), row[3]) for row in self.kept.execute(UNLAWFUL)
        )
        yield from _few(What.UNLAWFUL, unlawful)
        double = (faults.twice(self._place(*row)) for row in self.kept.execute(TWICE))
        yield from _few(What.TWICE, double)
        yield from _few(What.ADDED, back)
        yield from _few(What.ADDED, added)

    def link_of(self, table: str, key: object) -> int | None:
        """The link that first held a row."""
        return self._link_in(table, json.dumps([key]))

    def _link_in(self, table: str, key: str) -> int | None:
        asked = "SELECT link FROM held WHERE tab = ? AND pk = ?"
        row = self.kept.execute(asked, [table, key]).fetchone()
        return row and int(row[0])

    def _place(
        self, table: str, key: str, concern: Any, link: int | None = None, made: str | None = None
    ) -> Place:
        known = "SELECT reference FROM concern WHERE school_id = ? AND id = ?"
        row = self.file.execute(known, [self.school_id, concern]).fetchone()
        named = str(row[0]) if row else None if concern is None else f"number {concern}"
        return Place(table, key, named, link, made)

    def _edited(self) -> Iterator[Fault]:
        changed = self.kept.execute(EDITED)
        first = changed.fetchmany(LOOKED_THROUGH)
        while first:
            one = first.pop(0)
            other = next((row for row in first if self._are_swapped(one, row)), None)
            if other is None:
                yield self._edit(one)
            else:
                first.remove(other)
                yield faults.swapped(self._place(*one[:5]), self._place(*other[:5]))
        yield from map(self._edit, changed)

    def _edit(self, row: tuple[Any, ...]) -> Fault:
        table, loose = row[0], [*shape_of(row[0]).loose, "", ""]
        columns = [
            name for name, held, there in ((loose[0], *row[8:10]), (loose[1], *row[10:12]))
            if held != there
        ]  # fmt: skip
        return faults.edited(self._place(table, *row[1:5]), columns, row[5])

    def _are_swapped(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Whether two changed rows of a table would be right in each other's place."""
        if one[0] != other[0]:
            return False
        shape = shape_of(one[0])
        if one[6] == one[7] and other[6] == other[7]:  # Only what may change differs.
            mine, theirs = (one[8], one[10]), (other[8], other[10])
            return (one[9], one[11]) == theirs and (other[9], other[11]) == mine != theirs
        a, b = self._values(shape, one[1]), self._values(shape, other[1])
        return any(
            shape.digest((b if swap(name) else a)[name] for name in shape.fixed) == one[6]
            and shape.digest((a if swap(name) else b)[name] for name in shape.fixed) == other[6]
            for swap in (lambda name: name not in shape.key, lambda name: name == "sealed")
        )

    def _values(self, shape: Shape, key: str) -> dict[str, Any]:
        where = " AND ".join(f"{name} = ?" for name in shape.key)
        row = self.file.execute(_question(shape, where), json.loads(key)).fetchone()
        return dict(zip((*shape.fixed, *shape.loose), row, strict=True))

    def close(self) -> None:
        """Let the nameless file go."""
        self.kept.close()


def _question(shape: Shape, where: str) -> str:
    columns = ", ".join((*shape.fixed, *shape.loose))
    order = ", ".join(shape.key)
    return f"SELECT {columns} FROM {shape.table} WHERE {where} ORDER BY {order}"  # noqa: S608


def _held(number: int, made_at: str, item: Item) -> tuple[Any, ...]:
    table, key, digest, loose, concern = item
    values = [json.dumps(loose[n]) if n in loose else None for n in shape_of(table).loose]
    one, two = [*values, None, None][:2]
    return table, json.dumps(key), digest, number, made_at, digest == GONE, concern, one, two


def _there(shape: Shape, row: tuple[Any, ...]) -> tuple[Any, ...]:
    fixed = row[: len(shape.fixed)]
    key = json.dumps([plain(fixed[shape.fixed.index(name)]) for name in shape.key])
    loose = [json.dumps(plain(value)) for value in row[len(shape.fixed) :]]
    one, two = [*loose, None, None][:2]
    concern = dict(zip(shape.fixed, fixed, strict=True)).get(shape.concern)
    concern = concern if isinstance(concern, int) else None
    return shape.table, key, shape.digest(fixed), concern, one, two


def _few(what: What, all_of_them: Iterator[Fault]) -> Iterator[Fault]:
    yield from islice(all_of_them, NAMED)
    left = sum(1 for _ in all_of_them)
    if left:
        yield faults.more(what, left)

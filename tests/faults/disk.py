"""R8: the disk fills up. What is acknowledged is stored; after that the child is told honestly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.ground import BALLAST, School, a_school, in_process
from tests.faults.mounts import fill, small_disk
from tests.faults.reading import words_of_all
from tests.faults.table import Found, How
from tests.faults.telling import CANARY, Seen, page_of, references

ROOM = 96 << 20
FREE = 1 << 20
WORDS = 30_000
"""Letters of each Tell here: so many fill a disk within a test's time."""
ENOUGH = 2_000


@contextmanager
def nearly_full(how: How, free: int) -> Iterator[tuple[School, int]]:
    """A school on a disk of its own, served, where somebody's film leaves so little; the port."""
    with a_school(how) as school:
        aside = school.folder / "aside"
        school.data.rename(aside)
        with small_disk(school.data, ROOM):
            shutil.copytree(aside, school.data, dirs_exist_ok=True)
            with school.served() as running:
                fill(school.data, free)
                yield school, running.port


def full(how: How) -> Found:
    """Children tell on and on until no byte is left."""
    with nearly_full(how, how.many(FREE, FREE // 4)) as (school, port):
        ballast = _size(school.data / BALLAST)
        # The page is asked for first: what counts is that what stands on it is not lost.
        seen, honest, let_go = [], [], None
        while len(seen) < ENOUGH and sum(not one.sent for one in seen) < 3:
            words = f"{CANARY} {len(seen)} " + "x" * WORDS
            one = _tell(port, words)
            seen.append(one)
            honest.append(one.is_honest(words))
            if let_go is None and ballast and _size(school.data / BALLAST) < ballast:
                let_go = sum(each.sent for each in seen)
        given = references(seen)
        (school.data / "somebody-elses-film").unlink()
        lost, doubled = school.drained(given), school.doubled()
    dishonest = honest.count(False)
    said = f"{len(given)} stored, then {len(seen) - len(given)} refused ({dishonest} dishonestly)"
    weight = f"ballast {ballast >> 10} KB, let go at Tell {let_go}" if ballast else "no ballast"
    well = bool(given) and not lost and not doubled and not dishonest and let_go is not None
    return Found(f"{said}, {len(lost)} lost, {doubled} doubled; {weight}", well)


def _tell(port: int, words: str) -> Seen:
    """One page and one press; where the page itself does not come, nothing was typed."""
    try:
        return page_of(port, words).try_it()
    except (IndexError, OSError):
        return Seen(503, words, 0.0)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def words_before_drawings(how: How) -> Found:
    """With hardly any room, a Tell of few words and a big drawing: the words are kept."""
    with nearly_full(how, 150_000) as (school, port):
        presses = [
            page_of(port, f"{CANARY} {n}", drawing=_drawing()) for n in range(how.many(20, 6))
        ]
        seen = [press.try_it() for press in presses]
        given = references(seen)
        (school.data / "somebody-elses-film").unlink()
        lost = school.drained(given)
        with in_process(school):
            kept = set(words_of_all(school).values())
    missing = sum(press.words not in kept for press in presses)
    figure = f"{len(seen)} Tells with a drawing: {len(given)} accepted, {missing} without words"
    return Found(f"{figure}, {len(lost)} lost", not lost and not missing)


def _drawing() -> str:
    """As much as a page may bring."""
    return json.dumps([[0, [(n * 7) % 300 for n in range(4000)]]])

"""R5, R7: the store of concerns is locked, read-only or gone, or lessons keep everybody busy."""

from __future__ import annotations

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.config import ROOT
from tests.faults.ground import School, a_school
from tests.faults.mounts import bound_read_only
from tests.faults.table import Found, How
from tests.faults.telling import Seen, at_once, milliseconds, pages, references
from tests.ground.running import Running
from tests.load.moves import Pupil
from tests.load.processes import family

UNLUCKY = 15
"""How many times the median the unluckiest of a hundred may wait."""
HOLD = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
store.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
store.execute("ROLLBACK")
"""


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another program has the file to itself until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield
        assert other.stdin is not None
        other.stdin.close()


def locked(how: How) -> Found:
    """Another program holds an EXCLUSIVE lock for a minute while children tell."""
    count, lasts = how.many(50, 8), how.many(60, 0)
    with a_school(how) as school, school.served() as running:
        presses, began = pages(running.port, count), time.monotonic()
        with held(school.store):
            seen = []
            for start in range(0, count, 10):
                seen += at_once(presses[start : start + 10])
                time.sleep(0 if how.quick else 3)
            time.sleep(max(0.0, lasts - (time.monotonic() - began)))
        return _after(how, school, seen, limit=3.0)


def _after(how: How, school: School, seen: list[Seen], *, limit: float | None = None) -> Found:
    """What became of Tells that came while the store was away, once it is back."""
    refused = sum(not one.sent for one in seen)
    false = school.drained(references(seen))
    kept, doubled = len(school.references()), school.doubled()
    slowest = max(one.seconds for one in seen)
    said = f"{len(seen)} Tells: {refused} refused, slowest {slowest:.1f} s"
    figure = f"{said}, {len(false)} lost, {doubled} doubled, {kept} drained"
    quick_enough = how.quick or limit is None or slowest < limit
    well = not refused and not false and not doubled and kept == len(seen)
    return Found(figure, well and quick_enough and not school.spooled())


def read_only(how: How) -> Found:
    """The store's file becomes read-only under a running server, whose workers begin anew."""
    with a_school(how) as school, school.served() as running:
        presses = pages(running.port, how.many(20, 4))
        with bound_read_only(school.store):
            _new_workers(running)
            seen = at_once(presses)
        _new_workers(running)
        return _after(how, school, seen)


def gone(how: How) -> Found:
    """The store's files are moved away under a running server, and come back later."""
    with a_school(how) as school, school.served() as running:
        presses = pages(running.port, how.many(20, 12))  # So many that each worker had some.
        parts = [Path(f"{school.store}{end}") for end in ("", "-wal", "-shm")]
        for part in parts:
            part.rename(part.with_name(f"away-{part.name}"))
        seen = at_once(presses)
        for part in parts:
            part.unlink(missing_ok=True)  # What SQLite made in its place.
            with suppress(FileNotFoundError):
                part.with_name(f"away-{part.name}").rename(part)
        _new_workers(running)
        return _after(how, school, seen)


def _new_workers(running: Running) -> None:
    """End the workers as a crash does: those that follow have opened no file yet."""
    old = [pid for pid in family(running.process.pid) if pid != running.process.pid]
    for pid in old:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for _ in range(200):
        now = set(family(running.process.pid)) - {running.process.pid} - set(old)
        if len(now) >= len(old) and _says_something(running.port):
            return
        time.sleep(0.05)
    raise AssertionError("no worker came back")


def _says_something(port: int) -> bool:
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        line.request("GET", "/favicon.ico")
        line.getresponse().read()
        line.close()
    except OSError:
        return False
    return True


def beside_lessons(how: How) -> Found:
    """Four quiz writers flat out while children tell, two at a time."""
    with a_school(how) as school, school.served() as running:
        presses = pages(running.port, how.many(300, 20))
        done, answers = threading.Event(), [0]
        writers = [
            threading.Thread(target=_answer, args=(running.port, cookie, done, answers))
            for cookie in school.cookies[:4]
        ]
        for writer in writers:
            writer.start()
        pairs = [presses[start : start + 2] for start in range(0, len(presses), 2)]
        seen = [one for pair in pairs for one in at_once(pair)]
        done.set()
        for writer in writers:
            writer.join()
        lost = references(seen) - school.references()
    refused, p99 = sum(not one.sent for one in seen), milliseconds(seen, 0.99)
    said = f"{len(seen)} Tells beside {answers[0]} answers: {refused} refused, {len(lost)} lost"
    holds = not refused and not lost and (how.quick or p99 < 300)
    return Found(f"{said}, p50 {milliseconds(seen, 0.5):.0f} ms, p99 {p99:.0f} ms", holds)


def _answer(port: int, cookie: str, done: threading.Event, answers: list[int]) -> None:
    pupil = Pupil(cookie)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while not done.is_set():
        pupil.turn(line)
        answers[0] += 1
    line.close()


def fair(how: How) -> Found:
    """Sixteen who tell without pause, in two processes: how long the unluckiest waits."""
    with a_school(how) as school:
        words = [str(school.data), str(school.keys), school.id, str(how.many(10, 4)), how.without]
        both = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.writers", *filter(None, words)],
                cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        said = [json.loads(one.communicate()[0]) for one in both]
        kept, doubled = len(school.references()), school.doubled()
    took = sorted(time for one in said for time in one["took"])
    refused = sum(len(one["refused"]) for one in said)
    middle, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    figure = (
        f"{len(took)} Tells: {refused} refused, {doubled} doubled, median {middle * 1000:.0f} ms"
    )
    holds = not refused and not doubled and kept == len(took) and p99 < UNLUCKY * middle
    return Found(f"{figure}, p99 {p99 * 1000:.0f} ms: {p99 / middle:.0f} times", holds)

"""Every figure of the README, measured again: `make bench`.

    python -m tests.load.bench                     all of it, about six minutes
    python -m tests.load.bench --only costs grid   some of it

Ratios are taken within one run, in alternating rounds. Times on a shared machine are what they
are: the table says how busy it was.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.ground.running import Running
from tests.load import installing, verify, workshop
from tests.load.big_school import BigSchool, big_school
from tests.load.costs import READERS, WRITERS, costs
from tests.load.crowds import Came, pupils_come
from tests.load.grid import grids

AN_ASSEMBLY, A_CLASS, PHONES = 420, 30, 120


@dataclass(frozen=True)
class Row:
    """A line of the table; `holds` is None where there is nothing to keep to."""

    what: str
    found: str
    aim: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        verdict = "" if self.holds is None else "yes" if self.holds else "NO"
        return f"| {self.what} | {self.found} | {self.aim} | {verdict} |"


def of_costs() -> Iterator[Row]:
    """A card and an answer beside the bare page and insert."""
    found = costs()
    for what, ours, bare, aim in (
        (f"Lesson card, signed in, {READERS} at once", found.card, found.page, 0.5),
        (f"Saved answer, {WRITERS} writers", found.answer, found.insert, 0.4),
    ):
        share = bare.each / ours.each
        said = f"{ours.each:.2f} ms CPU beside {bare.each:.2f} bare: {share:.0%}"
        yield Row(what, said, f"at least {aim:.0%}", share >= aim)
    p99, bare99 = found.answer.at(0.99), found.insert.at(0.99)
    said = f"{p99:.1f} ms (bare {bare99:.1f} ms)"
    yield Row(f"Answer p99, {WRITERS} writers", said, "25 ms", p99 <= 25)


def of_class() -> Iterator[Row]:
    """Thirty who sign in within ten seconds."""
    came = _pupils(A_CLASS)
    yield _crowd_row(f"A class: {A_CLASS} sign in within 10 s, then learn for 40 s", came)


def of_assembly() -> Iterator[Row]:
    """Four hundred and twenty who sign in within ten seconds."""
    came = _pupils(AN_ASSEMBLY)
    what = f"An assembly: {AN_ASSEMBLY} sign in within 10 s, then a page and an answer each 10 s"
    yield _crowd_row(what, came, p95=50)
    yield Row("Memory under the assembly", f"{came.memory:.0f} MB", "150 MB", came.memory <= 150)


def _pupils(count: int) -> Came:
    with _running(count) as (running, school):
        return pupils_come(running, school, count=count, ramp=10, seconds=40)


class _running:
    """A server with so many pupils at its door."""

    def __init__(self, pupils: int) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._school = big_school(Path(self._folder.name), pupils, signed_in=False)

    def __enter__(self) -> tuple[Running, BigSchool]:
        self._server = Running.start(self._school.data, self._school.keys)
        return self._server, self._school

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._folder.cleanup()


def _crowd_row(what: str, came: Came, p95: float | None = None) -> Row:
    tally = came.tally
    times = f"p50 {tally.at(0.5):.1f} ms, p95 {tally.at(0.95):.1f}, p99 {tally.at(0.99):.1f}"
    found = f"{len(tally.times)} answers, {len(tally.faults)} errors, {times}"
    holds = not tally.faults and (p95 is None or tally.at(0.95) <= p95)
    return Row(what, found, "0 errors" + (f", p95 {p95:.0f} ms" if p95 else ""), holds)


def of_workshop() -> Iterator[Row]:
    """A hall of phones that joins within half a minute."""
    found = workshop.measure(PHONES, 40, say=lambda _line: None)
    p50, p95, p99 = (workshop.percentile(found.all, share) for share in (0.5, 0.95, 0.99))
    said = f"{len(found.all)} answers, {len(found.errors)} errors, p50 {p50:.1f} ms, p95 {p95:.1f}"
    what = f"A workshop: {PHONES} phones join within 30 s and ask every 2 s"
    holds = not found.errors and p95 <= 25
    yield Row(what, f"{said}, p99 {p99:.1f}", "0 errors, p95 25 ms", holds)


def of_start() -> Iterator[Row]:
    """From the command to the first answer, and the memory of a server that waits."""
    with _running(A_CLASS) as (running, school):
        running.stop()
        seconds = installing.seconds_to_first_answer(school.data, school.keys)
        idle = installing.idle_memory(school.data, school.keys)
    yield Row("Start to the first answer", f"{seconds:.2f} s", "1 s", seconds <= 1)
    yield Row("Memory at rest (PSS, all processes)", f"{idle:.0f} MB", "150 MB", idle <= 150)


def of_install() -> Iterator[Row]:
    """What the first start puts on the disk, and the way from a clone to the first card."""
    size = installing.megabytes_installed()
    answers, card = installing.seconds_from_clone()
    yield Row(
        "From git clone to a demo that answers, and to a first card (by machine)",
        f"{answers:.0f} s, {card:.0f} s",
    )
    yield Row("Installed, without tests", f"{size:.0f} MB", "150 MB", size <= 150)


def of_grid() -> Iterator[Row]:
    """The class page as answers grow."""
    found = grids()
    for one in found:
        said = f"{one.selects} SELECTs, {one.milliseconds:.1f} ms"
        yield Row(f"Class grid over {one.answers:,} answers", said, "3 SELECTs", one.selects <= 3)
    ratio = found[-1].milliseconds / found[0].milliseconds
    yield Row("Class grid, the most over the least", f"{ratio:.2f} times", "1.5", ratio <= 1.5)


def of_verify() -> Iterator[Row]:
    """The record of decades, proved and searched."""
    found = verify.measure()
    what = f"data verify over 20,000 concerns ({found.rows:,} rows, {found.links:,} links)"
    more = found.megabytes - found.empty_megabytes
    said = f"{found.seconds:.1f} s, {more:.0f} MB more than over none"
    yield Row(what, said, "10 s, 32 MB", found.seconds <= 10 and more <= 32)
    said = f"{found.search_seconds:.1f} s"
    yield Row("Open and search 20,000 concerns", said, "10 s", found.search_seconds <= 10)


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "costs": of_costs,
    "class": of_class,
    "assembly": of_assembly,
    "workshop": of_workshop,
    "start": of_start,
    "install": of_install,
    "grid": of_grid,
    "verify": of_verify,
}


def machine() -> str:
    """Where these figures were measured."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "?")
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, load {busy:.1f} now"
    )


def main() -> None:
    """Measure, and print the table as each part is done."""
    parser = argparse.ArgumentParser(description="Measure Catkin and print a table.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args().only
    print(f"{machine()}\n\n| What | Measured | Aim | Holds |\n|---|---|---|---|", flush=True)
    for name in asked:
        for row in PARTS[name]():
            print(row, flush=True)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()

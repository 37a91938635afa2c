"""R10: the computer's clock goes back, far on, or through the nights on which it is changed."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

from tests.faults.ground import School, a_school
from tests.faults.table import CannotHere, Found, How
from tests.faults.telling import pages, references
from tests.ground.storm import Child

PLACES = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
    "/usr/local/lib/faketime/libfaketimeMT.so.1",
)
CLOCKS = {
    "today": "+0",
    "40 days back": "-40d",
    "two years on": "+730d",
    "night of October": "@2026-10-25 00:59:58",
    "night of March": "@2027-03-28 00:59:58",
    "today again": "+0",
}
QUICK = ("today", "40 days back", "two years on")


def library() -> Path:
    """libfaketime; CannotHere where it is not."""
    named = [os.environ.get("FAKETIME_LIBRARY", ""), *PLACES]
    found = next((Path(place) for place in named if place and Path(place).exists()), None)
    if found is None:
        raise CannotHere("libfaketime is not on this machine (apt install faketime)")
    return found


def clock_moves(how: How) -> Found:
    """One school served under one clock after another; children tell under each."""
    preload, given, open_still, clocks = library(), set[str](), list[str](), list(CLOCKS)
    with a_school(how) as school:
        clocks = [one for one in clocks if not how.quick or one in QUICK]
        for name in clocks:
            more = {
                "LD_PRELOAD": str(preload),
                "FAKETIME": CLOCKS[name],
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "TZ": "UTC",
            }
            with school.served("tests.faults.slept", **more) as running:
                given |= references([press.go() for press in pages(running.port, 3)])
                if _still_in(school, running.port):
                    open_still.append(name)
        lost = given - school.references()
        back = school.rows("SELECT count(*) FROM audit WHERE kind = 'clock went back'")[0][0]
        numbers = [int(n) for (n,) in school.rows("SELECT number FROM link ORDER BY id")]
    in_order = numbers == list(range(1, len(numbers) + 1))
    said = f"{len(clocks)} clocks, {len(given)} of {3 * len(clocks)} Tells, {len(lost)} lost"
    order = "in order" if in_order else "NOT IN ORDER"
    figure = f"{said}, links {order}, {back} times noted, signed in still: {open_still}"
    went_back = sum(_goes_back(one) for one in pairwise(clocks))
    well = len(given) == 3 * len(clocks) and not lost and in_order and open_still == ["today"]
    return Found(figure, well and int(back) >= went_back)


def _goes_back(pair: tuple[str, str]) -> bool:
    return pair in {
        ("today", "40 days back"),
        ("two years on", "night of October"),
        ("night of March", "today again"),
    }


def _still_in(school: School, port: int) -> bool:
    """Whether somebody who signed in today is still let in."""
    child = Child(port, school.cookies[50])
    status, _ = child._ask("GET", "/map")
    return status == 200

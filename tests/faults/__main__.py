"""`make faults`: one table of what goes wrong in schools, and whether Catkin holds.

python -m tests.faults                    all of it, within twenty minutes
python -m tests.faults --quick            the same with small numbers
python -m tests.faults --only R1 R7       some of it
python -m tests.faults --without key      a guard taken out: its line says NO
python -m tests.faults --without all      each guard in turn
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time

from app.config import ROOT
from tests.faults.lines import FALLS_WITHOUT, LINES
from tests.faults.table import HEAD, Found, How, Line, closing
from tests.faults.without import ONLY_TAKE_OUT
from tests.quick import hash_cheaply


def main() -> int:
    """Do what was asked, and print each line when it is done; 1 where one does not hold."""
    parser = argparse.ArgumentParser(description="Do what goes wrong, and print a table.")
    parser.add_argument("--quick", action="store_true", help="small numbers, no time limits")
    parser.add_argument("--only", nargs="+", metavar="R1", help="these requirements alone")
    parser.add_argument("--without", choices=(*FALLS_WITHOUT, "all"), help="take a guard out first")
    asked = parser.parse_args()
    hash_cheaply()
    judged = "\nThe quick form counts, and judges no times.\n" if asked.quick else ""
    print(f"{machine()}\n{judged}\n{HEAD}", flush=True)
    if asked.without:
        guards = list(FALLS_WITHOUT) if asked.without == "all" else [asked.without]
        fell = [falls(guard, quick=asked.quick) for guard in guards]
        return int(not all(fell))
    lines = [line for line in LINES if not asked.only or line.requirement in asked.only]
    found = [tried(line, How(quick=asked.quick)) for line in lines]
    held = [one.holds for one in found]
    print(f"\n{closing(list(zip(lines, found, strict=True)))}")
    return int(False in held or not held)


def falls(guard: str, *, quick: bool) -> bool:
    """Whether a line that stands on a guard says NO where the guard is out."""
    print(f"| | **Without: {guard}** | | | | |", flush=True)
    call = [sys.executable, "-m", "tests.faults.without", guard, ONLY_TAKE_OUT]
    if subprocess.run(call, cwd=ROOT, capture_output=True, check=False).returncode:
        print(f"| | There is no {guard} yet, or it cannot be taken out this way. | | | | |")
        return False
    lines = [line for line in LINES if line.name in FALLS_WITHOUT[guard]]
    found = [tried(line, How(quick=quick, without=guard)) for line in lines]
    return all(one.holds is False for one in found)


def tried(line: Line, how: How) -> Found:
    """Do one line, and print it."""
    began = time.monotonic()
    found = line.found(how)
    print(line.row(found, time.monotonic() - began), flush=True)
    return found


def machine() -> str:
    """Where this is tried."""
    busy = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load {busy:.1f} now"


if __name__ == "__main__":
    sys.exit(main())

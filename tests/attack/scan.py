"""`make attack`: wapiti and sqlmap against a Catkin of its own, within a quarter of an hour.

python -m tests.attack.scan [FOLDER OF PROGRAMS] [--only wapiti|sqlmap] [--as pupil ...]

Prints what they found and why it is nothing; ends with 1 where something is not explained.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from app.config import ROOT
from tests.attack import findings, scanners
from tests.attack.findings import Finding
from tests.attack.target import ATTACKERS, Served, Target, a_target

SECONDS = {"wapiti": 330, "sqlmap": 460}
"""For all attackers together."""
FEWEST = 60
"""Seconds for whoever has few requests: each takes some time to begin."""


def main(arguments: list[str]) -> int:
    """Attack as everybody, and say what came of it."""
    asked = _read(arguments)
    tools = asked.only or list(SECONDS)
    programs = {tool: _program(tool, asked.programs) for tool in tools}
    missing = [tool for tool, path in programs.items() if path is None]
    if missing:
        print(
            f"Not found: {' and '.join(missing)}. They stand in requirements-attack.in;"
            " `make attack` installs them into .venv-attack."
        )
        return 2
    began = time.monotonic()
    found: list[Finding] = []
    with a_target() as target:
        print(f"{len(target.pages)} pages, {len(target.requests)} requests to change", flush=True)
        for who in asked.attackers or list(map(str, ATTACKERS)):
            found += _as(who, target, {t: str(p) for t, p in programs.items()}, asked.share)
    counted, left, idle = findings.sorted_out(found, findings.explanations())
    print(findings.table(counted, left))
    if not (asked.only or asked.attackers):
        for why in idle:
            print(f"explains nothing any more: {why.scanner}: {why.kind}: {why.says}")
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if left else 0


def _as(who: str, target: Target, programs: dict[str, str], share: float) -> list[Finding]:
    """Everything that one attacker does."""
    found: list[Finding] = []
    for tool, program in programs.items():
        began = time.monotonic()
        seconds = max(FEWEST, SECONDS[tool] * _part(tool, who, target)) * share
        with target.served() as served, tempfile.TemporaryDirectory() as folder:
            found += _blind(served, target, who, tool, "at first")
            attack = scanners.wapiti if tool == "wapiti" else scanners.sqlmap
            said, new = attack(program, target, served, who, Path(folder), seconds)
            came = served.answered()
            found += [*new, *served.broke(), *_blind(served, target, who, tool, "in the end")]
        print(f"{tool} as {who}: {said}, {came}, {time.monotonic() - began:.0f} s", flush=True)
    return found


def _part(tool: str, who: str, target: Target) -> float:
    """Of the time of all attackers: alike, or by how many requests are theirs."""
    if tool == "wapiti":
        return 1 / len(ATTACKERS)
    return sum(one.who == who for one in target.requests) / len(target.requests)


def _blind(served: Served, target: Target, who: str, tool: str, when: str) -> list[Finding]:
    """An attacker who is not let in any more has tried less than they say."""
    if served.lets_in(target, who):
        return []
    return [Finding(tool, "blind", f"{who} was not let in {when}", "", "")]


def _program(name: str, folder: str) -> str | None:
    places = [folder, str(Path(sys.executable).parent), str(ROOT / ".venv-attack/bin")]
    return shutil.which(name, path=os.pathsep.join(filter(None, places))) or shutil.which(name)


def _read(arguments: list[str]) -> argparse.Namespace:
    asking = argparse.ArgumentParser(prog="make attack", description=__doc__)
    asking.add_argument("programs", nargs="?", default="", help="where the scanners lie")
    asking.add_argument("--only", nargs="+", choices=list(SECONDS))
    asking.add_argument("--as", dest="attackers", nargs="+", choices=list(map(str, ATTACKERS)))
    asking.add_argument("--share", type=float, default=1.0, help="of the time each may take")
    return asking.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

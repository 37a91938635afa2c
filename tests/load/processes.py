"""What a server and all its workers take: processor time and memory, as Linux tells it."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _fields(entry)):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def _fields(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # It has ended since.
        return []


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process and all below it."""
    stats = (_fields(Path("/proc") / str(one)) for one in family(pid))
    return sum(int(fields[11]) + int(fields[12]) for fields in stats if fields) / TICKS


def memory_of(pid: int) -> float:
    """Megabytes that a process and all below it hold, what they share counted once (PSS)."""
    return sum(_pss(one) for one in family(pid)) / 1024


def _pss(pid: int) -> int:
    try:
        text = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))

"""From nothing to a first answer: size on disk, seconds to start, memory at rest."""

from __future__ import annotations

import re
import statistics
import subprocess
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from app.config import ROOT
from tests.ground.running import Running
from tests.load.processes import memory_of

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==", re.MULTILINE)
MEGABYTE = 1_000_000


def megabytes_installed() -> float:
    """The packages that a start installs, and Catkin's own files."""
    names = PINNED.findall((ROOT / "requirements.txt").read_text())
    own = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = sum((ROOT / name).stat().st_size for name in own.stdout.splitlines())
    return (ours + sum(map(_size, names))) / MEGABYTE


def _size(package: str) -> int:
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:  # For another system than this.
        return 0
    found = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in found if path.is_file())


def seconds_to_first_answer(data: Path, keys: Path, times: int = 5) -> float:
    """The middle of a few starts on a school that was served before."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        running = Running.begin(data, keys)
        while not running.answers():
            time.sleep(0.005)
        found.append(time.perf_counter() - began)
        running.stop()
    return statistics.median(found)


def idle_memory(data: Path, keys: Path) -> float:
    """Megabytes of a server that has answered once and waits."""
    running = Running.start(data, keys)
    time.sleep(2)
    held = memory_of(running.process.pid)
    running.stop()
    return held

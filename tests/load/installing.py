"""From nothing to a first answer: size on disk, seconds to start, memory at rest."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from app.config import ROOT
from tests.ground.running import Running, free_port
from tests.load.big_school import LESSON, Child
from tests.load.crowd import Browser, Life, crowd
from tests.load.crowds import sign_in
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


def seconds_from_clone() -> tuple[float, float]:
    """From `git clone` to a demo that answers, and on to the first card of a lesson.

    A machine in a stranger's place: nobody reads, and nobody looks for a button.
    """
    with tempfile.TemporaryDirectory() as folder:
        began, place, port = time.perf_counter(), Path(folder) / "catkin", free_port()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(place)], check=True)
        here = {
            "DEMO": "1",
            "PORT": str(port),
            "DATA_DIR": f"{folder}/d",
            "KEYS_DIR": f"{folder}/k",
        }
        process = subprocess.Popen(
            ["make", "-s", "run"], cwd=place, env={**os.environ, **here}, start_new_session=True
        )
        running = Running(process, port)
        try:
            while not running.answers():
                assert process.poll() is None, "the demo did not start"
                time.sleep(0.05)
            answers = time.perf_counter() - began
            asked = [str(place / ".venv/bin/python"), "-m", "app", "demo", "--json"]
            told = subprocess.check_output(asked, cwd=place, env={**os.environ, **here})
            tally = crowd([_first_card(json.loads(told))], running.address, ramp=0, seconds=30)
            assert not tally.faults, tally.faults
            return answers, time.perf_counter() - began
        finally:
            running.kill_all()


def _first_card(demo: dict[str, Any]) -> Life:
    """A pupil of Year 4 signs in and opens the first lesson."""
    (room,) = [one for one in demo["classes"] if "4" in one["years"]]
    pupil, code = room["pupils"][-1], room["code"]
    child = Child(pupil["id"], code["word"], code["number"], tuple(pupil["pictures"]))

    async def life(browser: Browser, _until: float) -> None:
        await sign_in(browser, child)
        await browser.get("lesson", f"/lesson/{LESSON}")
        if browser.hidden("runs"):
            await browser.post("begin", f"/lesson/{LESSON}", runs=browser.hidden("runs"))
        assert "/lesson/" in browser.path, browser.path

    return life


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

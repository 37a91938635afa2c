"""A real demo on a free port: told plainly what it may not do, listed, and made anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.config import ROOT
from tests.ground.running import free_port
from tests.ground.test_commands import SOON, greeted, refused, settings

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's"),
]


def ended(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "app", *command]
    return subprocess.run(
        call, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=3 * SOON
    )


def test_a_demo_from_its_first_start_to_its_reset(tmp_path: Path) -> None:
    plain = settings(tmp_path, free_port())
    demo = {**plain, "DEMO": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "app"], env=demo, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{plain['PORT']}"
        assert f"Every sign-in is at {address}/demo" in greeted(process.stdout)[-1]
        with urlopen(f"{address}/demo", timeout=SOON) as answer:
            page = answer.read().decode()
        listed = json.loads(ended(demo, "demo", "--json").stdout)
        assert sum(len(one["pupils"]) for one in listed["classes"]) == 84
        assert all(adult["password"] in page for adult in listed["staff"])
        elsewhere = {**demo, "PORT": str(free_port())}
        assert f"Another Catkin, at {address}, is using the data folder" in refused(elsewhere)
        assert "Another Catkin" in ended(plain, "demo", "--reset").stderr
        other = {**demo, "DATA_DIR": str(tmp_path / "other")}
        assert f"Port {plain['PORT']} is taken" in refused(other)
        own = {**elsewhere, "DEMO": "", "DATA_DIR": str(tmp_path / "data-demo")}
        assert "holds the demo, a pretend school" in refused(own)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SOON) == 0
    finally:
        process.kill()
        process.communicate()
    again = json.loads(ended(plain, "demo", "--reset", "--pupils", "112", "--json").stdout)
    assert [len(one["pupils"]) for one in again["classes"]] == [28] * 4
    assert again["staff"][0]["password"] != listed["staff"][0]["password"]
    pictures = [[p["pictures"] for p in one["classes"][0]["pupils"]] for one in (listed, again)]
    assert pictures[0] == pictures[1]
    assert len(list((tmp_path / "keys-demo").glob("school-*.key"))) == 1
    assert not (tmp_path / "data").exists()

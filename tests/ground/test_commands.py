"""Real servers on free ports: what `make run` promises, tried from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app.config import ROOT
from tests.quick import started_before

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's"),
]
SOON = 20
"""Seconds within which anything here must happen, on the slowest machine."""


@dataclass
class Running:
    """A Catkin that answers, and how to reach it."""

    process: subprocess.Popen[str]
    port: int
    greeting: list[str]

    def health(self) -> dict[str, object]:
        """What /healthz says."""
        return dict(json.loads(asked(f"http://127.0.0.1:{self.port}/healthz")))

    def stop(self, how: signal.Signals) -> int:
        """Send the signal to the parent; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(SOON)

    def workers(self) -> list[int]:
        """The processes that answer."""
        listed = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid="], text=True)
        pairs = (map(int, line.split()) for line in listed.splitlines())
        return [pid for pid, parent in pairs if parent == self.process.pid]


Start = Callable[..., Running]


def asked(address: str) -> bytes:
    """What an address answers, whatever its status."""
    try:
        with urlopen(address, timeout=SOON) as answer:
            return bytes(answer.read())
    except HTTPError as answer:
        with answer:
            return answer.read()


def a_free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether anybody accepts visitors at the port."""
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


def settings(folder: Path, port: int) -> dict[str, str]:
    """The environment of a Catkin whose data and keys lie in this folder."""
    own = {"DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys"), "PORT": str(port)}
    return {**os.environ, "HOST": "127.0.0.1", **own}


def call(*before: str) -> list[str]:
    """How to start Catkin."""
    return [*before, sys.executable, "-m", "app"]


def refused(environment: dict[str, str], *before: str) -> str:
    """The one sentence of a start that must fail."""
    ended = subprocess.run(
        call(*before), env=environment, cwd=ROOT, capture_output=True, text=True, timeout=SOON
    )
    assert ended.returncode == 1, ended.stdout
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts Catkins, new ones or again; whatever still runs at the end of the test is ended."""
    started: list[subprocess.Popen[str]] = []

    def one(folder: Path = tmp_path, port: int = 0, *, again: bool = False) -> Running:
        port = port or a_free_port()
        if again and not (folder / "data").exists():
            started_before(folder / "data", folder / "keys")
        process = subprocess.Popen(
            call(), env=settings(folder, port), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        return Running(process, port, greeted(process.stdout))

    yield one
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate()


def greeted(terminal: IO[str]) -> list[str]:
    """What a Catkin says until it is ready, and the line after: a new one has a set-up code."""
    lines: list[str] = []
    while not (lines and "Catkin is ready at" in lines[-1]):
        line = terminal.readline()
        assert line, f"it ended before it was ready: {lines}"
        lines.append(line.strip())
    return [*lines, terminal.readline().strip()]


def test_it_answers_as_soon_as_it_says_so(start: Start) -> None:
    running = start()
    assert f"Catkin is ready at http://127.0.0.1:{running.port}" in running.greeting
    assert running.health()["status"] == "ok"


def test_a_new_installation_shows_a_code_for_setting_up_from_elsewhere(start: Start) -> None:
    assert "use this code" in start().greeting[-1]


def test_a_second_catkin_on_the_same_port_is_refused(start: Start, tmp_path: Path) -> None:
    running = start(tmp_path / "one school")
    said = refused(settings(tmp_path / "another school", running.port))
    assert f"Port {running.port} is taken" in said
    assert not (tmp_path / "another school").exists()
    assert running.health()["status"] == "ok"


def test_a_second_catkin_on_the_same_data_is_refused(start: Start, tmp_path: Path) -> None:
    running = start(again=True)
    said = refused(settings(tmp_path, a_free_port()))
    assert f"Another Catkin, at http://127.0.0.1:{running.port}, is using" in said
    assert running.health()["status"] == "ok"


def test_of_many_started_at_once_only_one_serves(tmp_path: Path) -> None:
    environment = settings(tmp_path, a_free_port())
    many = [
        subprocess.Popen(
            call(), env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    deadline = time.monotonic() + SOON
    while sum(each.poll() is None for each in many) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    serving = [each for each in many if each.poll() is None]
    assert len(serving) == 1
    assert [each.returncode for each in many if each not in serving] == [1, 1, 1]
    serving[0].terminate()
    for each in many:
        each.communicate(timeout=SOON)


def test_killing_it_closes_the_port_and_it_can_start_again(start: Start) -> None:
    running = start(again=True)
    workers = running.workers()
    assert len(workers) > 1
    running.stop(signal.SIGKILL)
    killed = time.monotonic()
    while is_open(running.port):
        assert time.monotonic() - killed < 2, "a worker outlived its parent"
        time.sleep(0.02)
    again = start(port=running.port, again=True)
    assert again.health()["status"] == "ok"
    assert not set(again.workers()) & set(workers)


def test_killing_one_worker_leaves_nobody_unanswered(start: Start) -> None:
    running = start(again=True)
    os.kill(running.workers()[0], signal.SIGKILL)
    for _ in range(20):
        assert running.health()["status"] == "ok"
    assert len(running.workers()) > 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_told_to_stop_it_goes_quietly(
    start: Start, how: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    running = start(again=True)
    running.health()
    assert running.stop(how) == 0
    assert not is_open(running.port)
    assert capfd.readouterr().err == ""


def test_a_folder_that_is_read_only_is_refused(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.mkdir(mode=0o500)
    environment = settings(tmp_path, a_free_port()) | {"DATA_DIR": str(sealed)}
    if os.geteuid() != 0:
        assert "may not be written to by this user" in refused(environment)
        return
    # Permissions do not bind root; a disk mounted read-only, for this one process, does.
    mount = f"mount -t tmpfs -o ro none '{sealed}' && exec \"$@\""
    alone = ["unshare", "--mount", "sh", "-c", mount, "sh"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this root may not mount anything")
    assert "is on a read-only disk" in refused(environment, *alone)


def test_keys_inside_the_data_folder_are_refused(tmp_path: Path) -> None:
    environment = settings(tmp_path, a_free_port())
    environment["KEYS_DIR"] = str(tmp_path / "data" / "keys")
    assert "inside the data folder" in refused(environment)
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_no_number_is_refused(tmp_path: Path) -> None:
    assert "PORT" in refused(settings(tmp_path, 0) | {"PORT": "eighty"})


def test_nobody_else_may_read_what_it_keeps(start: Start, tmp_path: Path) -> None:
    start()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) > 3
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []

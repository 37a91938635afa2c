"""A real Catkin in a process group of its own, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.config import ROOT


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A server that was started, and how to end it."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def begin(
        cls, data: Path, keys: Path, *, command: tuple[str, ...] = ("app",), **more: str
    ) -> Running:
        """Start Catkin on these folders, with more settings; `command` may stand in for it."""
        port = free_port()
        given = {"PORT": str(port), "DATA_DIR": str(data), "KEYS_DIR": str(keys)}
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **given, **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return cls(process, port)

    @classmethod
    def start(
        cls, data: Path, keys: Path, *, command: tuple[str, ...] = ("app",), **more: str
    ) -> Running:
        """The same, and wait until it answers."""
        running = cls.begin(data, keys, command=command, **more)
        for _ in range(400):
            if running.answers():
                return running
            assert running.process.poll() is None, "Catkin did not start"
            time.sleep(0.05)
        raise AssertionError("Catkin did not answer in time")

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether the health page says that all is well."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def kill_all(self) -> None:
        """SIGKILL to parent and workers at once, as a power cut ends them."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> int:
        """Ask it to stop, and wait."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    @contextmanager
    def heard_by_strace(self, into: Path) -> Iterator[None]:
        """Write every sync of the server's processes into a file."""
        found = subprocess.run(
            ["pgrep", "-g", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        pids = [part for pid in found.stdout.split() for part in ("-p", pid)]
        call = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(into), *pids]
        with subprocess.Popen(call, stderr=subprocess.PIPE) as tracer:
            assert tracer.stderr is not None
            tracer.stderr.readline()
            time.sleep(0.3)
            yield
            tracer.send_signal(signal.SIGINT)

"""A real Catkin with a real mail server beside it: letters once, whoever dies, and lines of log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.base import ids
from app.base.database import Store, engine_of
from app.base.running import hold_alone
from app.config import ROOT, Settings
from app.health import reaching, stores
from app.people.rules import Role
from app.prepare import prepare
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from tests.founded import Founded, found_oak_lane
from tests.ground.running import Running, free_port
from tests.mail_server import Post, mail_server

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux who holds a file"),
]
SOON = 20
TEAM = {"dsl@oaklane.sch.uk", "gwen@oaklane.sch.uk", "imran@oaklane.sch.uk"}


@dataclass
class Beside:
    """A Catkin that serves, the school it serves, and its mail server."""

    running: Running
    school: Founded
    post: Post
    log: Path

    def tell(self, *to: str) -> float:
        """A child tells; the seconds until it is on the disk."""
        told = Told(words="magpiecanary", to=tuple(self.school.adults[one] for one in to))
        telling = Telling(ids.new_token(), told, self.school.pupils["Amina"], self.school.hazel)
        began = time.monotonic()
        with self.school.app.app_context():
            file_concern(self.school.id, telling)
        return time.monotonic() - began

    def postman(self) -> int:
        """The process that sends letters."""
        lock = self.school.app.extensions["catkin"].folders.data / "mail.lock"
        (found,) = (pid for pid in workers(self.running.process.pid) if holds(pid, lock))
        return found


def workers(parent: int) -> list[int]:
    listed = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid="], text=True)
    pairs = (map(int, line.split()) for line in listed.splitlines())
    return [pid for pid, above in pairs if above == parent]


def holds(pid: int, file: Path) -> bool:
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if os.readlink(handle) == str(file):
                return True
    return False


def until(so: Callable[[], bool]) -> None:
    ends = time.monotonic() + SOON
    while not so():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Beside]:
    data, keys, log = tmp_path / "data", tmp_path / "keys", tmp_path / "log"
    app = create_app(prepare(Settings(data_dir=data, keys_dir=keys)), testing=True)
    school, port = found_oak_lane(app), free_port()
    with mail_server() as post:
        given = {"PORT": str(port), "DATA_DIR": str(data), "KEYS_DIR": str(keys), "LOG": "json"}
        given |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(post.port), "SMTP_SECURITY": "none"}
        given |= {"SMTP_FROM": "catkin@oaklane.sch.uk"}
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "app"],
                cwd=ROOT,
                env={**os.environ, **given},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running = Running(process, port)
        try:
            until(running.answers)
            yield Beside(running, school, post, log)
        finally:
            running.kill_all()
            close(app)


def close(app: Flask) -> None:
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def test_letters_go_once_whoever_dies_and_a_server_that_hangs_delays_nobody(
    beside: Beside,
) -> None:
    post = beside.post
    beside.tell()
    until(lambda: {to for to, _ in post.letters} == TEAM)
    first = beside.postman()
    os.kill(first, signal.SIGKILL)
    beside.tell(Role.TEACHER)
    until(lambda: len(post.letters) > len(TEAM))
    assert beside.postman() != first
    time.sleep(0.5)
    assert sorted(to for to, _ in post.letters) == sorted({*TEAM, "ngozi@oaklane.sch.uk"})

    folders = beside.school.app.extensions["catkin"].folders
    found = reaching.running(folders.data)
    assert (found.mark, found.says) == ("OK", f"Catkin answers at {beside.running.address}.")
    assert (
        stores.integrity(folders.data).mark == stores.keys(folders.data, folders.keys).mark == "OK"
    )

    post.fault, heard = "hang", post.visitors
    beside.tell(Role.OFFICE)
    until(lambda: post.visitors > heard)
    assert beside.tell() < 2
    assert beside.running.answers()
    began = time.monotonic()
    assert beside.running.stop() == 0
    assert time.monotonic() - began < 5, "a letter under way keeps nobody from stopping"
    assert reaching.running(folders.data).mark == "Look"

    text = beside.log.read_text("utf-8")
    said = [json.loads(line) for line in text.splitlines()]
    events = [line["event"] for line in said]
    assert "started" in events
    assert events.count("worker started") == 3
    assert events[-1] == "stopped"
    assert events.count("stopped") == 1
    assert {"public.healthz"} == {line["route"] for line in said if line["event"] == "request"}
    for secret in ("magpiecanary", "Amina", "oaklane", "Oak Lane", "sent"):
        assert secret not in text


def test_a_lock_is_held_by_one_alone(tmp_path: Path) -> None:
    first = hold_alone(tmp_path / "mail.lock")
    assert first is not None
    assert hold_alone(tmp_path / "mail.lock") is None
    os.close(first)
    again = hold_alone(tmp_path / "mail.lock")
    assert again is not None
    os.close(again)

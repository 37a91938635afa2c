"""Connections that dawdle, and lines that are no HTTP, against a Catkin that is really served: a
child still tells. How long it takes under faults is for `make faults`; here it must come at all."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.config import ROOT
from tests.faults.ground import a_school
from tests.faults.table import How
from tests.faults.telling import page_of
from tests.ground.running import Running, free_port

pytestmark = pytest.mark.process

IDLE = 200
CANARY = "magpiecanary"
SLOW_HEAD = b"POST /tell/feel HTTP/1.1\r\nHost: localhost\r\nX-Slow: a"
SLOW_BODY = (
    b"POST /tell/feel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nwords=a"
)
SLOW_FILE = (
    b"POST /tell/feel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="d'
)
NO_HTTP = (
    b"GET /%s\x00%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"%s %s HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n%s\r\n \x1b[31m%s: x\r\n\r\n",
    b"POST /tell HTTP/1.1\r\nHost: %s\r\nContent-Length: -1\r\nX: %s\r\n\r\n",
    b"POST /tell HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%s%s",
    b"GET /%s HTTP/1.1\r\nHost: a\r\nCookie: catkin=%s\r\n\x85\r\n\r\n",
    b"\x16\x03\x01%s%s",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n%s%s",
)


def dawdler(stack: ExitStack, port: int, begun: bytes) -> socket.socket:
    """A connection that says so much, and then nothing."""
    line = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
    if begun:
        line.sendall(begun)
    return line


@pytest.mark.parametrize(
    "kinds", [(b"",), (SLOW_HEAD, SLOW_BODY, SLOW_FILE)], ids=["idle", "slow head and body"]
)
def test_a_child_tells_while_two_hundred_connections_dawdle(kinds: tuple[bytes, ...]) -> None:
    with a_school(How(quick=True)) as school, school.served() as running, ExitStack() as stack:
        press = page_of(running.port, CANARY)
        lines = [dawdler(stack, running.port, kinds[number % len(kinds)]) for number in range(IDLE)]
        seen = press.try_it()
        assert seen.sent
        for line in lines:  # A slow one says a little more, and is not listened to any better.
            if kinds != (b"",):
                line.sendall(b"a")
        assert page_of(running.port, CANARY).try_it().sent
        assert running.answers()
        assert not school.drained({seen.reference})


@contextmanager
def heard(data: Path, keys: Path, into: Path, **more: str) -> Iterator[int]:
    """A Catkin whose every word goes into a file; the port it listens on."""
    port = free_port()
    own = {"PORT": str(port), "DATA_DIR": str(data), "KEYS_DIR": str(keys), **more}
    with into.open("wb") as says:
        process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=ROOT,
            env={**os.environ, **own},
            stdout=says,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process, port)
    try:
        while not running.answers():
            assert process.poll() is None, "Catkin did not start"
        yield port
    finally:
        running.stop()


@pytest.mark.parametrize("log", ["", "json"])
def test_what_is_no_http_breaks_nothing_and_is_not_quoted_in_the_log(
    tmp_path: Path, log: str
) -> None:
    says = tmp_path / "says.txt"
    with (
        a_school(How(quick=True)) as school,
        heard(school.data, school.keys, says, LOG=log) as port,
    ):
        for begun in NO_HTTP:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(begun.replace(b"%s", CANARY.encode()))
                line.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: line.recv(65536), b""))
            assert not re.match(rb"HTTP/1.\d 5\d\d", answer), answer[:100]
        assert page_of(port, CANARY).try_it().sent
    text = says.read_text("utf-8", "replace")
    assert CANARY not in text
    assert "\x1b" not in text

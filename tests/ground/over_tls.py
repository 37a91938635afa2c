"""A school whose Catkin speaks TLS with what `tls` made, and how to ask it from the network."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.base.database import Store, engine_of
from app.base.network import own_addresses
from app.cli import run_command
from tests.founded import TOKEN, Founded, found_oak_lane
from tests.ground.running import Running, free_port
from tests.look.seeded import new_app
from tests.quick import started_before

NAME = "catkin.oak.school"
SOON = 20


def address_on_the_network() -> str:
    """A number by which this computer reaches itself as others would."""
    found = [one for one in own_addresses() if ":" not in one]
    if not found:
        pytest.skip("this computer has no address on a network")
    return found[0]


@contextmanager
def founded_in(folder: Path) -> Iterator[Founded]:
    """A school in two folders, before anybody serves it."""
    started_before(folder / "data", folder / "keys")
    app = new_app(folder / "data", folder / "keys")
    yield found_oak_lane(app)
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


@contextmanager
def served_over_tls(folder: Path) -> Iterator[Place]:
    """The school of a folder, at this computer's address, with a certificate for it."""
    here, port = address_on_the_network(), free_port()
    made = folder / "keys-tls"
    names = ["--name", NAME, "--address", here, "--to", str(made)]
    assert run_command(["tls", *names]) == 0
    (certificate,) = made.glob("server-*.pem")
    given = {
        "HOST": "0.0.0.0",
        "PORT": str(port),
        "TLS_CERT": str(certificate),
        "TLS_KEY": str(certificate.with_suffix(".key")),
        "PUBLIC_URL": f"https://{NAME}:{port}",
    }
    place = Place(here, port, ssl.create_default_context(cafile=str(made / "authority.pem")))
    running = Running.begin(folder / "data", folder / "keys", **given)
    try:
        place.wait(running)
        yield place
    finally:
        running.stop()


@dataclass
class Place:
    """Where a Catkin is, and a browser of ours before it."""

    host: str
    port: int
    trusts: ssl.SSLContext | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    comes_from: str = ""

    def wait(self, running: Running) -> None:
        """Until it answers."""
        ends = time.monotonic() + SOON
        while True:
            assert running.process.poll() is None, "Catkin did not start"
            try:
                assert self.ask("/healthz", Host="127.0.0.1").status == 200
                return
            except OSError:
                assert time.monotonic() < ends
                time.sleep(0.05)

    def ask(self, path: str, sent: dict[str, str] | None = None, **headers: str) -> Answer:
        """Ask for a page, or send a form."""
        named = f"{NAME}:{self.port}" if self.trusts else f"{self.host}:{self.port}"
        said = {"Host": named, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = urlencode(sent) if sent is not None else None
        if body is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        line = self._line()
        try:
            line.request("POST" if body is not None else "GET", path, body, said)
            answer = Answer(line.getresponse())
        finally:
            line.close()
        self.cookies |= {name: one.value for name, one in answer.cookies.items()}
        return answer

    def _line(self) -> HTTPConnection:
        source = (self.comes_from, 0) if self.comes_from else None
        if self.trusts is None:
            return HTTPConnection(self.host, self.port, timeout=SOON, source_address=source)
        return HTTPSConnection(self.host, self.port, timeout=SOON, context=self.trusts)

    def sends(self, path: str, **sent: str) -> Answer:
        """Open a page and send its form."""
        token = TOKEN.search(self.ask(path).text)
        assert token is not None
        return self.ask(path, {"csrf_token": token[1], **sent})

    def says_plainly(self, text: bytes) -> bytes:
        """What comes back when something is said that is no TLS."""
        with socket.create_connection((self.host, self.port), timeout=SOON) as line:
            line.sendall(text)
            try:
                return line.recv(1000)
            except ConnectionError:
                return b""


class Answer:
    """What came back."""

    def __init__(self, came: HTTPResponse) -> None:
        self.status = came.status
        self.headers = came.headers
        self.text = came.read().decode("utf-8", "replace")
        self.cookies: SimpleCookie = SimpleCookie()
        for line in came.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)

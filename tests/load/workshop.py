"""A hall of phones: they join in half a minute, ask every two seconds, and answer what is asked.

    python -m tests.load.workshop --phones 120 --seconds 40

A real server in folders of its own. `run` gives the times of every request by kind.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from app import create_app
from app.base import clock
from app.config import Settings
from app.content.workshop import asked_on
from app.prepare import prepare
from app.workshops import actions, queries
from tests.at_desk import school_with_team
from tests.ground.running import Running
from tests.ground.storm import TOKEN

EVERY = 2.0
"""Seconds between two questions of a phone."""


@dataclass
class Figures:
    """What a run took, in seconds for each request, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def took(self, kind: str, began: float) -> None:
        """One request is done."""
        self.times.setdefault(kind, []).append(time.perf_counter() - began)

    @property
    def all(self) -> list[float]:
        """Every request."""
        return [one for kind in self.times.values() for one in kind]


def percentile(times: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


@dataclass
class Hall:
    """A workshop in a school of its own, on disk."""

    app: Flask
    school: str
    id: str
    code: dict[str, str]

    @classmethod
    def begin(cls, folder: Path) -> Hall:
        """At its first question."""
        settings = Settings(data_dir=folder / "data", keys_dir=folder / "keys")
        app = create_app(prepare(settings), testing=True)
        school, known = school_with_team(app).id, app.extensions["catkin"].catalogue
        with app.app_context():
            day = clock.local(clock.now()).date()
            made = actions.begin(
                school, asked_on(known.workshop, known.age_facts, day), clock.now()
            )
            facts = queries.workshop(school, made)
        assert facts is not None
        hall = cls(app, school, made, {"word": facts.word, "number": facts.number})
        hall.move("next")
        return hall

    def move(self, verb: str) -> None:
        """What the host presses."""
        with self.app.app_context():
            facts = queries.workshop(self.school, self.id)
            assert facts is not None
            step, now = facts.step, clock.now()
            actions.move(self.school, self.id, verb=verb, step=step, moment=now)

    @property
    def now(self) -> queries.Now:
        """Where it stands."""
        with self.app.app_context():
            found = queries.now(self.school, self.id)
        assert found is not None
        return found


class Phone:
    """A browser with one connection and its cookie."""

    def __init__(self, port: int, figures: Figures) -> None:
        self.port, self.figures, self.cookie = port, figures, ""
        self.lines: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, kind: str, path: str, form: dict[str, str] | None = None) -> str:
        """A request and its whole answer, timed together."""
        body = urllib.parse.urlencode(form or {}).encode() if form is not None else b""
        head = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", "Host: hall"]
        head += [f"Cookie: {self.cookie}"] if self.cookie else []
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded"]
        head += [f"Content-Length: {len(body)}", "", ""]
        began = time.perf_counter()
        try:
            status, text = await self._exchange("\r\n".join(head).encode() + body)
        except (OSError, EOFError, ValueError) as problem:
            self.figures.errors.append(f"{kind}: {problem!r}")
            self.lines = None
            return ""
        self.figures.took(kind, began)
        if status not in {200, 303}:
            self.figures.errors.append(f"{kind}: {status}")
        return text

    async def _exchange(self, sent: bytes) -> tuple[int, str]:
        if self.lines is None:
            self.lines = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.lines
        writer.write(sent)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        names = {
            line.partition(":")[0].lower(): line.partition(":")[2].strip()
            for line in head.split("\r\n")[1:]
        }
        if "set-cookie" in names:
            self.cookie = names["set-cookie"].partition(";")[0]
        body = await reader.readexactly(int(names.get("content-length", "0")))
        if names.get("connection", "").lower() == "close":
            writer.close()
            self.lines = None
        return int(head.split(" ", 2)[1]), body.decode()

    async def join(self, hall: Hall) -> None:
        """The square, the press, and the question that comes."""
        code = f"{hall.code['word']}-{hall.code['number']}"
        page = await self.ask("join", f"/workshop?code={code}")
        await self.ask("join", "/workshop", {"csrf_token": _token(page), **hall.code})

    async def vote(self, choice: int, question: int) -> None:
        """Look at the question and send an answer."""
        page = await self.ask("page", "/workshop/now")
        sent = {"csrf_token": _token(page), "question": str(question), "choice": str(choice)}
        await self.ask("vote", "/workshop/vote", sent)

    def close(self) -> None:
        """Hang up."""
        if self.lines is not None:
            self.lines[1].close()


def _token(page: str) -> str:
    found = TOKEN.search(page)
    return found[1] if found else ""


async def _sit(phone: Phone, hall: Hall, number: int, times: tuple[float, float]) -> None:
    """Come in at one's time, answer, and ask every two seconds until the end."""
    arrives, until = times
    await asyncio.sleep(arrives - time.monotonic())
    await phone.join(hall)
    await phone.vote(number % 5, 1)
    while time.monotonic() < until:
        await asyncio.sleep(EVERY)
        await phone.ask("poll", "/workshop/state")
    phone.close()


def run(port: int, hall: Hall, *, phones: int, seconds: float, joining: float = 30) -> Figures:
    """All phones against a server that is up."""
    figures, began = Figures(), time.monotonic() + 0.2

    async def everybody() -> None:
        joining_within = min(joining, seconds)
        times = [(began + joining_within * n / phones, began + seconds) for n in range(phones)]
        await asyncio.gather(
            *(_sit(Phone(port, figures), hall, n, one) for n, one in enumerate(times))
        )

    # In a thread of its own: whoever drives a browser has a loop running in this one.
    hall_at_once = threading.Thread(target=lambda: asyncio.run(everybody()))
    hall_at_once.start()
    hall_at_once.join()
    return figures


def measure(phones: int, seconds: float, say: Callable[[str], object] = print) -> Figures:
    """Begin a hall, serve it, fill it; the figures, each kind in a line."""
    with tempfile.TemporaryDirectory() as folder:
        hall = Hall.begin(Path(folder))
        server = Running.start(Path(folder, "data"), Path(folder, "keys"))
        figures = run(server.port, hall, phones=phones, seconds=seconds)
        server.stop()
        assert hall.now.phones == phones, f"{hall.now.phones} came in"
    for kind, times in {**figures.times, "all": figures.all}.items():
        p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
        say(f"{kind:5} {len(times):6} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  p99 {p99:6.1f} ms")
    say(f"{len(figures.errors)} errors {sorted(set(figures.errors))[:5] or ''}")
    return figures


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--phones", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=40)
    asked = parser.parse_args()
    measure(asked.phones, asked.seconds)


if __name__ == "__main__":
    main()

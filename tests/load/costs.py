"""What a lesson card and a saved answer cost, beside the bare page and insert of the same server.

Rounds alternate between the two servers, so that a busy moment of the machine falls on both. Of
each round the processor time of the whole server is divided by its answers.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from app.config import ROOT
from tests.ground.running import Running, free_port
from tests.ground.storm import HIDDEN, TOKEN
from tests.load.big_school import A_CLASS, LESSON, big_school
from tests.load.processes import cpu_of

WRITERS, READERS = 16, 8
CARD = f"/lesson/{LESSON}/1"
Served = Running


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    cookie: str = ""
    form: dict[str, str] | None = None


@dataclass
class Cost:
    """Processor time of one request in each round, and how long each took; milliseconds."""

    cpu: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def each(self) -> float:
        """The middle round."""
        return statistics.median(self.cpu)

    def join(self, other: Cost) -> None:
        """Another round."""
        self.cpu += other.cpu
        self.times += other.times

    def at(self, share: float) -> float:
        """The time within which this share of answers came."""
        times = sorted(self.times)
        return times[min(len(times) - 1, int(len(times) * share))]


@dataclass
class Costs:
    """All four, and the shares of the bare limit that ours reach."""

    card: Cost = field(default_factory=Cost)
    page: Cost = field(default_factory=Cost)
    answer: Cost = field(default_factory=Cost)
    insert: Cost = field(default_factory=Cost)

    def add(self, page: Cost, card: Cost, insert: Cost, answer: Cost) -> None:
        """One more round of all four."""
        for mine, new in ((self.page, page), (self.card, card)):
            mine.join(new)
        for mine, new in ((self.insert, insert), (self.answer, answer)):
            mine.join(new)


def costs(rounds: int = 5, requests: int = 1200, answers: int = 400) -> Costs:
    """Measure all four in alternating rounds of one run; so many requests in each."""
    found = Costs()
    with tempfile.TemporaryDirectory() as folder, bare_server(Path(folder)) as bare:
        school = big_school(Path(folder) / "ours", answers * (rounds + 1), signed_in=True)
        ours = Running.start(school.data, school.keys)
        try:
            for number in range(rounds + 1):
                cookies = school.cookies[number * answers : (number + 1) * answers]
                one = asyncio.run(_round(ours, bare, cookies, requests))
                if number:  # The first round warms both.
                    found.add(*one)
        finally:
            ours.stop()
    return found


@contextmanager
def bare_server(folder: Path) -> Iterator[Served]:
    """The bare app under Catkin's own server."""
    port, place = free_port(), folder / "bare"
    place.mkdir()
    call = [sys.executable, "-m", "tests.load.bare", str(port), str(place)]
    process = subprocess.Popen(call, cwd=ROOT, env=dict(os.environ), start_new_session=True)
    running = Running(process, port)
    try:
        while not running.answers():
            assert process.poll() is None, "the bare server did not start"
            time.sleep(0.05)
        yield running
    finally:
        running.stop()


async def _round(
    ours: Served, bare: Served, cookies: list[str], requests: int
) -> tuple[Cost, Cost, Cost, Cost]:
    """Page and card, insert and answer."""
    line = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=line, cookie_jar=jar) as session:
        opened = [(await _opened(session, ours, cookie))[1] for cookie in cookies[:A_CLASS]]
        one_class = [Asked("GET", CARD, opened[n % A_CLASS]) for n in range(requests)]
        page = await _measure(session, bare, [Asked("GET", "/page")] * requests, READERS)
        card = await _measure(session, ours, one_class, READERS)
        forms = [await _before_answer(session, ours, cookie) for cookie in cookies]
        inserts = [Asked("POST", "/answer")] * len(forms)
        insert = await _measure(session, bare, inserts, WRITERS)
        answer = await _measure(session, ours, forms, WRITERS)
    return page, card, insert, answer


async def _before_answer(session: aiohttp.ClientSession, ours: Served, cookie: str) -> Asked:
    """The card as a pupil has it before them, and the answer they are about to press."""
    page, kept = await _opened(session, ours, cookie)
    token, step = TOKEN.search(page), HIDDEN.search(page)
    assert token is not None
    assert step is not None
    form = {"csrf_token": token[1], "step": step[1], "question": "1", "choice": "1"}
    return Asked("POST", CARD, kept, form)


async def _opened(session: aiohttp.ClientSession, ours: Served, cookie: str) -> tuple[str, str]:
    """The card on a pupil's first look, and the cookie that a browser keeps from then on."""
    async with session.get(ours.address + CARD, headers=_with(cookie)) as answer:
        new = answer.cookies.get("catkin")
        return await answer.text(), new.value if new else cookie


async def _measure(
    session: aiohttp.ClientSession, served: Served, asked: list[Asked], at_once: int
) -> Cost:
    """All of them, so many at a time; the processor time of the server divided by them."""
    waiting, cost = iter(asked), Cost()
    before = cpu_of(served.process.pid)

    async def user() -> None:
        for one in waiting:
            began = time.perf_counter()
            url, headers = served.address + one.path, _with(one.cookie)
            call = session.request(
                one.method, url, data=one.form, headers=headers, allow_redirects=False
            )
            async with call as answer:
                await answer.read()
                assert answer.status in {200, 303}, answer.status
            cost.times.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(user() for _ in range(at_once)))
    cost.cpu.append((cpu_of(served.process.pid) - before) / len(asked) * 1000)
    return cost


def _with(cookie: str) -> dict[str, str]:
    """What a browser of the ladder sends: nothing is compressed for either."""
    plain = {"Accept-Encoding": "identity"}
    return {**plain, "Cookie": f"catkin={cookie}"} if cookie else plain

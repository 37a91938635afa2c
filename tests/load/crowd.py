"""Many at once before one Catkin: closed loop, with the time to think that people take.

Each has a connection and cookies of their own, waits, asks, reads the whole answer, and goes on.
What takes long makes its own user wait and nobody else, as in a school.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LONGEST = 30
"""Seconds after which a browser is thought to have given up."""


@dataclass
class Tally:
    """How long each step took, in seconds, and what went wrong."""

    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        """All steps together."""
        return [each for times in self.steps.values() for each in times]

    def at(self, share: float, *steps: str) -> float:
        """The time within which this share of answers came, in milliseconds."""
        times = sorted(t for step in steps for t in self.steps[step]) if steps else self.times
        times = sorted(times)
        return times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else 0.0


class Browser:
    """One visitor: a connection, cookies, and the page in front of them."""

    def __init__(self, session: aiohttp.ClientSession, address: str, tally: Tally) -> None:
        self._session, self._address, self._tally = session, address, tally
        self.page = ""
        self.path = ""

    async def get(self, step: str, path: str, /) -> None:
        """Look at a page."""
        await self._ask(step, "GET", path)

    async def post(self, step: str, path: str, /, **form: str) -> None:
        """Send a form of the page in front of us, with its token."""
        token = TOKEN.search(self.page)
        given = {"csrf_token": html.unescape(token[1]) if token else "", **form}
        await self._ask(step, "POST", path, given)

    def hidden(self, name: str) -> str:
        """What a hidden field of the page holds."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return html.unescape(found[1]) if found else ""

    async def _ask(
        self, step: str, method: str, path: str, form: dict[str, str] | None = None
    ) -> None:
        for _ in range(5):
            began = time.perf_counter()
            url = URL(self._address + path, encoded=True)
            try:
                async with self._session.request(
                    method, url, data=form, allow_redirects=False
                ) as answer:
                    page = await answer.text()
                    status, to = answer.status, answer.headers.get("Location")
            except (aiohttp.ClientError, TimeoutError) as fault:
                self._tally.faults.append(f"{step}: {type(fault).__name__}")
                return
            self._tally.steps[step].append(time.perf_counter() - began)
            if status in {302, 303} and to:
                step, method, path, form = f"{step}, then", "GET", to.partition("#")[0], None
                continue
            self.page, self.path = page, path
            if status not in {200, 304}:
                self._tally.faults.append(f"{step}: {status}")
            return


Life = Callable[[Browser, float], Awaitable[None]]
"""What one visitor does, until the loop's clock says so."""


async def _live(life: Life, address: str, tally: Tally, *, after: float, until: float) -> None:
    await asyncio.sleep(after)
    jar = aiohttp.CookieJar(unsafe=True)  # Numbers in place of names may hold cookies too.
    line = aiohttp.TCPConnector(limit=1, keepalive_timeout=60)
    limit = aiohttp.ClientTimeout(total=LONGEST)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=line, timeout=limit) as session:
        await life(Browser(session, address, tally), until)


async def _all(lives: list[Life], address: str, *, ramp: float, seconds: float) -> Tally:
    tally, chance = Tally(), random.Random(1)
    until = asyncio.get_running_loop().time() + ramp + seconds
    starts = sorted(chance.uniform(0, ramp) for _ in lives)
    await asyncio.gather(
        *(
            _live(life, address, tally, after=after, until=until)
            for life, after in zip(lives, starts, strict=True)
        )
    )
    return tally


def crowd(lives: list[Life], address: str, *, ramp: float, seconds: float) -> Tally:
    """All of them, starting within `ramp` seconds and going on for `seconds` more."""
    return asyncio.run(_all(lives, address, ramp=ramp, seconds=seconds))


async def think(seconds: float) -> None:
    """Wait as people do: never all the same."""
    await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


def time_left(until: float) -> bool:
    """Whether a visitor goes on."""
    return asyncio.get_running_loop().time() < until


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """The seconds since the block began."""
    began = time.perf_counter()
    yield lambda: time.perf_counter() - began

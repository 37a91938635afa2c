"""Children who tell over HTTP, one page and one press each, and what they saw of it."""

from __future__ import annotations

import http.client
import time
import urllib.parse
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from app.base import ids
from tests.ground.storm import TOKEN, Child

CANARY = "canaryword"
"""In everything that is told here, so that it can be looked for."""
T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """What a child saw after a press."""

    status: int
    page: str
    seconds: float
    reference: str = ""
    """Of the receipt; empty where the child saw no success."""

    @property
    def sent(self) -> bool:
        """Whether the child was told that it is sent."""
        return self.status == 303

    def is_honest(self, words: str) -> bool:
        """Whether a child who was not told so has the words on the screen still."""
        return self.sent or (self.status in (200, 500, 503) and words in self.page)


@dataclass(frozen=True)
class Press:
    """A drawn page of Tell with its button: the same press may be made again."""

    child: Child
    form: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """What is told by it."""
        return dict(self.form)["words"]

    def through(self, port: int) -> Press:
        """The same press by way of another port."""
        return replace(self, child=Child(port, self.child.cookie))

    def encoded(self) -> str:
        """The body of the request."""
        return urllib.parse.urlencode(self.form)

    def go(self) -> Seen:
        """Press; OSError or HTTPException where the connection fails."""
        began = time.monotonic()
        child = Child(self.child.port, self.child.cookie)
        status, page = child._ask("POST", "/tell/feel", self.encoded())
        if status != 303:
            return Seen(status, page, time.monotonic() - began)
        if child.cookie == self.child.cookie:  # A browser takes no half of a reply's head.
            raise http.client.HTTPException("the reply was cut off in its head")
        self.child.cookie = child.cookie
        return Seen(status, page, time.monotonic() - began, child.reference)

    def try_it(self) -> Seen:
        """Press; a connection that fails is a page that never came."""
        try:
            return self.go()
        except (OSError, http.client.HTTPException):
            return Seen(0, "", 0.0)


def page_of(port: int, words: str, *, cookie: str = "", **more: str) -> Press:
    """Open the page with the words' box, and type."""
    child = Child(port, cookie)
    token = TOKEN.findall(child.get("/tell/feel"))[0]
    form = {"csrf_token": token, "once": ids.new_token(), "step": "feel", "send": "yes"}
    return Press(child, tuple({**form, "words": words, **more}.items()))


def pages(port: int, count: int, *, cookies: Iterable[str] = ()) -> list[Press]:
    """So many children, each with a page of their own; signed in where there are cookies."""
    held = [*cookies, *[""] * count][:count]
    return [page_of(port, f"{CANARY} {n}", cookie=cookie) for n, cookie in enumerate(held)]


def at_once(presses: list[Press]) -> list[Seen]:
    """All of them pressed at the same moment."""
    return together([press.try_it for press in presses])


def together(does: list[Callable[[], T]]) -> list[T]:
    """All done at the same moment, each in a thread of its own."""
    with ThreadPoolExecutor(max(len(does), 1)) as pool:
        return [future.result() for future in [pool.submit(do) for do in does]]


def references(seen: Iterable[Seen]) -> set[str]:
    """Of all who were told that it is sent."""
    return {one.reference for one in seen if one.sent}


def milliseconds(seen: list[Seen], share: float) -> float:
    """The time within which this share of answers came."""
    times = sorted(one.seconds for one in seen)
    return times[min(len(times) - 1, int(len(times) * share))] * 1000

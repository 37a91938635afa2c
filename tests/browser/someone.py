"""Somebody at a browser, who knows a page only by what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

Arrival = Callable[[Page], None]


def look_at_nothing(page: Page) -> None:
    """For somebody whose pages another test has looked at."""


@dataclass
class Someone:
    """A person at a screen; `arrives` is told of every page they come to."""

    page: Page
    address: str
    arrives: Arrival = look_at_nothing
    touch: bool = False
    """Whether they have a finger on the glass, and no mouse."""

    def opens(self, where: str) -> None:
        """Type an address: a path of this Catkin, or a link that somebody gave."""
        self.page.goto(where if where.startswith("http") else self.address + where)
        self.arrives(self.page)

    def holds(self, cookie: str) -> None:
        """Their browser has this of Catkin's."""
        kept = {"name": "catkin", "value": cookie, "url": self.address}
        self.page.context.add_cookies([kept])  # type: ignore[list-item]

    def follows(self, says: str, *, within: Locator | None = None) -> None:
        """Follow the link that says this."""
        with self.to_the_next_page():
            self.press((within or self.page).get_by_role("link", name=says, exact=True))

    def presses(self, says: str, *, within: Locator | None = None) -> None:
        """Press the button that says this."""
        with self.to_the_next_page():
            self.press(self.button(says, within=within))

    def hides(self, says: str) -> None:
        """Press what hides the page: it is blank at once, and then another page comes."""
        with self.page.expect_event("load"):
            self.press(self.button(says))
        self.arrives(self.page)

    def press(self, what: Locator) -> None:
        """Press it, in the way they do."""
        if self.touch:
            what.tap()
        else:
            what.click()

    def button(self, says: str, *, within: Locator | None = None) -> Locator:
        """The button that says this."""
        return (within or self.page).get_by_role("button", name=says, exact=True)

    def types(self, label: str, text: str) -> None:
        """Write into the box with this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def ticks(self, label: str) -> None:
        """Tick the box, or pick the dot, with this label."""
        self.page.get_by_label(label, exact=True).check()

    def sees(self, words: str) -> None:
        """These words stand on the page, where they can be seen."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def sees_not(self, words: str) -> None:
        """These words stand nowhere on the page."""
        expect(self.page.get_by_text(words)).to_have_count(0)

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.locator("h1").inner_text()

    @contextmanager
    def to_the_next_page(self) -> Iterator[None]:
        """Whatever is done inside leads to another page, or to another place on this one."""
        with self.page.expect_navigation():
            yield
        self.arrives(self.page)


def hear_faults(page: Page, address: str, faults: list[str]) -> None:
    """Write down what a browser complains of, and whatever it asks of anybody else."""

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(f"{page.url} said in the console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith(f"{address}/"):
            faults.append(f"{page.url} asked elsewhere: {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"{page.url} broke: {error}"))
    page.on("request", asked)

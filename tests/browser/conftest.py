"""A real Chromium before a real Catkin; everything is closed again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.journey import School
from tests.browser.oak_lane import fresh_pupils, served_oak_lane
from tests.browser.page_checks import LAPTOP, Inspector
from tests.browser.someone import Arrival, Someone, hear_faults, look_at_nothing
from tests.ground.running import Running
from tests.look.places import Places, places
from tests.look.seeded import Seeded, seeded_school
from tests.quick import started_before

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 10_000
"""Milliseconds that a page may take on the slowest machine."""

Newcomer = Callable[..., Someone]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        yield driver


def start_chromium(playwright: Playwright, *, without: tuple[str, ...] = ()) -> Browser:
    """The first Chromium of this machine, `without` these settings that playwright likes."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine: looked for {', '.join(CHROMIUMS)}")
    return playwright.chromium.launch(
        executable_path=found, args=[*QUIET], ignore_default_args=[*without]
    )


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all tests."""
    browser = start_chromium(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def remembering_chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser that keeps pages for Back, as people's browsers do and playwright's does not."""
    browser = start_chromium(playwright, without=("--disable-back-forward-cache",))
    yield browser
    browser.close()


class Lobby:
    """Lets people in, each in a browser context of their own, and sees all of them out."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def let_in(
        self,
        address: str,
        *,
        size: tuple[int, int] = LAPTOP,
        scripts: bool = True,
        touch: bool = False,
        arrives: Arrival = look_at_nothing,
    ) -> Someone:
        """Somebody new, at a screen of this size."""
        viewport = ViewportSize(width=size[0], height=size[1])
        context = self.browser.new_context(
            viewport=viewport, java_script_enabled=scripts, has_touch=touch
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        # Whatever tab they open is heard.
        context.on("page", lambda page: hear_faults(page, address, self.faults))
        return Someone(context.new_page(), address, arrives, touch)

    def close(self) -> list[str]:
        """See everybody out; what their browsers complained of."""
        for context in self.contexts:
            context.close()
        return self.faults


@pytest.fixture
def newcomer(chromium: Browser) -> Iterator[Newcomer]:
    """Lets people in; no browser may have complained, or asked anything of anybody else."""
    lobby = Lobby(chromium)
    yield lobby.let_in
    assert lobby.close() == []


@pytest.fixture(scope="session")
def known_pages() -> set[str]:
    """The kinds of pages that some inspector has looked at already."""
    return set()


@pytest.fixture
def inspector(tmp_path: Path, known_pages: set[str]) -> Iterator[Inspector]:
    """Comes along wherever it is asked to; at the end nothing may be amiss."""
    inspector = Inspector(tmp_path, known_pages)
    yield inspector
    assert not inspector.faults, "\n".join(inspector.faults)


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Starts a Catkin without a school, in folders of its own; its address."""
    started: list[Running] = []

    def start() -> str:
        folder: Path = tmp_path_factory.mktemp("catkin")
        started_before(folder / "data", folder / "keys")
        started.append(Running.start(folder / "data", folder / "keys"))
        return started[-1].address

    yield start
    for running in started:
        running.stop()


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A school as its adults have set it up, with Hazel open and its slips printed.

    Its five pupils are there for all tests: what one test counts, no other may do.
    """
    with served_oak_lane(tmp_path_factory.mktemp("school")) as here:
        yield here


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Seeded, str]]:
    """A school in full swing behind a real server, and where that is.

    Each test that plays or learns has somebody of its own who has not begun yet.
    """
    folder: Path = tmp_path_factory.mktemp("served")
    seeded = seeded_school(folder / "data", folder / "keys")
    fresh_pupils(seeded)
    server = Running.start(folder / "data", folder / "keys")
    yield seeded, server.address
    server.stop()
    seeded.close()


@pytest.fixture(scope="session")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The schools that are looked at, each served."""
    with places(tmp_path_factory.mktemp("schools")) as found:
        yield found
        found.see_out()

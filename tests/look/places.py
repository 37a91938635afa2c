"""The schools that are looked at, where they are served, and the way to any page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from playwright.sync_api import Page as Tab

from app.config import ROOT
from tests.browser.page_checks import resize
from tests.browser.someone import Someone
from tests.look.demo import demo_school
from tests.look.hall import halls
from tests.look.held import cookie
from tests.look.pages import Page
from tests.look.past import past_school
from tests.look.seeded import Seeded, new_app, seeded_school
from tests.look.young import young_school

FIRST = ViewportSize(width=1366, height=640)


@dataclass
class Places:
    """The schools by name, where each is served, and a tab that shows one page after another."""

    schools: dict[str, Seeded]
    addresses: dict[str, str]
    tab: Tab | None = None

    @contextmanager
    def opened(
        self, browser: Browser, look: Page, size: tuple[int, int] | None = None
    ) -> Iterator[Tab]:
        """A tab that shows this page or state; at this size, or any."""
        tab = self._new_tab(browser) if look.changes_the_browser else self._same_tab(browser)
        try:
            if size is not None:
                resize(tab, size)
            tab.set_extra_http_headers(dict(look.asks))
            self._sign_in(tab.context, look)
            self._go(tab, look)
            yield tab
        finally:
            if look.changes_the_browser:
                tab.context.close()

    def see_out(self) -> None:
        """Close the browser that was used again."""
        if self.tab is not None:
            self.tab.context.close()
            self.tab = None

    def _same_tab(self, browser: Browser) -> Tab:
        """What was fetched once is not fetched again; nothing else is kept on the device."""
        if self.tab is None:
            self.tab = self._new_tab(browser)
            self.tab.add_init_script(AXE_SCRIPT)  # Quicker than to bring it to each page.
        return self.tab

    def _new_tab(self, browser: Browser) -> Tab:
        context = browser.new_context(reduced_motion="reduce", viewport=FIRST)
        context.set_default_timeout(10_000)
        return context.new_page()

    def _sign_in(self, context: BrowserContext, look: Page) -> None:
        """As whoever looks, with what their browser holds; nobody else's cookie stays."""
        context.clear_cookies()
        held = cookie(self.schools[look.school], look.who, look.holds)
        if held is not None:
            url = self.addresses[look.school]
            name = self.schools[look.school].app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": held, "url": url}])

    def _go(self, tab: Tab, look: Page) -> None:
        here = self.schools[look.school]
        someone = Someone(tab, self.addresses[look.school])
        someone.opens(look.address.format(**here.ids))
        if look.walk is not None:
            look.walk(someone)
        landed = (look.lands or look.address).format(**here.ids).partition("?")[0]
        assert look.walk or urlsplit(tab.url).path == landed, f"{look.name}: {tab.url}"
        tab.evaluate("document.fonts.ready.then(() => true)")


@contextmanager
def _served(folders: list[Path]) -> Iterator[list[str]]:
    """A process of its own for all of them; where each is served."""
    call = [sys.executable, "-m", "tests.look.serving", *map(str, folders)]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line, "the schools to look at are not served"
        yield json.loads(line)
        server.communicate(timeout=20)


def no_school(data: Path, keys: Path) -> Seeded:
    """A machine on which nobody has set anything up."""
    return Seeded(new_app(data, keys), "")


def oak_lane(data: Path, keys: Path) -> Seeded:
    """Oak Lane in full swing, with workshops."""
    here = seeded_school(data, keys)
    halls(here)
    return here


SCHOOLS = {
    "oak lane": oak_lane,
    "young": young_school,
    "past": past_school,
    "none": no_school,
    "demo": demo_school,
}


@contextmanager
def places(folder: Path, *wanted: str) -> Iterator[Places]:
    """Those schools, or all: in full swing, being set up, with old facts, empty, the demo."""
    names = {name: SCHOOLS[name] for name in wanted or SCHOOLS}
    folders = {name: folder / name.replace(" ", "-") for name in names}
    schools = {
        name: make(folders[name] / "data", folders[name] / "keys") for name, make in names.items()
    }
    with _served(list(folders.values())) as addresses:
        yield Places(schools, dict(zip(schools, addresses, strict=True)))
    for one in schools.values():
        one.close()

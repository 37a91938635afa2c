"""The schools that are looked at, where they are served, and the way to any page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from app.config import ROOT
from tests.browser.someone import Someone
from tests.look.demo import demo_school
from tests.look.hall import halls
from tests.look.held import cookie
from tests.look.pages import Page
from tests.look.past import past_school
from tests.look.seeded import Seeded, new_app, seeded_school
from tests.look.young import young_school


@dataclass
class Places:
    """The schools by name, where each is served, and browsers that can be used again."""

    schools: dict[str, Seeded]
    addresses: dict[str, str]
    kept: dict[tuple[object, ...], BrowserContext] = field(default_factory=dict)

    @contextmanager
    def opened(self, browser: Browser, look: Page, size: tuple[int, int]) -> Iterator[Tab]:
        """A tab that shows this page or state, at this size; closed again."""
        context, here = self._context(browser, look), self.schools[look.school]
        tab = context.new_page()
        try:
            tab.set_viewport_size({"width": size[0], "height": size[1]})
            tab.emulate_media(reduced_motion="reduce")
            someone = Someone(tab, self.addresses[look.school])
            someone.opens(look.address.format(**here.ids))
            if look.walk is not None:
                look.walk(someone)
            landed = (look.lands or look.address).format(**here.ids).partition("?")[0]
            assert look.walk or urlsplit(tab.url).path == landed, f"{look.name}: {tab.url}"
            tab.evaluate("document.fonts.ready.then(() => true)")
            yield tab
        finally:
            tab.close()
            if look.changes_the_browser:
                context.close()

    def see_out(self) -> None:
        """Close the browsers that were used again."""
        for context in self.kept.values():
            context.close()
        self.kept.clear()

    def _context(self, browser: Browser, look: Page) -> BrowserContext:
        whose = (look.school, look.who, look.holds)
        if not look.changes_the_browser and whose in self.kept:
            return self.kept[whose]
        context = browser.new_context(extra_http_headers=dict(look.asks))
        context.set_default_timeout(10_000)
        held = cookie(self.schools[look.school], look.who, look.holds)
        if held is not None:
            url = self.addresses[look.school]
            name = self.schools[look.school].app.config["SESSION_COOKIE_NAME"]
            context.add_cookies([{"name": name, "value": held, "url": url}])
        if not look.changes_the_browser:
            self.kept[whose] = context
        return context


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

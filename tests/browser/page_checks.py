"""What every page must be for whoever looks at it: readable by all, pressable by small hands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from app.config import ROOT
from tests.look.kinds import SHOWN

LAPTOP, PHONE = (1366, 640), (390, 844)
"""Screens without the browser's own bars."""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AN_ID = re.compile(r"[\w-]{16,}|C-[0-9A-Z]{5}|[?#].*")
WARNS = re.compile(r"/still-(here|reading)$")
TO_ANSWER = 20
"""Seconds that WCAG 2.2.1 gives everyone to ask for more time."""
STATES = """() => [".good", ".hmm", ".faults", ".banner", ".unsafe", "fieldset", "table", "article",
  "details[open]", ".done"].filter(state => document.querySelector(state)).join(" ")"""

SMALL = """() => {
  const faults = [], least = 44, words = e => e.textContent.trim().replace(/\\s+/g, " ");
  const aims = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  for (const aim of document.querySelectorAll(aims)) {
    if (!aim.checkVisibility({visibilityProperty: true}) || aim.matches(".skip")) continue;
    const text = aim.closest("p");
    const running = aim.matches("a") && getComputedStyle(aim).display === "inline"
      && text && words(text) !== words(aim);
    if (running) continue;
    const labelled = aim.matches("[type=radio], [type=checkbox]") ? aim.labels[0] : aim;
    const {width, height} = labelled.getBoundingClientRect();
    if (Math.min(width, height) < least - 0.5)
      faults.push(`${words(labelled)} is ${Math.round(width)} by ${Math.round(height)}`);
  }
  return faults;
}"""
CLIPPED = """() => {
  const faults = [], words = e => e.textContent.trim().replace(/\\s+/g, " ");
  for (const shown of document.querySelectorAll("h1, h2, h3, p, li, a, button, label, summary")) {
    if (shown.matches(".vh, .skip") || !shown.clientWidth) continue;
    // The display face is taller than its lines are high: that much is ink-free, and no fault.
    const air = Math.max(3, parseFloat(getComputedStyle(shown).fontSize) * 0.4);
    if (shown.scrollWidth > shown.clientWidth + 1 || shown.scrollHeight > shown.clientHeight + air)
      faults.push(`${words(shown)} does not fit into its place`);
  }
  return faults;
}"""
PUPILS = f"""() => document.querySelector(".hedged") ? [...({SMALL})(), ...({CLIPPED})()] : []"""


def resize(page: Page, size: tuple[int, int]) -> None:
    """Another screen under the same page, unless it is on this one."""
    wanted: ViewportSize = {"width": size[0], "height": size[1]}
    if page.viewport_size != wanted:
        page.set_viewport_size(wanted)


def on_each(page: Page, sizes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The page on one screen after another; the one that it is on comes first."""
    here = page.viewport_size or {}
    for size in sorted(sizes, key=lambda size: size != tuple(here.values())):
        resize(page, size)
        yield size


SLOW, GOES = "SLOW = 4000", "GOES = 15_000"
"""How long the script of every page waits: till it says so; till a form may go again."""


def hurry(page: Page, wait: str, name: str = "pupil") -> None:
    """From the next page on, its script waits a tenth of that."""
    script = (ROOT / f"static/js/{name}.js").read_text("utf-8")
    assert wait in script
    hasty = script.replace(wait, wait.removesuffix("0"))
    given = {"body": hasty, "content_type": "text/javascript"}
    page.route(f"**/js/{name}.js", lambda route: route.fulfill(**given))


def sideways(page: Page) -> list[str]:
    """Nobody has to scroll sideways, and no word is cut off at the edge."""
    wide, seen = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    return [f"it is {wide} wide on a screen of {seen}"] if wide > seen else []


def too_small(page: Page) -> list[str]:
    """What a pupil cannot hit with a finger, or read to its end."""
    return list(page.evaluate(PUPILS))


def against_wcag(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2, A and AA; pages that lead on by themselves are below."""
    wide, tall = page.evaluate("[innerWidth, document.scrollingElement.scrollHeight]")
    # As long as the page: what lies under the bar at the foot can be scrolled out from there.
    resize(page, (wide, tall))
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    # Axe takes any page that leads on for a fault, even one that leads to the warning.
    rules = {"meta-refresh": {"enabled": False}}
    # Nor need it fetch every style sheet again: no rule of these standards asks for that.
    asked = {"runOnly": STANDARDS, "resultTypes": ["violations"], "preload": False}
    options = {**asked, "rules": rules}
    call = "options => axe.run(options).then(found => found.violations)"
    found: list[dict[str, Any]] = page.evaluate(call, options)
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def hurrying(page: Page) -> list[str]:
    """2.2.1: a page leads on by itself only to a warning, or from one after time to answer.

    A page that waits for the teacher looks again by itself, and takes nothing from anybody.
    """
    path = page.url.partition("?")[0]
    hurry = page.locator("meta[http-equiv=refresh]")
    if hurry.count() == 0 or path.endswith("/waiting"):
        return []
    seconds, _, target = str(hurry.get_attribute("content")).partition("; url=")
    if target.endswith("by=itself"):
        return []  # Names cover themselves; a press shows them again, and nothing was being typed.
    from_a_warning = WARNS.search(path) and int(seconds) >= TO_ANSWER
    return [] if from_a_warning or WARNS.search(target) else [f"it leads on after {seconds} s"]


def kind_of(page: Page) -> str:
    """Pages of one kind differ only in whose they are."""
    path = AN_ID.sub("…", page.url.partition("//")[2].partition("/")[2])
    return f"{path} {page.evaluate(STATES)}".strip()


@dataclass
class Inspector:
    """Comes along, and looks at each kind of page that is not `known`; pictures the faulty.

    It looks hard where no look does: see tests/look/kinds.py.
    """

    pictures: Path
    known: set[str]
    kinds: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def arrives(self, page: Page) -> None:
        """Look at a page of a new kind: as it is, or on a laptop and on a phone too."""
        kind = kind_of(page)
        self.kinds.add(kind)
        if kind in self.known:
            return
        self.known.add(kind)
        screen = page.viewport_size
        faults = [f"{kind}: {fault}" for fault in hurrying(page)]
        faults += [f"{kind}: {fault}" for fault in (*sideways(page), *too_small(page))]
        for size in () if kind in SHOWN.values() else (PHONE, LAPTOP):
            resize(page, size)
            found = [*sideways(page), *too_small(page), *against_wcag(page)]
            faults += [f"{kind} ({size[0]}): {fault}" for fault in found]
        if screen is not None:
            page.set_viewport_size(screen)
        if faults:
            self.faults += faults
            name = re.sub(r"\W+", "-", page.locator("h1").inner_text()).strip("-")
            file = self.pictures / f"{len(self.kinds):02}-{name}.png"
            page.screenshot(path=file, full_page=True)

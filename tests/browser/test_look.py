"""Every page in every size: nothing clipped, nothing covered, all of it easy to read and press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.page_checks import against_wcag, resize, sideways
from tests.ground.running import Running
from tests.look.pages import PAGES, STAFF
from tests.look.pages import Page as Look
from tests.look.seeded import Seeded, seeded_school

pytestmark = pytest.mark.browser

SMALL_TEXT = """floor => {
  const faults = new Set(), walker = document.createTreeWalker(
    document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement;
    if (!text.nodeValue.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
    if (element.closest("svg, script, .vh, .skip")) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < floor) faults.add(`${text.nodeValue.trim().slice(0, 30)} is ${size} px`);
  }
  return [...faults];
}"""
COVERED = """() => {
  const faults = [], aims = "a[href], button, input, select, summary";
  const shown = [...document.querySelectorAll(aims)]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".vh, .skip"));
  const box = e => {
    let {left, right, top, bottom} = e.getBoundingClientRect();
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (getComputedStyle(p).overflowY === "visible") continue;
      const q = p.getBoundingClientRect();
      top = Math.max(top, q.top); bottom = Math.min(bottom, q.bottom);
      left = Math.max(left, q.left); right = Math.min(right, q.right);
    }
    return {left, right, top, bottom};
  };
  const all = shown.map(e => [e, box(e)])
    .filter(([, b]) => b.right - b.left > 2 && b.bottom - b.top > 2);
  const words = e => (e.textContent.trim() || e.name || e.tagName).slice(0, 24);
  all.forEach(([a, p], i) => all.slice(i + 1).forEach(([b, q]) => {
    if (a.contains(b) || b.contains(a)) return;
    const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    const by = `${Math.round(x)}x${Math.round(y)}`;
    if (x > 2 && y > 2) faults.push(`${words(a)} and ${words(b)} overlap by ${by}`);
  }));
  return faults;
}"""
TARGETS = """least => {
  const aims = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const running = e => e.matches("a") && getComputedStyle(e).display === "inline"
    && e.closest("p, li, td, th, dd");
  const place = e => e.matches("[type=radio], [type=checkbox]") && e.labels[0] || e;
  return [...document.querySelectorAll(aims)]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".vh, .skip"))
    .filter(e => !running(e))
    .map(e => [e, place(e).getBoundingClientRect()])
    .filter(([, b]) => Math.min(b.width, b.height) < least - .5)
    .map(([e, b]) => {
      const words = (e.textContent.trim() || e.name).slice(0, 24);
      return `${words} is ${Math.round(b.width)}x${Math.round(b.height)}`;
    });
}"""

KEY_CUT = """() => {
  const main = document.querySelector("main"), hedge = document.querySelector(".hedge");
  const key = hedge.querySelector(".lab").getBoundingClientRect(), faults = [];
  if (key.left < 0 || key.right > innerWidth || key.bottom > innerHeight)
    faults.push(`the key ends at ${Math.round(key.right)}, ${Math.round(key.bottom)}`);
  if (hedge.scrollHeight > hedge.clientHeight + 1) faults.push("the hedge is too short");
  if (main.scrollWidth > main.clientWidth + 2) faults.push("the page is cut at its side");
  return faults;
}"""


@dataclass(frozen=True)
class Place:
    """A seeded school and where it is served."""

    seeded: Seeded
    address: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("look")
    seeded = seeded_school(folder / "data", folder / "keys")
    server = Running.start(folder / "data", folder / "keys")
    yield Place(seeded, server.address)
    server.stop()


def opened(browser: Browser, place: Place, look: Look, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    if look.who is not None:
        cookie = place.seeded.cookies[look.who]
        context.add_cookies([{"name": "catkin", "value": cookie, "url": place.address}])
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(place.address + look.address.format(**place.seeded.ids))
    page.wait_for_function("document.fonts.status === 'loaded'")
    return page


@pytest.mark.parametrize("look", PAGES, ids=[look.name for look in PAGES])
def test_every_page_fits_and_can_be_read_and_pressed(
    chromium: Browser, place: Place, look: Look
) -> None:
    staff = look.sizes == STAFF
    faults = []
    for size in (*look.sizes, (320, 640)):
        page = opened(chromium, place, look, size)
        found = [*sideways(page), *page.evaluate(COVERED)]
        found += page.evaluate(SMALL_TEXT, 13.5 if staff else 14.5)
        found += page.evaluate(TARGETS, 24 if staff else 44)
        if size != (320, 640):
            found += against_wcag(page)
        faults += [f"{size[0]}: {fault}" for fault in found]
        page.context.close()
    assert faults == []


PUPILS = [look for look in PAGES if look.sizes != STAFF]


@pytest.mark.parametrize("look", PUPILS, ids=[look.name for look in PUPILS])
def test_the_largest_letters_fit_and_the_key_is_never_cut(
    chromium: Browser, place: Place, look: Look
) -> None:
    page = opened(chromium, place, look, (1366, 640))
    page.goto(f"{place.address}/text")
    for wish in ("Very big", "Wide", "Dark"):
        page.get_by_label(wish).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Use this").click()
    page.goto(place.address + look.address.format(**place.seeded.ids))
    # Listen comes with a voice, which a browser without a head has not.
    page.evaluate("document.querySelector('[data-listen]')?.removeAttribute('hidden')")
    faults = []
    for size in (*look.sizes, (320, 640)):
        resize(page, size)
        found = [*sideways(page), *page.evaluate(COVERED), *page.evaluate(KEY_CUT)]
        found += page.evaluate(TARGETS, 44)
        faults += [f"{size[0]}: {fault}" for fault in found]
    page.context.close()
    assert faults == []

"""What a slow Chromebook has to carry for a first page, and for the same page again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PATIENCE
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser

KB = 1024
PAGES = {
    "map": ("/map", 14 * KB),
    "lesson card": ("/lesson/t-79/1", 14 * KB),
    "Tell": ("/tell", 14 * KB),
    # Nobody comes here first; it holds the words to pick.
    "step 2 of Tell": ("/tell/feel", 15 * KB),
}
"""Each page with what its HTML and styles may weigh."""


def let_in(chromium: Browser, served: tuple[Seeded, str]) -> BrowserContext:
    """A pupil's browser with nothing in its cache."""
    seeded, server = served
    context = chromium.new_context(viewport={"width": 1366, "height": 640})
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "catkin", "value": seeded.cookie_of("weigher"), "url": server}])
    return context


def begin_lesson(context: BrowserContext, server: str) -> None:
    """Begin the lesson, unless it is begun; the browser is closed again."""
    page = context.new_page()
    page.goto(f"{server}/lesson/t-79")
    if page.get_by_role("button", name="Start").count():
        page.get_by_role("button", name="Start").click()
        page.wait_for_url("**/lesson/t-79/*")  # A browser closed on its way may never answer.
    context.close()


# Everything that the page fetched, by its own clock. What came from the cache moved no bytes.
FETCHED = """() => [
    ...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource"),
].filter(one => one.transferSize > 0).map(one => [one.name, one.encodedBodySize])"""


def visit(context: BrowserContext, address: str) -> dict[str, int]:
    """Every request of a visit that reached the server, with the bytes of its answer's body."""
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = dict(page.evaluate(FETCHED))
    page.close()
    return sizes


def of_kind(sizes: dict[str, int], *endings: str) -> int:
    return sum(size for url, size in sizes.items() if url.partition("?")[0].endswith(endings))


@pytest.mark.parametrize("name", PAGES)
def test_a_first_page_is_light_and_the_same_page_again_is_one_request(
    chromium: Browser, served: tuple[Seeded, str], name: str
) -> None:
    _, server = served
    address, most = server + PAGES[name][0], PAGES[name][1]
    if name == "lesson card":
        begin_lesson(let_in(chromium, served), server)
    context = let_in(chromium, served)
    cold = visit(context, address)
    html = cold[address]
    assert html + of_kind(cold, ".css") <= most, cold
    assert of_kind(cold, ".js") <= 10 * KB, cold
    assert sum(cold.values()) <= 110 * KB, cold
    assert len(cold) <= 10, sorted(cold)
    again = visit(context, address)
    assert list(again) == [address], again
    context.close()

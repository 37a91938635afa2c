"""The board in a real browser: big enough for the back row, turned by keys, blanked and left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.config import ROOT
from app.content.catalogue import read_catalogue
from tests.browser.conftest import PATIENCE, Newcomer
from tests.browser.page_checks import against_wcag, on_each, resize
from tests.look.pages import BOARD
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser
LESSONS = read_catalogue(ROOT).lessons
LESSON = LESSONS["t-79"]
SLIDES = f"/lessons/{LESSON.id}/board"
SMALLEST = 38
"""Pixels at 1920 by 1080: what the back row can read."""
TEXT = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement;
    if (!text.nodeValue.trim() || element.closest("script, noscript, .vh, .skip")) continue;
    found.push([text.nodeValue.trim(), parseFloat(getComputedStyle(element).fontSize)]);
  }
  return found;
}"""
OVER = """() => {
  const {scrollWidth, scrollHeight} = document.body;
  return [scrollWidth - innerWidth, scrollHeight - innerHeight];
}"""

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def laptop(chromium: Browser, served: tuple[Seeded, str]) -> Iterator[BrowserContext]:
    """The teacher's browser, which has fetched before what all slides share."""
    seeded, address = served
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    cookie = {"name": "catkin", "value": seeded.cookie_of("teacher"), "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    yield context
    context.close()


@pytest.fixture
def board(laptop: BrowserContext, served: tuple[Seeded, str]) -> Iterator[Opener]:
    """Opens a page on a screen of this size as the teacher."""
    pages = []

    def opened(path: str, *, size: tuple[int, int] = BOARD[0]) -> Page:
        page = laptop.new_page()
        pages.append(page)
        resize(page, size)
        page.goto(served[1] + path)
        return page

    yield opened
    for page in pages:
        page.close()


# Where "Show what is good about each" and the way on lead, as far as a slide has them.
AHEAD = """says => {
  const show = [...document.links].find(link => link.textContent.trim() === says);
  return [show?.href, document.querySelector("a[rel=next]")?.href];
}"""


def slides(page: Page) -> Iterator[str]:
    """Every slide from this one on, each question covered and then shown; where each is."""
    while True:
        yield page.url
        shown, onward = page.evaluate(AHEAD, "Show what is good about each")
        if shown is not None:
            page.goto(shown)
            yield page.url
            _, onward = page.evaluate(AHEAD, "")
        if onward is None:
            return
        page.goto(onward)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_slide_can_be_read_from_the_back_row_and_fits_on_its_screen(
    board: Opener, lesson: str
) -> None:
    page = board(f"/lessons/{lesson}/board/1")
    looked = 0
    for where in slides(page):
        texts = page.evaluate(TEXT)
        assert len(texts) > 3
        assert [(text, size) for text, size in texts if size < SMALLEST] == [], where
        for size in on_each(page, BOARD if lesson == LESSON.id else BOARD[:1]):
            over = page.evaluate(OVER)
            assert max(over) <= 0, (where, over, size)
        resize(page, BOARD[0])
        looked += 1
    assert looked > len(LESSONS[lesson].cards)


def test_each_kind_of_slide_meets_the_standard(board: Opener) -> None:
    last = len(LESSON.cards) + 1
    for path in (f"{SLIDES}/1?shown=1", f"{SLIDES}/4", f"{SLIDES}/8", f"{SLIDES}/{last}"):
        assert against_wcag(board(path, size=(1366, 768))) == [], path


def test_arrows_and_the_keys_of_a_clicker_turn_the_cards(board: Opener) -> None:
    page = board(f"{SLIDES}/2")
    for key, number in (("ArrowRight", 3), ("PageDown", 4), ("ArrowLeft", 3), ("PageUp", 2)):
        page.keyboard.press(key)
        page.wait_for_url(f"**{SLIDES}/{number}")


def test_b_blanks_the_board_and_brings_it_back_where_it_was(board: Opener) -> None:
    page = board(f"{SLIDES}/2")
    heading, dark = page.locator("h1"), page.locator(".dark")
    expect(dark).to_be_hidden()
    page.locator("a[rel=next]").focus()
    page.keyboard.press("b")
    expect(dark).to_be_visible()
    box = dark.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1920, 1080)
    assert page.evaluate("document.elementFromPoint(400, 200).className").startswith("dark")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("B")
    expect(dark).to_be_hidden()
    expect(heading).to_have_text(LESSON.cards[1].heading)
    assert page.evaluate("document.activeElement.rel") == "next"
    assert page.url.endswith(f"{SLIDES}/2")


def test_a_touch_blanks_the_board_and_brings_it_back(board: Opener) -> None:
    page = board(f"{SLIDES}/2")
    page.get_by_role("button", name="Blank").click()
    expect(page.locator(".dark")).to_be_visible()
    page.mouse.click(900, 500)
    expect(page.locator(".dark")).to_be_hidden()


def test_escape_closes_a_word_first_then_a_blank_then_the_board(board: Opener) -> None:
    page = board(f"{SLIDES}/4")
    word = page.locator("details").first
    word.locator("summary").click()
    expect(word.locator("p")).to_be_visible()
    page.keyboard.press("Escape")
    expect(word.locator("p")).to_be_hidden()
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    expect(page.locator(".dark")).to_be_hidden()
    assert page.url.endswith(f"{SLIDES}/4")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/lessons/{LESSON.id}")


def test_keys_that_belong_to_the_browser_are_left_to_it(board: Opener) -> None:
    page = board(f"{SLIDES}/2")
    page.keyboard.press("Control+b")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".dark")).to_be_hidden()
    assert page.url.endswith(f"{SLIDES}/2")


def test_without_a_script_the_board_is_turned_by_its_links(
    newcomer: Newcomer, served: tuple[Seeded, str]
) -> None:
    seeded, address = served
    teacher = newcomer(address, scripts=False)
    teacher.holds(seeded.cookie_of("teacher"))
    teacher.opens(f"{SLIDES}/1")
    page = teacher.page
    assert page.get_by_role("button").count() == 0
    page.get_by_role("link", name="Show what is good about each").click()
    expect(page.locator(".why").first).to_be_visible()
    page.locator("a[rel=next]").click()
    expect(page.locator("h1")).to_have_text(LESSON.cards[0].questions[1].text)
    page.get_by_role("link", name="Close").click()
    page.wait_for_url(f"**/lessons/{LESSON.id}")

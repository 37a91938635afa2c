"""The board in a real browser: big enough for the back row, turned by keys, blanked and left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.config import ROOT
from app.content.catalogue import read_catalogue
from tests.browser.conftest import PATIENCE
from tests.browser.page_checks import against_wcag
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser
LESSONS = read_catalogue(ROOT).lessons
LESSON = LESSONS["t-79"]
BOARD = f"/lessons/{LESSON.id}/board"
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


@pytest.fixture
def board(chromium: Browser, served: tuple[Seeded, str]) -> Iterator[Opener]:
    """Opens a page on a screen of this size as the teacher."""
    seeded, address = served
    cookie, contexts = seeded.cookie_of("teacher"), []

    def opened(path: str, *, size: tuple[int, int] = (1920, 1080), scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "catkin", "value": cookie, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def slides(page: Page) -> Iterator[str]:
    """Every slide from this one on, each question covered and then shown; where each is."""
    while True:
        yield page.url
        show = page.get_by_role("link", name="Show what is good about each")
        onward = page.locator("a[rel=next]")
        after = onward.get_attribute("href") if onward.count() else None
        if show.count():
            with page.expect_navigation():
                show.click()
            yield page.url
        if after is None:
            return
        page.goto(f"{page.url.partition('/lessons')[0]}{after}")


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_on_the_board_is_too_small_for_the_back_row(board: Opener, lesson: str) -> None:
    page = board(f"/lessons/{lesson}/board/1")
    looked = 0
    for where in slides(page):
        texts = page.evaluate(TEXT)
        assert len(texts) > 3
        assert [(text, size) for text, size in texts if size < SMALLEST] == [], where
        looked += 1
    assert looked > len(LESSONS[lesson].cards)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1280, 720)])
def test_every_slide_fits_on_the_screen_without_scrolling(
    board: Opener, size: tuple[int, int]
) -> None:
    page = board(f"{BOARD}/1", size=size)
    for where in slides(page):
        over = page.evaluate(OVER)
        assert max(over) <= 0, (where, over)


def test_each_kind_of_slide_meets_the_standard(board: Opener) -> None:
    last = len(LESSON.cards) + 1
    for path in (f"{BOARD}/1?shown=1", f"{BOARD}/4", f"{BOARD}/8", f"{BOARD}/{last}"):
        assert against_wcag(board(path, size=(1366, 768))) == [], path


def test_arrows_and_the_keys_of_a_clicker_turn_the_cards(board: Opener) -> None:
    page = board(f"{BOARD}/2")
    for key, number in (("ArrowRight", 3), ("PageDown", 4), ("ArrowLeft", 3), ("PageUp", 2)):
        page.keyboard.press(key)
        page.wait_for_url(f"**{BOARD}/{number}")


def test_b_blanks_the_board_and_brings_it_back_where_it_was(board: Opener) -> None:
    page = board(f"{BOARD}/2")
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
    assert page.url.endswith(f"{BOARD}/2")


def test_a_touch_blanks_the_board_and_brings_it_back(board: Opener) -> None:
    page = board(f"{BOARD}/2")
    page.get_by_role("button", name="Blank").click()
    expect(page.locator(".dark")).to_be_visible()
    page.mouse.click(900, 500)
    expect(page.locator(".dark")).to_be_hidden()


def test_escape_closes_a_word_first_then_a_blank_then_the_board(board: Opener) -> None:
    page = board(f"{BOARD}/4")
    word = page.locator("details").first
    word.locator("summary").click()
    expect(word.locator("p")).to_be_visible()
    page.keyboard.press("Escape")
    expect(word.locator("p")).to_be_hidden()
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    expect(page.locator(".dark")).to_be_hidden()
    assert page.url.endswith(f"{BOARD}/4")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/lessons/{LESSON.id}")


def test_keys_that_belong_to_the_browser_are_left_to_it(board: Opener) -> None:
    page = board(f"{BOARD}/2")
    page.keyboard.press("Control+b")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".dark")).to_be_hidden()
    assert page.url.endswith(f"{BOARD}/2")


def test_without_a_script_the_board_is_turned_by_its_links(board: Opener) -> None:
    page = board(f"{BOARD}/1", scripts=False)
    assert page.get_by_role("button").count() == 0
    page.get_by_role("link", name="Show what is good about each").click()
    expect(page.locator(".why").first).to_be_visible()
    page.locator("a[rel=next]").click()
    expect(page.locator("h1")).to_have_text(LESSON.cards[0].questions[1].text)
    page.get_by_role("link", name="Close").click()
    page.wait_for_url(f"**/lessons/{LESSON.id}")

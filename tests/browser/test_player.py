"""The story player by key, by ear and in the largest letters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_checks import LAPTOP, PHONE, resize
from tests.browser.test_scripts import VOICES
from tests.browser.test_story import PLACES, out_of_sight, press
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser
MOVES = "button[name=choice]:not(.twin)"
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.fixture
def at(
    request: pytest.FixtureRequest, chromium: Browser, served: tuple[Seeded, str]
) -> Iterator[Page]:
    """Somebody at the first scene of a story."""
    (seeded, server), (who, story) = served, request.param
    context = chromium.new_context(reduced_motion="reduce", base_url=server)
    context.set_default_timeout(PATIENCE)
    cookie = {"name": "catkin", "value": seeded.cookie_of(who), "url": server}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    resize(page, LAPTOP)
    page.add_init_script(f"({VOICES})([true, 'en-GB'])")
    page.goto(f"/quiz/{story}")
    if page.locator(".card form button").count():
        press(page, ".card form button")
    yield page
    context.close()


def played_by(who: str, *stories: str) -> pytest.MarkDecorator:
    """Who plays which story, and at once."""
    return pytest.mark.parametrize("at", [(who, one) for one in stories], indirect=True)


@played_by("dots", "t-79-block-it")
def test_the_dots_shut_and_open_a_card_and_escape_gives_the_focus_back(at: Page) -> None:
    card, dots = at.locator("details.player"), at.locator("details.player summary")
    expect(card).to_have_attribute("open", "")
    expect(dots).to_have_accessible_name("Frostbyte_11: options")
    dots.focus()
    at.keyboard.press("Enter")
    expect(card).not_to_have_attribute("open", "")
    at.keyboard.press("Enter")
    expect(card.locator("button").first).to_be_focused()
    at.keyboard.press("Escape")
    expect(card).not_to_have_attribute("open", "")
    expect(dots).to_be_focused()


@played_by("mover", "t-79-block-it")
def test_the_focus_is_nowhere_at_first_and_on_the_heading_after_a_move(at: Page) -> None:
    assert at.evaluate("document.activeElement === document.body")
    press(at, "details.player button")
    assert at.evaluate(FOCUSED) == "Good move!"
    assert at.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none"


@played_by("listener", "t-79-report-it-chat")
def test_listen_says_text_speak_in_full_and_marks_what_is_written(at: Page) -> None:
    at.locator(".hedge [data-listen]").click()
    heard: list[str] = []
    marked: list[str] = []
    while at.locator(".hedge [data-listen]").get_attribute("aria-pressed") == "true":
        heard.append(at.evaluate("said.at(-1)[0]"))
        marked.append(" ".join("".join(at.locator("mark.reading").all_inner_texts()).split()))
        at.evaluate("speechSynthesis.finish()")
        at.wait_for_timeout(20)
    (number,) = (i for i, words in enumerate(heard) if "free for you" in words)
    assert "free for u" in marked[number]
    assert "what colour is your front door" in heard[number]


@played_by("large little", "a-57-puppy-box", "t-57-snail-mail")
def test_with_the_largest_letters_what_leads_on_is_still_in_sight(at: Page) -> None:
    faults: list[str] = []

    def look(what: str, size: tuple[int, int]) -> None:
        resize(at, size)
        for letters in ("100", "125", "150"):
            at.evaluate(f"document.documentElement.dataset.size = '{letters}'")
            found = out_of_sight(at.evaluate(PLACES, what))
            faults.extend(f"{size} {letters} {one}" for one in found)

    for _ in range(4):
        look(MOVES, LAPTOP)
        look(MOVES, PHONE)
        press(at, MOVES)
        look(".look-again, .ask-for a", LAPTOP)
        look(".ask-for a", PHONE)
        press(at, ".ask-for a")
    assert faults == []


@played_by("large", "t-79-block-it", "r-79-seal-of-approval", "a-79-coin-rain")
def test_older_pupils_with_the_largest_letters_see_the_way_on(at: Page) -> None:
    for _ in range(3):
        press(at, MOVES)
        for letters in ("125", "150"):
            at.evaluate(f"document.documentElement.dataset.size = '{letters}'")
            assert out_of_sight(at.evaluate(PLACES, ".look-again, .ask-for a")) == []
        press(at, ".ask-for a")

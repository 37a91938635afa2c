"""A workshop in real browsers: a board, and three phones of which one runs no script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Newcomer
from tests.browser.page_checks import against_wcag, hurry, resize, sideways
from tests.browser.someone import Someone
from tests.browser.test_board import OVER, SMALLEST, TEXT
from tests.look.pages import BOARD
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser
EVERY, IN_FIVE = "EVERY = 2000", 'http-equiv="refresh" content="5'
"""When phones and boards look again where the hall is: by their scripts, and without."""


@pytest.fixture
def host(newcomer: Newcomer, served: tuple[Seeded, str]) -> Someone:
    """A teacher whose board stands at its first page."""
    seeded, address = served
    teacher = newcomer(address, size=BOARD[0])
    teacher.holds(seeded.cookie_of("teacher"))
    teacher.opens("/workshops")
    teacher.presses("Start a workshop")
    teacher.follows("Open the big screen")
    return teacher


def code_on(board: Page) -> list[str]:
    return board.locator(".code-chip").inner_text().lower().split()


def phone(newcomer: Newcomer, host: Someone, **given: object) -> Someone:
    """Somebody who types what is on the big screen."""
    word, number = code_on(host.page)
    someone = newcomer(host.address, size=(320, 640), **given)
    hurry(someone.page, EVERY, "workshop")
    someone.opens("/workshop")
    someone.types("Word", word)
    someone.types("Number", number)
    someone.presses("Join in")
    return someone


def looks_each_second(phone: Someone) -> None:
    """Without a script it looks again by itself after five seconds; here after one."""

    def hurried(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace(IN_FIVE, IN_FIVE.replace("5", "1"))
        )

    phone.page.route("**/workshop/now*", hurried)
    phone.opens("/workshop/now")


def test_a_board_and_three_phones_one_of_them_without_a_script(
    newcomer: Newcomer, host: Someone
) -> None:
    board = host.page
    hurry(board, EVERY, "workshop-board")
    board.reload()
    with_finger, typing = phone(newcomer, host, touch=True), phone(newcomer, host)
    plain = phone(newcomer, host, scripts=False)
    looks_each_second(plain)
    phones = (with_finger, typing, plain)
    expect(board.get_by_text("3 phones are in")).to_be_visible()
    board.keyboard.press("Space")
    for one in phones:
        expect(one.page.get_by_text("Question 1 of 6")).to_be_visible()
        assert sideways(one.page) == []

    first = with_finger.page.locator(".vote").first
    first.tap()
    with_finger.sees("You can change it until")
    typing.press(typing.page.locator(".vote", has_text="I am not sure"))
    typing.sees("You can change it until")
    expect(typing.page.get_by_role("button", name="Send")).to_have_count(0)
    plain.page.locator(".vote").nth(2).click()
    plain.presses("Send")
    plain.follows("Change my answer")
    plain.page.locator(".vote").nth(1).click()
    plain.presses("Send another answer")
    plain.opens(plain.page.url)
    expect(board.get_by_text("3 of 3 have answered")).to_be_visible()

    board.keyboard.press("Enter")
    expect(board.get_by_text("Too few answered for bars")).to_be_visible()
    for one in phones:
        one.sees("Your answer stays.")
        expect(one.page.locator(".vote input:enabled")).to_have_count(0)
    assert plain.page.locator(".vote input").nth(1).is_checked()
    board.keyboard.press("ArrowRight")
    for one in phones:
        expect(one.page.get_by_text("Question 2 of 6")).to_be_visible()

    host.page.keyboard.press("Escape")
    board.wait_for_url("**/workshops/*")
    host.presses("End the workshop")
    for one in (with_finger, typing):
        one.sees("Thank you for coming")
    plain.follows("Look for the next question")
    plain.sees("Thank you for coming")


def test_every_question_can_be_read_from_the_back_and_fits(host: Someone) -> None:
    board = host.page
    for state in range(13):
        for size in BOARD:
            resize(board, size)
            assert max(board.evaluate(OVER)) <= 0, (state, size, host.heading)
        resize(board, BOARD[0])
        small = [(text, size) for text, size in board.evaluate(TEXT) if size < SMALLEST]
        assert small == [], (state, host.heading)
        if state in {0, 1, 2}:
            assert against_wcag(board) == []
        with host.to_the_next_page():
            board.keyboard.press("Space")
    assert host.heading == "Thank you for coming"


def test_the_board_is_blanked_moved_back_and_its_buttons_keep_their_keys(host: Someone) -> None:
    board = host.page
    with host.to_the_next_page():
        board.keyboard.press("ArrowRight")
    board.keyboard.press("b")
    expect(board.locator(".dark")).to_be_visible()
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Space")  # It presses what has the focus, which brings the board back.
    expect(board.locator(".dark")).to_be_hidden()
    expect(board.get_by_text("Question 1 of 6")).to_be_visible()
    board.get_by_role("button", name="Next").focus()
    with host.to_the_next_page():
        board.keyboard.press("Enter")
    expect(board.get_by_text("Question 2 of 6")).to_be_visible()
    with host.to_the_next_page():
        board.keyboard.press("ArrowLeft")
    expect(board.get_by_role("button", name="Show answer")).to_be_visible()


def test_without_a_script_the_board_is_moved_and_blanked_by_its_buttons(
    newcomer: Newcomer, served: tuple[Seeded, str]
) -> None:
    seeded, address = served
    host = newcomer(address, scripts=False)
    host.holds(seeded.cookie_of("teacher"))
    host.opens("/workshops")
    host.presses("Start a workshop")
    host.follows("Open the big screen")
    host.presses("Begin")
    host.presses("Show answer")
    host.sees("Too few answered for bars")
    host.follows("Blank")
    host.follows("Press here to bring the board back")
    host.presses("Back")
    host.sees("Join in with your phone")

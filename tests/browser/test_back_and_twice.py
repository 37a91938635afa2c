"""Back, reload, a double click, two tabs: nothing is shown, lost or counted that should not be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.browser.conftest import PATIENCE, Lobby, Newcomer
from tests.browser.journey import (
    School,
    answer_questions,
    comes_in,
    open_notes,
    sign_in,
    sign_out,
    tell,
    to_the_lesson,
)
from tests.browser.page_checks import GOES, hurry
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
SEE_OTHER = 303
WORDS = "my cousin shouts at night in the game"


@pytest.fixture
def with_back(remembering_chromium: Browser) -> Iterator[Newcomer]:
    """Lets people in whose browser remembers pages, for Back."""
    lobby = Lobby(remembering_chromium)
    yield lobby.let_in
    assert lobby.close() == []


def twice(pupil: Someone, says: str) -> None:
    """Press a button; Catkin hears it, but its answer is lost on the way; so double-click it."""

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST":  # A page with words asks first whether we are there.
            route.continue_()
            return
        heard.append(route.fetch(max_redirects=0).status)
        route.abort("aborted")

    heard: list[int] = []
    pupil.page.route("**", lose_the_answer)
    with pupil.page.expect_event("requestfailed", lambda one: one.method == "POST"):
        pupil.button(says).click()
    pupil.page.unroute("**")
    assert heard == [SEE_OTHER]
    # The second click takes the place of the first one's way: that one is broken off, and no fault.
    # Where words are on their way it waits until they have had their time.
    with pupil.page.expect_event("framenavigated", timeout=3 * PATIENCE):
        pupil.button(says).dblclick()
    pupil.page.wait_for_load_state()


def another_tab(pupil: Someone) -> Someone:
    """The same page once more, beside the first."""
    tab = Someone(pupil.page.context.new_page(), pupil.address)
    tab.opens(pupil.page.url)
    return tab


def test_after_signing_out_back_shows_neither_the_name_nor_the_words(
    school: School, with_back: Newcomer
) -> None:
    pupil = with_back(school.address)
    sign_in(pupil, school, "Finn B")
    tell(pupil, WORDS)
    sign_out(pupil)
    for page_before in ("the receipt", "who", "feel", "what", "the map"):
        pupil.page.go_back()
        shown = pupil.page.locator("body")
        expect(shown, page_before).not_to_contain_text("Finn B")
        expect(shown, page_before).not_to_contain_text(WORDS)
        expect(pupil.button("Sign out"), page_before).to_have_count(0)
        # A box that a browser fills in again would show what the child had ticked.
        expect(pupil.page.locator(":checked"), page_before).to_have_count(0)
        for box in pupil.page.locator("textarea, input[type=text]").all():
            expect(box, page_before).to_have_value("")


def test_a_story_goes_one_step_for_one_choice(school: School, with_back: Newcomer) -> None:
    pupil = with_back(school.address)
    comes_in(pupil, school, "Amina")
    to_the_lesson(pupil)
    pupil.follows("Block it")
    twice(pupil, "Start")
    late = another_tab(pupil)
    chosen = moves(pupil).last.inner_text()
    twice(pupil, chosen)
    pupil.sees(f"You chose: {chosen}")

    late.presses(moves(late).first.inner_text())
    late.sees(f"You chose: {chosen}")
    pupil.page.reload()
    pupil.sees(f"You chose: {chosen}")
    pupil.page.go_back()
    pupil.page.goto(late.page.url)
    pupil.sees(f"You chose: {chosen}")
    for tab in (pupil, late):
        tab.follows("Next")
    assert moves(pupil).all_inner_texts() == moves(late).all_inner_texts()

    assert good_moves_to_the_end(pupil, [chosen]) == good_moves_shown(pupil)
    pupil.page.reload()
    late.opens("/map")
    late.sees("1 of 6 leaves grown")


def moves(pupil: Someone) -> Locator:
    """The buttons of a scene."""
    return pupil.page.locator("button[name=choice]")


def good_moves_to_the_end(pupil: Someone, made: list[str]) -> list[str]:
    """Play on by the last move of each scene; the good moves, in order, with those `made`."""
    while moves(pupil).count():
        label = moves(pupil).last.inner_text()
        twice(pupil, label)
        pupil.sees(f"You chose: {label}")
        if pupil.page.get_by_role("heading", name="Good move!").count():
            made.append(label)
        pupil.follows("Next")
    return made


def good_moves_shown(pupil: Someone) -> list[str]:
    """What the path after the ending says was well done."""
    pupil.follows("Your path")
    labels = pupil.page.locator(".way .good p > span").all_inner_texts()
    return [label.strip() for label in labels]


def test_a_lesson_keeps_the_first_answer_and_turns_one_card_at_a_time(
    school: School, with_back: Newcomer
) -> None:
    pupil = with_back(school.address)
    comes_in(pupil, school, "Amina")
    to_the_lesson(pupil)
    twice(pupil, "Start")
    late = another_tab(pupil)
    pupil.page.get_by_role("radio").first.check()
    twice(pupil, "Check")
    answered = pupil.page.get_by_text("You chose:")
    expect(answered).to_have_count(1)
    first_answer = answered.inner_text()

    late.page.get_by_role("radio").last.check()
    late.presses("Check")
    assert late.page.get_by_text("You chose:").inner_text() == first_answer

    answer_questions(pupil)
    twice(pupil, "Next")
    pupil.sees("Card 2 of 8")
    pupil.page.go_back()
    pupil.page.reload()
    pupil.sees("Card 1 of 8")
    pupil.sees(first_answer)
    pupil.follows("Next")
    pupil.sees("Card 2 of 8")


def test_a_double_click_on_send_tells_once(school: School, with_back: Newcomer) -> None:
    pupil = with_back(school.address)
    comes_in(pupil, school, "Amina")
    hurry(pupil.page, GOES)
    pupil.follows("Tell a teacher")
    pupil.presses("Next")
    pupil.types("Tell us in your own words", WORDS)
    pupil.presses("Next")
    twice(pupil, "Send it")
    pupil.sees("Thank you for telling us, Amina")
    pupil.page.reload()
    pupil.sees("Thank you for telling us, Amina")
    open_notes(pupil, school, "Amina")
    expect(pupil.page.get_by_role("article")).to_have_count(1)
    pupil.sees(WORDS)

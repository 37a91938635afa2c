"""Words that cannot be sent stay on the page, whatever is pressed, and go once when they can."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Lobby, Newcomer
from tests.browser.journey import School, comes_in, open_notes
from tests.browser.page_checks import SLOW, hurry
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
WORDS = "he said it is our secret"
KEPT = "Not sent yet. Your words are safe here. Tell a grown-up in the room."
WAIT = "Wait. Your words are not sent yet."


@pytest.fixture
def cut_off(chromium: Browser) -> Iterator[Newcomer]:
    """Lets people in whose browser may complain that it is not answered, and of nothing else."""
    lobby = Lobby(chromium)
    yield lobby.let_in
    assert [fault for fault in lobby.close() if "Failed to load resource: " not in fault] == []


def at_step_2(pupil: Someone, school: School, name: str) -> None:
    comes_in(pupil, school, name)
    hurry(pupil.page, SLOW)
    pupil.opens("/tell/feel")
    pupil.types("Tell us in your own words", WORDS)
    pupil.page.wait_for_load_state("networkidle")


def box(pupil: Someone) -> str:
    return pupil.page.get_by_label("Tell us in your own words").input_value()


def posts(page: Page) -> list[str]:
    """Where the page posts to, from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if one.method == "POST" else None)
    return found


def refuse(route: Route) -> None:
    route.abort("connectionrefused")


def test_nothing_else_that_is_pressed_takes_the_place_of_words_that_wait(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil, school, "Zofia")
    sent = posts(pupil.page)
    pupil.page.context.set_offline(True)
    pupil.button("Sign out").click()
    pupil.sees("No connection. Tell a grown-up in the room.")
    pupil.button("Just talk to me").click()
    pupil.sees(KEPT)
    pupil.button("Sign out").click()
    pupil.sees(WAIT)
    pupil.page.get_by_role("link", name="Skip to Tell a teacher").press("Enter")
    pupil.sees(WAIT)
    pupil.button("Next").click()
    assert box(pupil) == WORDS
    assert sent == []
    with pupil.to_the_next_page():
        pupil.page.context.set_offline(False)
    pupil.sees("Thank you for telling us, Zofia")
    assert pupil.page.locator("blockquote").inner_text() == WORDS
    assert sent == [f"{school.address}/tell/feel"]


def test_words_wait_where_the_server_is_gone_though_there_is_a_connection(
    school: School, cut_off: Newcomer
) -> None:
    pupil = cut_off(school.address)
    at_step_2(pupil, school, "Wei")
    pupil.page.route("**", refuse)
    pupil.button("Next").click()
    pupil.sees(KEPT)
    pupil.button("Sign out").click()
    pupil.sees(WAIT)
    assert pupil.heading == "How do you feel?"
    assert box(pupil) == WORDS
    with pupil.to_the_next_page():
        pupil.page.unroute("**")
    assert pupil.heading == "Who would you like to tell?"
    pupil.presses("Back")
    assert box(pupil) == WORDS


def test_a_server_that_answers_only_with_faults_is_not_there(
    school: School, cut_off: Newcomer
) -> None:
    pupil = cut_off(school.address)
    at_step_2(pupil, school, "Wei")
    sent = posts(pupil.page)
    pupil.page.route("**", lambda route: route.fulfill(status=503))
    pupil.button("Next").click()
    pupil.sees(KEPT)
    assert sent == []


def test_a_server_that_is_only_slow_is_sent_one_telling(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil, school, "Finn O")
    sent = posts(pupil.page)

    def dawdle(route: Route) -> None:
        if route.request.method != "GET":
            time.sleep(1.5)  # Longer than the page waits before it says so.
        route.continue_()

    pupil.page.route("**/*", dawdle)
    talk = pupil.button("Just talk to me")
    talk.dblclick(no_wait_after=True)
    pupil.sees("Thank you for telling us, Finn O")
    assert sent == [f"{school.address}/tell/feel"]
    pupil.page.unroute("**/*")
    open_notes(pupil, school, "Finn O")
    expect(pupil.page.locator("blockquote", has_text=WORDS)).to_have_count(1)


def test_presses_while_words_are_on_their_way_send_nothing_more(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil, school, "Amina")
    sent = posts(pupil.page)
    heard: list[str] = []
    pupil.page.on("console", lambda message: heard.append(message.text))
    presses_later(pupil.page, "button[name=go][value=who]", "form[action$=sign-out] button")

    def dawdle(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(2.5)
        route.continue_()

    pupil.page.route("**/tell/feel", dawdle)
    pupil.button("Next").click(no_wait_after=True)
    pupil.page.wait_for_url("**/tell/who*")
    assert heard == ["Wait. Your words are on their way."] * 2
    assert sent == [f"{school.address}/tell/feel"]


def presses_later(page: Page, *what: str) -> None:
    """In a second the page presses these itself, and says in the console what stands above it.

    Playwright would wait with a press until a page that is on its way has come.
    """
    page.evaluate(
        """all => setTimeout(() => all.forEach((what) => {
          document.querySelector(what).click();
          console.log(document.querySelector(".said-above")?.textContent ?? "nothing");
        }), 1000)""",
        what,
    )


def test_who_only_wants_to_talk_is_not_sent_away_while_that_waits(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    pupil.page.clock.install()
    comes_in(pupil, school, "Zofia")
    pupil.opens("/tell/feel")
    pupil.page.context.set_offline(True)
    pupil.button("Just talk to me").click()
    pupil.sees(KEPT)
    pupil.page.route("**/still-here*", lambda route: route.abort("aborted"))
    pupil.page.clock.run_for(700_000)
    assert pupil.heading == "How do you feel?"


def hidden_for_now(pupil: Someone) -> None:
    """Nothing on the screen, in its title or its address says what was there."""
    pupil.sees("No connection. Please wait.")
    shown = pupil.page.locator("body").inner_text()
    assert " ".join(shown.split()) == "Catkin No connection. Please wait."
    assert pupil.page.title() == "Catkin"
    assert pupil.page.url.endswith("/map")
    expect(pupil.page.locator("textarea, input, form, path")).to_have_count(0)


def nothing_is_left(pupil: Someone) -> None:
    """Neither on the server nor on the way back."""
    pupil.page.wait_for_url(re.compile(r"/map$"))
    assert pupil.heading == "Hello Zofia"
    pupil.opens("/tell/feel?on=yes")
    assert box(pupil) == ""
    pupil.opens("/tell?on=yes")
    expect(pupil.page.locator(":checked")).to_have_count(0)


def with_a_draft(pupil: Someone, school: School) -> None:
    """Step 1 lies on the server; step 2 waits, for the server is gone."""
    comes_in(pupil, school, "Zofia")
    hurry(pupil.page, SLOW)
    pupil.follows("Tell a teacher")
    pupil.ticks("Someone said “keep a secret”")
    pupil.presses("Next")
    pupil.types("Tell us in your own words", WORDS)
    pupil.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("by", ["its button", "Shift"])
def test_hiding_without_a_connection_hides_now_and_wipes_the_server_later(
    school: School, newcomer: Newcomer, by: str
) -> None:
    pupil = newcomer(school.address)
    with_a_draft(pupil, school)
    pupil.page.context.set_offline(True)
    pupil.button("Just talk to me").click()
    pupil.sees(KEPT)
    sent = posts(pupil.page)
    if by == "Shift":
        for _ in range(3):
            pupil.page.keyboard.press("Shift")
    else:
        pupil.button("Hide this").click()
    hidden_for_now(pupil)
    assert sent == []
    pupil.page.context.set_offline(False)
    expect(pupil.page.get_by_role("heading", name="Hello Zofia")).to_be_visible()
    assert sent == [f"{school.address}/tell/feel"]
    nothing_is_left(pupil)


def test_hiding_where_the_server_is_gone_does_the_same(school: School, cut_off: Newcomer) -> None:
    pupil = cut_off(school.address)
    with_a_draft(pupil, school)
    pupil.page.route("**", refuse)
    pupil.button("Hide this").click()
    hidden_for_now(pupil)
    pupil.page.unroute("**")
    expect(pupil.page.get_by_role("heading", name="Hello Zofia")).to_be_visible()
    nothing_is_left(pupil)


def test_hiding_breaks_off_what_is_on_its_way(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    with_a_draft(pupil, school)
    told: list[Route] = []

    def keep_what_is_told(route: Route) -> None:
        if "hide=" in (route.request.post_data or ""):
            route.continue_()
        else:
            told.append(route)

    pupil.page.route("**/tell/feel", keep_what_is_told)
    presses_later(pupil.page, "button.hide")
    with pupil.page.expect_event("requestfailed", lambda one: "send=talk" in (one.post_data or "")):
        pupil.button("Just talk to me").click(no_wait_after=True)
    assert len(told) == 1
    expect(pupil.page.get_by_role("heading", name="Hello Zofia")).to_be_visible()
    pupil.page.unroute("**/tell/feel")
    nothing_is_left(pupil)

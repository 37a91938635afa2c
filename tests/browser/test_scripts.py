"""What scripts improve: Listen, Hide this, picture slots, asking who is there, no connection."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.config import ROOT
from tests.browser.conftest import Newcomer
from tests.browser.journey import School, comes_in, open_notes, tell
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
SCRIPTS = ROOT / "static" / "js"
MOST = 10 * 1024
"""Bytes of script, compressed, that a page for pupils may ask for."""
OF_ADULTS = ("staff.js", "passkey.js", "board.js", "workshop.js", "workshop-board.js")
"""Scripts that no page for pupils asks for."""
AT_ONCE = 300
"""Milliseconds within which a page that is hidden must be gone."""
WORDS = "he said it is our secret"

VOICES = """([local, lang]) => {
  window.said = [];
  const speech = new EventTarget();
  Object.assign(speech, {
    speaking: false, held: null,
    getVoices: () => [{ localService: local, lang, name: "A voice" }],
    speak(one) { window.said.push([one.text, one.rate]); this.speaking = true; this.held = one; },
    cancel() { this.speaking = false; this.held?.onerror?.(); this.held = null; },
    finish() { const one = this.held; this.held = null; this.speaking = false; one?.onend?.(); },
  });
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""

TIMES = """() => {
  const now = event => window.pressed = performance.now();
  addEventListener("click", now, true);
  addEventListener("keydown", now, true);
  new MutationObserver(() => window.gone ??= performance.now())
    .observe(document.body, { childList: true });
}"""


def with_a_voice(someone: Someone, *, local: bool = True, lang: str = "en-GB") -> None:
    """From the next page on this browser has one voice, which speaks when it is told to end."""
    someone.page.add_init_script(f"({VOICES})([{str(local).lower()}, '{lang}'])")


def said(page: Page) -> list[list[Any]]:
    found: list[list[Any]] = page.evaluate("window.said")
    return found


def hear_to_the_end(page: Page) -> list[str]:
    """Each sentence with its mark, until the page has been read."""
    listen = page.get_by_role("button", name="Listen", exact=True)
    marked: list[str] = []
    while listen.get_attribute("aria-pressed") == "true":
        marked.append(" ".join("".join(page.locator("mark.reading").all_inner_texts()).split()))
        assert " ".join(said(page)[-1][0].split()) == marked[-1]
        page.evaluate("speechSynthesis.finish()")
        page.wait_for_timeout(20)
    return marked


def test_listen_reads_heading_then_text_then_choices_and_marks_each_sentence(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    with_a_voice(pupil)
    pupil.opens("/tell")
    before = pupil.page.locator("main").inner_html()
    assert said(pupil.page) == []
    pupil.button("Listen").click()
    marked = hear_to_the_end(pupil.page)
    assert marked[:3] == ["What happened?", "Tap any that fit.", "You are not in trouble."]
    choices = ["Someone was unkind", "Something else", "Next", "Just talk to me"]
    places = [marked.index(one) for one in ["Tell the nearest grown-up.", *choices]]
    assert places == sorted(places)
    assert pupil.page.locator("main").inner_html() == before
    assert {rate for _text, rate in said(pupil.page)} == {0.8}


def test_listen_stops_when_it_is_pressed_again(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    with_a_voice(pupil)
    pupil.opens("/tell")
    listen = pupil.button("Listen")
    listen.click()
    expect(pupil.page.locator("mark.reading")).to_have_count(1)
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "false")
    expect(pupil.page.locator("mark.reading")).to_have_count(0)
    assert len(said(pupil.page)) == 1


@pytest.mark.parametrize(("local", "lang"), [(False, "en-GB"), (True, "pl-PL")])
def test_listen_is_not_offered_where_no_voice_of_the_device_can_read_english(
    school: School, newcomer: Newcomer, local: bool, lang: str
) -> None:
    pupil = newcomer(school.address)
    with_a_voice(pupil, local=local, lang=lang)
    pupil.opens("/tell")
    pupil.page.wait_for_timeout(200)
    expect(pupil.page.locator("[data-listen]")).to_be_hidden()


def written(pupil: Someone) -> None:
    """Two steps into telling, with words typed and not sent."""
    pupil.follows("Tell a teacher")
    pupil.ticks("Someone said “keep a secret”")
    pupil.presses("Next")
    pupil.types("Tell us in your own words", WORDS)


@pytest.mark.parametrize("by", ["its button", "Shift"])
def test_hiding_clears_the_page_at_once_and_back_shows_nothing(
    school: School, newcomer: Newcomer, by: str
) -> None:
    pupil = newcomer(school.address)
    comes_in(pupil, school, "Zofia")
    written(pupil)
    # The map never comes: the page must be gone all the same.
    pupil.page.route(re.compile(r"/map$"), lambda route: route.abort("aborted"))
    pupil.page.evaluate(TIMES)
    with pupil.page.expect_event("requestfailed", lambda one: one.url.endswith("/map")):
        if by == "Shift":
            for _ in range(3):
                pupil.page.keyboard.press("Shift")
        else:
            pupil.button("Hide this").click(no_wait_after=True)
    assert pupil.page.evaluate("document.body.innerText.trim()") == ""
    assert pupil.page.evaluate("window.gone - window.pressed") <= AT_ONCE
    pupil.page.unroute(re.compile(r"/map$"))
    pupil.opens("/map")
    pupil.opens("/tell/feel")
    expect(pupil.page.get_by_label("Tell us in your own words")).to_have_value("")
    pupil.presses("Back")
    expect(pupil.page.locator(":checked")).to_have_count(0)


def test_hiding_leads_to_the_map_and_takes_the_step_out_of_the_way_back(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    comes_in(pupil, school, "Zofia")
    written(pupil)
    pupil.hides("Hide this")
    assert pupil.heading == "Hello Zofia"
    pupil.page.go_back()
    expect(pupil.page.get_by_text("Tell us in your own words")).to_have_count(0)
    expect(pupil.page.locator(":checked")).to_have_count(0)


def test_capital_letters_hide_nothing(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    pupil.opens("/tell/feel")
    pupil.page.get_by_label("Tell us in your own words").focus()
    for letter in "NO!":
        pupil.page.keyboard.press(f"Shift+{letter}")
    assert pupil.heading == "How do you feel?"
    expect(pupil.page.get_by_label("Tell us in your own words")).to_have_value("NO!")


def test_a_picture_is_seen_for_a_second_and_then_only_a_leaf(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    pupil.opens("/sign-in")
    pupil.types("Word", school.code[0])
    pupil.types("Number", school.code[1])
    pupil.presses("Find my class")
    pupil.follows("Zofia")
    first = school.slips["Zofia"][0]
    pupil.button(first).click()
    slot = pupil.page.locator(".slot").first
    expect(slot.locator(f"use[href$='#pw-{first}']")).to_have_count(1)
    expect(pupil.page.get_by_text("1 of 3")).to_have_count(1)
    expect(slot.locator("use[href$='#i-leaf']")).to_have_count(1)
    expect(slot.locator("use")).to_have_count(1)
    expect(pupil.page.locator("input[name=picture]")).to_have_count(0)


def test_notes_warn_before_they_hide_and_reading_on_keeps_them(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    pupil.page.clock.install()
    comes_in(pupil, school, "Zofia")
    pupil.page.route(re.compile(r"/notes$"), leads_on_in_a_second)
    open_notes(pupil, school, "Zofia")
    pupil.page.clock.run_for(39_000)
    pupil.sees_not("Your notes will hide soon.")
    pupil.page.clock.run_for(2_000)
    pupil.sees("Your notes will hide soon.")
    with pupil.page.expect_response(re.compile(r"/notes$")):
        pupil.button("Keep reading").click()
    pupil.sees_not("Your notes will hide soon.")
    pupil.page.clock.run_for(58_000)
    assert pupil.heading == "My notes"
    with pupil.to_the_next_page():
        pupil.page.clock.run_for(3_000)
    assert pupil.heading == "Hello Zofia"
    pupil.opens("/notes")
    pupil.sees("Tap your 3 pictures.")


def leads_on_in_a_second(route: Route) -> None:
    """The page as it is without scripts, in a hurry: with them it must not go."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('content="40;', 'content="1;'))


def test_listening_to_my_notes_keeps_them_open(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    pupil.page.clock.install()
    with_a_voice(pupil)
    comes_in(pupil, school, "Zofia")
    open_notes(pupil, school, "Zofia")
    pupil.button("Listen").click()
    expect(pupil.page.locator("mark.reading")).to_have_count(1)
    pupil.page.clock.run_for(90_000)
    pupil.sees_not("Your notes will hide soon.")
    assert pupil.heading == "My notes"


def test_a_page_with_words_asks_who_is_there_and_a_press_keeps_the_sign_in(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    pupil.page.clock.install()
    comes_in(pupil, school, "Zofia")
    pupil.opens("/tell/feel")
    pupil.types("Tell us in your own words", WORDS)
    pupil.page.clock.run_for(530_000)
    pupil.sees_not("Still there?")
    pupil.page.clock.run_for(20_000)
    pupil.sees("Still there?")
    with pupil.page.expect_response(re.compile(r"/still-here\?by=hand$")) as answer:
        pupil.button("I am here").click()
    assert answer.value.status == 200
    pupil.sees_not("Still there?")
    expect(pupil.page.get_by_label("Tell us in your own words")).to_have_value(WORDS)


def test_without_a_connection_words_wait_on_the_page_and_go_when_it_is_back(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    comes_in(pupil, school, "Zofia")
    pupil.opens("/tell/feel")
    pupil.types("Tell us in your own words", WORDS)
    pupil.page.context.set_offline(True)
    pupil.sees("No connection. Tell a grown-up in the room.")
    pupil.button("Just talk to me").click()
    pupil.sees("Not sent yet. Your words are safe here. Tell a grown-up in the room.")
    expect(pupil.page.get_by_label("Tell us in your own words")).to_have_value(WORDS)
    with pupil.to_the_next_page():
        pupil.page.context.set_offline(False)
    pupil.sees("Thank you for telling us, Zofia")
    assert pupil.page.locator("blockquote").inner_text() == WORDS


def test_the_scripts_of_a_page_are_small_and_keep_nothing_on_the_device() -> None:
    texts = {path.name: path.read_text("utf-8") for path in SCRIPTS.glob("*.js")}
    assert "pupil.js" in texts
    pupils = [text for name, text in texts.items() if name not in OF_ADULTS]
    assert sum(len(gzip.compress(text.encode())) for text in pupils) <= MOST
    keeps = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|https?://")
    assert [name for name, text in texts.items() if keeps.search(text)] == []


def test_a_page_works_alike_for_somebody_who_tells_and_never_runs_a_script(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address, scripts=False)
    comes_in(pupil, school, "Zofia")
    expect(pupil.page.locator("[data-listen]")).to_be_hidden()
    tell(pupil, WORDS)
    pupil.presses("Sign out")


def test_every_script_is_one_that_some_page_asks_for() -> None:
    asked = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    asked += "".join(path.read_text("utf-8") for path in SCRIPTS.glob("*.js"))
    lost = [path.name for path in Path(SCRIPTS).glob("*.js") if f"/{path.name}" not in asked]
    assert lost == []

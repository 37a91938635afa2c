"""A pupil who uses no mouse: in, one question, Tell, out; the focus is always in sight."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Newcomer
from tests.browser.journey import WORDS, School
from tests.browser.keys import Keys
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
NAME = "Finn O"
LINE = WORDS.partition("\n")[0].removesuffix(" 😟")


def sign_in_by_keys(keys: Keys, school: School) -> None:
    """Class code, name, pictures; Space and Enter both press."""
    pupil = keys.someone
    pupil.opens("/")
    keys.write("Word", school.code[0])
    keys.write("Number", school.code[1])
    with pupil.to_the_next_page():
        keys.page.keyboard.press("Enter")
    keys.enter(NAME)
    first, second, third = school.slips[NAME]
    keys.space(first)
    keys.tab_to(second)
    keys.page.keyboard.press("Enter")
    keys.enter(third)
    assert pupil.heading == f"Hello {NAME}"


def answer_one_question(keys: Keys) -> None:
    """Arrows move between the answers; Shift and Tab lead back to them."""
    pupil = keys.someone
    keys.enter("Start")
    keys.enter("Start")
    first, second = (text.strip() for text in pupil.page.locator("label").all_inner_texts()[:2])
    keys.tab_to(first)
    keys.page.keyboard.press("ArrowDown")
    keys.tab_to("Check")
    keys.tab_to(second, back=True)
    keys.page.keyboard.press("ArrowUp")
    keys.enter("Check")
    pupil.sees(f"You chose: {first}")
    keys.enter("Map", back=True)


def tell_by_keys(keys: Keys) -> None:
    """By the second stop of the page, whatever else stands on it."""
    pupil = keys.someone
    keys.tab()
    assert keys.tab()["says"] == "Skip to Tell a teacher"
    with pupil.to_the_next_page():
        keys.page.keyboard.press("Enter")
    assert pupil.heading == "What happened?"
    keys.space("Something else")
    keys.enter("Next")
    keys.space("worried")
    keys.write("Tell us in your own words", LINE)
    keys.enter("Next")
    keys.space("Mrs OkaforMy teacher")
    keys.enter("Send it")
    assert pupil.heading == f"Thank you for telling us, {NAME}"
    assert pupil.page.locator("blockquote").inner_text() == LINE


@pytest.mark.parametrize("size", [(1366, 640), (390, 844)])
def test_a_pupil_needs_no_mouse_and_always_sees_where_the_keys_are(
    school: School, newcomer: Newcomer, size: tuple[int, int]
) -> None:
    pupil = newcomer(school.address, size=size)
    keys = Keys(pupil)
    sign_in_by_keys(keys, school)
    if size[0] > 1000:
        answer_one_question(keys)
    tell_by_keys(keys)
    keys.enter("Sign out")
    assert pupil.heading == "Who are you?"


def test_before_signing_in_the_keys_lead_to_tell_and_past_the_top_of_the_page(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    keys = Keys(pupil)
    pupil.opens("/sign-in")
    assert keys.tab()["says"] == "Skip to the page"
    with pupil.to_the_next_page():
        keys.page.keyboard.press("Enter")
    assert keys.tab()["in_main"]
    leads_to_tell_by_its_own_key(pupil)


def leads_to_tell_by_its_own_key(pupil: Someone) -> None:
    """Alt and T, where a browser has such keys; this one has none, so the mark itself counts."""
    key = pupil.page.locator("[accesskey]")
    assert key.count() == 1
    assert key.get_attribute("accesskey") == "t"
    assert key.text_content() == "Tell a teacher"


@pytest.mark.parametrize(
    ("step", "leads_to"),
    [
        ("/tell", "How do you feel?"),
        ("/tell/feel", "What happened?"),
        ("/tell/who", "How do you feel?"),
        ("/tell/about", "Who would you like to tell?"),
    ],
)
def test_enter_on_a_box_sends_and_hides_nothing(
    school: School, newcomer: Newcomer, step: str, leads_to: str
) -> None:
    pupil = newcomer(school.address)
    pupil.opens(step)
    pupil.page.get_by_role("checkbox").first.focus()
    with pupil.to_the_next_page():
        pupil.page.keyboard.press("Enter")
    assert pupil.heading == leads_to

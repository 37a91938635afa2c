"""The pages beside the way: slips of the hand, warnings, closed doors, the office's corners."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Newcomer
from tests.browser.journey import (
    LEAD,
    School,
    confirm_password,
    open_class,
    open_notes,
    sign_in,
    sign_in_staff,
    staff_comes_in,
    tap_pictures,
    tell,
)
from tests.browser.page_checks import Inspector, against_wcag, sideways, too_small
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
NAME = "Finn B"


def test_whatever_goes_astray_a_pupil_finds_a_page_to_use(
    school: School, newcomer: Newcomer, inspector: Inspector
) -> None:
    pupil = newcomer(school.address, arrives=inspector.arrives)
    mistype_the_code(pupil)
    sign_in(pupil, school, NAME)
    play_to_the_end_where_help_comes(pupil)
    tell_about_an_adult_and_hide_it(pupil)
    tell(pupil, "more of the same")
    add_words_and_read_on(pupil, school)
    pupil.opens("/still-here")
    pupil.opens("/map?gone=1")
    pupil.presses("Sign out")
    miss_and_ask(pupil)


def mistype_the_code(pupil: Someone) -> None:
    """Nothing at all, then a code that is nobody's."""
    pupil.opens("/sign-in")
    pupil.presses("Find my class")
    pupil.types("Word", "nobody")
    pupil.types("Number", "0000")
    pupil.presses("Find my class")
    pupil.sees("Let's try again.")


def play_to_the_end_where_help_comes(pupil: Someone) -> None:
    """The third move of each scene leads into the rain and out of it."""
    pupil.opens("/quiz/t-79-block-it")
    pupil.presses("Start")
    moves = pupil.page.locator("button[name=choice]")
    while moves.count():
        third = moves.and_(pupil.page.locator("[value='3']"))
        pupil.presses((third if third.count() else moves.last).inner_text())
        pupil.follows("Next")
    pupil.follows("Back to my map")


def tell_about_an_adult_and_hide_it(pupil: Someone) -> None:
    """One page more, to say who it is about; then away with it."""
    pupil.follows("Tell a teacher")
    pupil.presses("Next")
    pupil.presses("Next")
    pupil.ticks("It is about one of these people")
    pupil.presses("Send it")
    assert pupil.heading == "Who is it about?"
    pupil.hides("Hide this")


def add_words_and_read_on(pupil: Someone, school: School) -> None:
    """From the receipt, and from My notes just before they hide."""
    pupil.follows("Add something")
    pupil.presses("Send it")
    pupil.types("Tell us more in your own words", "and again today")
    pupil.presses("Send it")
    open_notes(pupil, school, NAME)
    pupil.opens("/notes/still-reading")
    pupil.follows("Keep reading")
    pupil.hides("Hide my notes")


def miss_and_ask(pupil: Someone) -> None:
    """The same picture three times, then the teacher."""
    pupil.follows("Wei")
    tap_pictures(pupil, ["kite"] * 3)
    pupil.sees("Let's try again.")
    pupil.presses("Ask my teacher to let me in")
    assert pupil.heading == "Wait for your teacher"


def test_cards_and_a_closed_door_are_pages_that_a_pupil_can_use(
    school: School, newcomer: Newcomer, inspector: Inspector
) -> None:
    pupil = newcomer(school.address, arrives=inspector.arrives)
    teacher = newcomer(school.address, arrives=inspector.arrives)
    staff_comes_in(teacher, school, "teacher")
    teacher.follows("Let in, open or close")
    teacher.presses("Print cards")
    slip = teacher.page.locator("section.slip").first
    link = slip.get_by_text(school.address).inner_text()
    pupil.opens(link)
    assert pupil.heading == "Is this you?"
    pupil.presses("Yes, I am Amina")
    teacher.follows("Back to the class")
    teacher.presses("All out")
    pupil.opens("/sign-in/names")
    assert pupil.heading == "Hazel is closed now"
    pupil.opens(link)
    assert pupil.heading == "Hazel is closed now"
    open_class(teacher)


def test_the_corners_of_the_office_are_pages_that_everyone_can_use(
    school: School, newcomer: Newcomer, inspector: Inspector
) -> None:
    lead = newcomer(school.address, arrives=inspector.arrives)
    lead.opens("/staff/sign-in")
    lead.types("Email", LEAD)
    lead.types("Password", "not this one")
    lead.presses("Sign in")
    lead.sees("That did not work.")
    sign_in_staff(lead, LEAD)
    look_at_an_adult(lead)
    look_at_a_class(lead)
    somebody = newcomer(school.address)
    somebody.opens("/tell")
    somebody.presses("Just talk to me")
    close_nothing(lead)
    lead.opens("/staff/still-here")


def look_at_an_adult(lead: Someone) -> None:
    """An empty form, one adult, and the question before an account ends."""
    lead.follows("People")
    lead.presses("Add")
    lead.follows("Change Ngozi Okafor")
    lead.presses("Make a new link")
    lead.follows("Back to people")
    lead.follows("Change Ngozi Okafor")
    lead.follows("End this account")
    lead.follows("Keep the account")


def look_at_a_class(lead: Someone) -> None:
    """An empty form, a change, a paste with faults, one pupil, and the question before the end."""
    lead.follows("Classes")
    lead.presses("Add the class")
    lead.follows("Hazel")
    lead.follows("Change the class")
    lead.follows("Back to Hazel")
    lead.types("Names", "Amina Khan\nKhan, Amina\n12345\nOlu Adeyemi")
    lead.presses("Look at the names")
    lead.follows("Back to Hazel, saving nothing")
    lead.follows("Rename, move or remove Wei Zhang")
    lead.follows("Remove from the school")
    lead.follows("Keep Wei here")


def close_nothing(lead: Someone) -> None:
    """A concern, and a closing with nothing but spaces in it."""
    lead.follows("Concerns")
    lead.sees("Concerns are covered.")
    lead.presses("Show")
    lead.follows("Closed")
    lead.follows("Open")
    with lead.to_the_next_page():
        lead.page.get_by_role("row").nth(1).get_by_role("link").click()
    confirm_password(lead, LEAD)
    lead.page.get_by_text("Close", exact=True).click()
    for needed in ("What was done", "Decision", "Reason for the decision", "Outcome"):
        lead.types(needed, " ")
    lead.ticks("Not yet")
    lead.presses("Close this concern")
    lead.sees("Write what was decided.")


def test_a_wrong_address_and_an_ended_card_still_show_a_page_with_tell(
    chromium: Browser, school: School
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    for path in ("/nowhere", "/card/ended"):
        page.goto(school.address + path)
        page.get_by_role("link", name="Tell a teacher", exact=True).click(trial=True)
        assert [*sideways(page), *too_small(page), *against_wcag(page)] == []
    context.close()

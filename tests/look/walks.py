"""What a person does, from the address of a page on, to come to the state that is looked at."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
from playwright.sync_api import expect

from app.base import clock
from tests.at_school import OTHER, PASSWORD, THREE
from tests.browser.journey import tap_pictures
from tests.browser.someone import Someone

Walk = Callable[[Someone], None]
FAILS = "X-Fails"
OVER_TLS = "X-Over-Tls"
"""A header by which a visitor of the schools that are looked at asks for a fault."""
WORDS = "he keeps asking wot school i go to 😟\ni dont no him"
NAMES = "Amina Khan\nKhan, Amina\n12345\nOlu Adeyemi\nZoë van der Berg\nOlu Adeyemi"


# At the pupils' door.


def _code(pupil: Someone, word: str, number: str) -> None:
    pupil.types("Word", word)
    pupil.types("Number", number)
    pupil.page.locator("main form .go").click()


def at_the_names(pupil: Someone) -> None:
    _code(pupil, "otter", "4821")
    expect(pupil.page.locator(".names a").first).to_be_visible()


def at_a_closed_class(pupil: Someone) -> None:
    _code(pupil, "wren", "4821")
    assert pupil.heading == "Fern is closed now"


def a_wrong_code(pupil: Someone) -> None:
    _code(pupil, "nobody", "0000")
    expect(pupil.page.locator(".hmm")).to_be_visible()


def my_name_is_not_here(pupil: Someone) -> None:
    at_the_names(pupil)
    pupil.page.locator("main summary").click()


def _as(pupil: Someone, name: str) -> None:
    at_the_names(pupil)
    pupil.follows(name)
    assert name in pupil.heading


def at_my_pictures(pupil: Someone) -> None:
    _as(pupil, "Grace")


def one_picture_in(pupil: Someone) -> None:
    _as(pupil, "Grace")
    pupil.button(THREE[0]).click()
    expect(pupil.page.locator(".slot.hid")).to_have_count(1)


def the_wrong_pictures(pupil: Someone) -> None:
    _as(pupil, "Grace")
    tap_pictures(pupil, list(OTHER))
    expect(pupil.page.locator(".hmm")).to_be_visible()


def my_pictures_rest(pupil: Someone) -> None:
    _as(pupil, "Isaac")
    pupil.sees("Your pictures need a rest.")


def only_my_teacher_can(pupil: Someone) -> None:
    _as(pupil, "Keira")
    pupil.sees("Ask your teacher to let you in.")


def waiting_for_my_teacher(pupil: Someone) -> None:
    _as(pupil, "Grace")
    pupil.page.locator("form[action$='/ask'] button").click()
    pupil.page.wait_for_url("**/waiting")


# Learning and playing.


def a_word_open(pupil: Someone) -> None:
    pupil.page.locator(".word summary").first.click()
    expect(pupil.page.locator(".word[open]")).to_have_count(1)


# Telling, and what was told.


def choices_made(pupil: Someone) -> None:
    boxes = pupil.page.locator("main .tiles input")
    for number in (0, 1, 4):
        boxes.nth(number).check()


def words_written(pupil: Someone) -> None:
    choices_made(pupil)
    pupil.page.locator("textarea").fill(WORDS)


def not_sent(pupil: Someone) -> None:
    words_written(pupil)
    pupil.page.set_extra_http_headers({FAILS: "busy"})
    with pupil.to_the_next_page():
        pupil.page.locator("#telling button[name=send]").first.click()
    expect(pupil.page.locator("textarea")).to_have_value(WORDS)


def hidden_soon(pupil: Someone) -> None:
    pupil.page.clock.install()
    pupil.page.reload()
    pupil.page.wait_for_load_state("networkidle")
    pupil.page.clock.run_for(42_000)
    expect(pupil.page.locator(".said-above button")).to_be_visible()


def let_me_read_my_notes(pupil: Someone) -> None:
    pupil.page.locator("form[action$='/notes/ask'] button").click()
    expect(pupil.page.locator("[role=status].says-so")).to_be_visible()


def nothing_added(pupil: Someone) -> None:
    pupil.page.locator("main form button").last.click()
    expect(pupil.page.locator(".faults")).to_be_visible()


# Anywhere.


def no_connection(someone: Someone) -> None:
    someone.page.context.set_offline(True)
    expect(someone.page.locator(".said-above p")).to_be_visible()


def is_anybody_there(someone: Someone) -> None:
    warns = someone.page.locator("[data-warns]").get_attribute("data-warns")
    someone.page.clock.install()
    someone.page.reload()
    someone.page.clock.run_for(int(warns or 0) * 1000 + 6_000)
    expect(someone.page.locator(".said-above button")).to_be_visible()


# Staff.


def refused(adult: Someone) -> None:
    adult.types("Email", "somebody@example.sch.uk")
    adult.types("Password", "not this one")
    adult.presses("Sign in")
    adult.sees("That did not work.")


def a_short_password(adult: Someone) -> None:
    adult.types("Your password now", PASSWORD)
    adult.types("A new password", "owl")
    adult.button("Change my password").click()
    expect(adult.page.locator(".faults")).to_be_visible()


def the_wrong_code(adult: Someone) -> None:
    adult.page.locator("main input[name=code]").fill("000000")
    adult.presses("Go on")
    adult.sees("That did not work.")


def codes_on_paper(adult: Someone) -> None:
    """Set up the app by typing its key, as a phone without a camera does."""
    secret = "".join(adult.page.locator(".secret span").all_inner_texts())
    adult.page.locator("main input[name=code]").fill(pyotp.TOTP(secret).at(clock.now()))
    adult.presses("Switch it on")
    adult.sees("Recovery codes for Catkin")


def nothing_typed(adult: Someone) -> None:
    """Press the main button of an empty form."""
    adult.page.locator("main form:not(.covering) button.sbtn, main form .btn").first.click()
    expect(adult.page.locator(".faults").first).to_be_visible()


def not_saved(adult: Someone) -> None:
    adult.page.set_extra_http_headers({FAILS: "busy"})
    adult.types("Name", "Rosa Diaz")
    adult.page.locator("main form .sbtn").first.click()
    assert adult.heading == "Not sent yet"


def a_wrong_password(adult: Someone) -> None:
    adult.page.locator("main input[type=password]").fill("not this one")
    adult.presses("Open the concern")
    expect(adult.page.locator("main [role=alert]").first).to_be_visible()


def the_concern(adult: Someone) -> None:
    adult.page.locator("main input[type=password]").fill(PASSWORD)
    adult.presses("Open the concern")
    assert adult.heading.startswith("Concern C-")


def what_was_kept(adult: Someone) -> None:
    """What somebody wrote too late of a concern is shown again after the password."""
    adult.page.locator("main input[type=password]").fill(PASSWORD)
    adult.presses("Open the concern")
    assert adult.page.url.endswith("/kept")


def its_keeping(adult: Someone) -> None:
    where = adult.page.url
    the_concern(adult)
    adult.page.goto(where)
    assert adult.heading.startswith("Keep, hold or erase C-")


def asking_to_erase(adult: Someone) -> None:
    its_keeping(adult)
    adult.page.locator("#ask_to_erase summary").click()


def a_reply(adult: Someone) -> None:
    the_concern(adult)
    adult.page.locator("#answer summary").click()
    adult.page.locator("#answer textarea").fill(
        "Thank you for telling me. I will find you at break."
    )


def closing_with_nothing(adult: Someone) -> None:
    the_concern(adult)
    adult.page.locator("#close summary").click()
    for box in adult.page.locator("#close textarea, #close input[type=text]").all():
        box.fill(" ")
    adult.page.locator("#close input[type=radio]").last.check()
    adult.page.locator("#close .sbtn").last.click()
    expect(adult.page.locator("#close .says").first).to_be_visible()


def slips(adult: Someone) -> None:
    lost = adult.page.get_by_text("Slips lost?")
    if lost.count():
        lost.click()
        adult.presses("Draw new pictures for everybody")
    else:
        adult.presses("Draw pictures and print slips")
    expect(adult.page.locator("section.slip").first).to_be_visible()


def cards(adult: Someone) -> None:
    adult.presses("Print cards")
    expect(adult.page.locator("section.slip svg").first).to_be_visible()


def a_new_link(adult: Someone) -> None:
    adult.presses("Make a new link")
    expect(adult.page.locator(".banner strong")).to_be_visible()


def the_paper(adult: Someone) -> None:
    adult.types("Your password", PASSWORD)
    adult.presses("Show the paper")
    expect(adult.page.locator(".paper-key li").last).to_be_visible()


def not_the_word(adult: Someone) -> None:
    the_paper(adult)
    adult.page.locator("#word").fill("otterly")
    adult.presses("It is printed")
    expect(adult.page.locator(".says")).to_be_visible()


def one_pupil(adult: Someone) -> None:
    with adult.to_the_next_page():
        adult.page.locator("th a.v").first.click()
    expect(adult.page.get_by_role("heading", name="What has been met")).to_be_visible()


def names_to_look_at(adult: Someone) -> None:
    adult.types("Names", NAMES)
    adult.presses("Look at the names")
    expect(adult.page.get_by_role("table")).to_be_visible()


def not_that_one(someone: Someone) -> None:
    """A code that is not on the big screen."""
    someone.presses("Join in")


# Families, with the school's code.


def on_to(path: str) -> Walk:
    """With the code in the phone, to one of its pages."""

    def walk(family: Someone) -> None:
        assert family.heading == "Ten minutes together"
        family.opens(path)

    return walk


def a_family_code_of_nobody(family: Someone) -> None:
    family.types("Word", "nobody")
    family.types("Number", "0000")
    family.page.get_by_role("button", name="Come in").click()
    expect(family.page.get_by_role("alert")).to_be_visible()


def the_law_and_a_reason(family: Someone) -> None:
    on_to("/families/ages?q=tick+tock")(family)
    for summary in family.page.locator("main summary").all():
        summary.click()


def our_own_rules(family: Someone) -> None:
    on_to("/families/agreement")(family)
    family.types("Our own rule for Safe", "Phones sleep in the kitchen")
    family.page.get_by_role("button", name="Show the sheet").click()
    expect(family.page.locator(".paper")).to_be_visible()

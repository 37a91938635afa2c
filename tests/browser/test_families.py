"""Families on the smallest phone, without script; and what they print fits its paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.page_checks import sideways
from tests.look.places import Places

pytestmark = pytest.mark.browser
A_SHEET = rb"/Type /Page\b"
LONG = "Phones sleep in the kitchen at night, and that goes for every one of us, and for Gran, " * 2


@pytest.fixture
def phone(chromium: Browser, schools: Places) -> Iterator[Page]:
    """A small phone without script, at the door of the families."""
    context = chromium.new_context(
        base_url=schools.addresses["oak lane"],
        viewport={"width": 320, "height": 568},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def comes_in(phone: Page, schools: Places) -> None:
    word, _, number = schools.schools["oak lane"].ids["family_code"].partition("-")
    phone.goto("/families")
    phone.get_by_label("Word").fill(word.upper())
    phone.get_by_label("Number").fill(number)
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ten minutes together")


def test_a_family_needs_no_script_and_no_wide_screen(phone: Page, schools: Places) -> None:
    comes_in(phone, schools)
    phone.get_by_role("link", name="Show me how").click()
    asked = phone.locator(".tc h2").inner_text()
    phone.get_by_role("link", name="Next card").click()
    assert phone.locator(".tc h2").inner_text() != asked
    phone.get_by_role("link", name="Ages", exact=True).click()
    phone.get_by_role("link", name="One year older").click()
    phone.get_by_role("searchbox").fill("tick tock")
    phone.get_by_role("button", name="Find").click()
    expect(phone.locator(".verdict")).to_have_count(1)
    expect(phone.locator(".stepper b")).to_have_text("10")
    phone.locator(".verdict summary").click()
    expect(phone.get_by_text("Its own rules ask for an older child.")).to_be_visible()
    for path in ("/families/help", "/families/block-and-report", "/families/agreement"):
        phone.goto(path)
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
    phone.get_by_role("link", name="The first page for families").click()
    phone.get_by_role("button", name="Leave").click()
    expect(phone.get_by_label("Word")).to_be_visible()


def test_no_page_of_a_family_goes_sideways_when_all_of_it_is_open(
    chromium: Browser, schools: Places
) -> None:
    context = chromium.new_context(
        base_url=schools.addresses["oak lane"], viewport={"width": 320, "height": 568}
    )
    page = context.new_page()
    comes_in(page, schools)
    for path in ("", "/ages", "/talk", "/talk/print", "/block-and-report", "/help", "/agreement"):
        page.goto(f"/families{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert sideways(page) == [], path
    context.close()


def test_the_agreement_is_one_sheet_and_the_cards_one_for_each_age(
    phone: Page, schools: Places
) -> None:
    comes_in(phone, schools)
    phone.goto("/families/agreement/sheet")
    assert len(re.findall(A_SHEET, phone.pdf(prefer_css_page_size=True))) == 1
    phone.goto("/families/agreement")
    for box in phone.locator("main input[type=text]").all():
        box.fill(LONG[: int(box.get_attribute("maxlength") or 0)])
    phone.get_by_role("button", name="Show the sheet").click()
    phone.wait_for_url("**/agreement/sheet", wait_until="load")  # A page on its way is not printed.
    assert len(re.findall(A_SHEET, phone.pdf(prefer_css_page_size=True))) == 1
    phone.goto("/families/talk/print")
    assert len(re.findall(A_SHEET, phone.pdf(prefer_css_page_size=True))) == 3


COLOURS = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"


def test_every_button_of_the_demo_s_sign_ins_can_be_read(
    chromium: Browser, schools: Places
) -> None:
    """Where a word is as green as its button, axe is not sure, and finds nothing."""
    page = chromium.new_page(base_url=schools.addresses["demo"])
    page.goto("/demo")
    buttons = page.locator(".sbtn")
    assert {"The pages for families", "Join the workshop"} < set(buttons.all_inner_texts())
    for button in buttons.all():
        colour, behind = button.evaluate(COLOURS)
        assert (colour, behind != colour) == ("rgb(255, 255, 255)", True), button.inner_text()
    page.close()

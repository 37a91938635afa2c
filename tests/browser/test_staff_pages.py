"""What scripts and styles add to the pages of adults: covering sooner, arrow keys, a small bar."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.journey import School, staff_comes_in
from tests.browser.page_checks import LAPTOP, PHONE
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
COVERED, PUPIL = "Concerns are covered.", "Amina"
BAR = 100
"""So high may the bar of a phone be."""

A_SCREEN = """() => {
  window.extended = false;
  Object.defineProperty(Screen.prototype, "isExtended", { get: () => window.extended });
}"""
HERE = """() => {
  const cell = document.activeElement.closest("td");
  return cell && [cell.parentElement.rowIndex, cell.cellIndex];
}"""


def plugs_in(page: Page, *, a_second_screen: bool) -> None:
    """The screens have changed; with another one, or with only this one left."""
    page.evaluate("seen => { window.extended = seen }", a_second_screen)
    page.evaluate("() => { screen.dispatchEvent(new Event('change')) }")


def shows_names(teacher: Someone, school: School) -> None:
    """The class by objective with its names."""
    staff_comes_in(teacher, school, "teacher")
    teacher.follows("See every mark")
    teacher.sees_not(PUPIL)
    teacher.presses("Show names")
    teacher.sees(PUPIL)


def test_a_second_screen_covers_what_was_shown(school: School, newcomer: Newcomer) -> None:
    teacher = newcomer(school.address)
    teacher.page.add_init_script(f"({A_SCREEN})()")
    shows_names(teacher, school)
    plugs_in(teacher.page, a_second_screen=False)
    teacher.sees(PUPIL)
    with teacher.to_the_next_page():
        plugs_in(teacher.page, a_second_screen=True)
    teacher.sees("Names are covered and mixed up.")
    teacher.sees_not(PUPIL)
    teacher.opens("/today")
    teacher.sees(COVERED)


def test_a_page_goes_blank_before_the_answer_that_covers_it_has_come(
    school: School, newcomer: Newcomer
) -> None:
    teacher = newcomer(school.address)
    teacher.page.add_init_script(f"({A_SCREEN})()")
    shows_names(teacher, school)
    teacher.page.route(re.compile("/names/cover"), lambda route: route.abort("aborted"))
    plugs_in(teacher.page, a_second_screen=True)
    expect(teacher.page.get_by_text(PUPIL).first).to_be_hidden()


def test_names_are_covered_again_after_two_minutes(school: School, newcomer: Newcomer) -> None:
    teacher = newcomer(school.address)
    teacher.page.clock.install()
    shows_names(teacher, school)
    teacher.page.clock.run_for(115_000)
    teacher.sees(PUPIL)
    with teacher.to_the_next_page():
        teacher.page.clock.run_for(8_000)
    teacher.sees("Names are covered and mixed up.")
    teacher.sees_not(PUPIL)


def test_the_grid_is_one_stop_for_tab_and_arrows_move_inside_it(
    school: School, newcomer: Newcomer
) -> None:
    teacher = newcomer(school.address, size=LAPTOP)
    staff_comes_in(teacher, school, "teacher")
    teacher.follows("See every mark")
    page, cells = teacher.page, teacher.page.locator("table[data-grid] a.c")
    expect(teacher.page.locator("a.c[tabindex='0']")).to_have_count(1)
    cells.first.focus()
    rows, columns = page.evaluate(
        "[document.querySelectorAll('.gm tbody tr').length, "
        "document.querySelectorAll('.gm tbody tr:first-child td').length - 1]"
    )
    for key, where in (
        ("ArrowLeft", [1, 1]),
        ("ArrowRight", [1, 2]),
        ("ArrowDown", [2, 2]),
        ("End", [2, columns]),
        ("Home", [2, 1]),
        ("ArrowUp", [1, 1]),
        ("Control+End", [rows, columns]),
        ("Control+Home", [1, 1]),
    ):
        page.keyboard.press(key)
        assert page.evaluate(HERE) == where, key
    page.keyboard.press("Tab")
    assert page.evaluate(HERE) is None
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    with teacher.to_the_next_page():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "rests-on"
    page.keyboard.press("Escape")
    assert page.evaluate(HERE) == [2, 1]


def test_on_a_phone_the_bar_is_small_and_names_the_page(school: School, newcomer: Newcomer) -> None:
    teacher = newcomer(school.address, size=PHONE)
    staff_comes_in(teacher, school, "teacher")
    bar = teacher.page.get_by_role("navigation", name="Main")
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] <= BAR
    expect(bar.locator("[aria-current=page]")).to_have_text("Today")
    for link in ("My class", "Concerns", "Lessons"):
        expect(bar.get_by_role("link", name=link, exact=True)).to_be_visible()
    expect(teacher.button("Sign out")).to_be_visible()


def test_a_form_that_is_wrong_puts_the_focus_on_what_is_wrong_and_leads_to_the_field(
    own_server: Callable[[], str], newcomer: Newcomer
) -> None:
    lead = newcomer(own_server())
    lead.opens("/set-up")
    lead.types("School name", "Oak Lane Primary")
    lead.presses("Save and go on")
    page = lead.page
    assert page.evaluate("document.activeElement.matches('.faults')")
    expect(page.get_by_label("School name", exact=True)).to_have_value("Oak Lane Primary")
    for says, field in (
        ("Choose a nation.", "England"),
        ("Type the e-mail address.", "Your e-mail"),
    ):
        page.locator(".faults").get_by_role("link", name=says, exact=True).click()
        expect(page.get_by_label(field, exact=True)).to_be_focused()

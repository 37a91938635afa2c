"""The whole circle in a real browser: with JavaScript and without, on a laptop, tablet, phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Newcomer
from tests.browser.journey import (
    TEACHER,
    School,
    founded,
    learn,
    open_notes,
    read_and_answer,
    see_the_answer,
    sign_in,
    sign_in_staff,
    sign_out,
    sign_out_staff,
    tell,
)
from tests.browser.page_checks import PHONE, Inspector, sideways
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
FOUR_TIMES = (320, 256)
"""What is left of a screen of 1280 by 1024 at 400 %, in CSS pixels (WCAG 1.4.10)."""
KINDS_AT_LEAST = 40
"""How many kinds of pages lie on the way round; fewer, and the inspector has stayed behind."""


def the_circle(invite: Callable[[], Someone]) -> None:
    """Told, read, answered, seen."""
    school, teacher = founded(invite)
    sign_out_staff(teacher)
    pupil = invite()
    sign_in(pupil, school, "Amina")
    learn(pupil)
    expect(pupil.page.locator(".stop-T")).to_contain_text("2 of 6 leaves grown")
    tell(pupil)
    sign_out(pupil)
    sign_in_staff(teacher, TEACHER)
    read_and_answer(teacher, "Amina Khan")
    sign_in(pupil, school, "Amina")
    open_notes(pupil, school, "Amina")
    see_the_answer(pupil)
    pupil.hides("Hide my notes")
    sign_out(pupil)


def test_by_touch_on_a_tablet_the_circle_closes_on_pages_that_everyone_can_use(
    own_server: Callable[[], str], newcomer: Newcomer, inspector: Inspector
) -> None:
    address = own_server()

    def arrives(page: Page) -> None:
        fits_the_screen(page)
        inspector.arrives(page)

    the_circle(lambda: newcomer(address, size=(1180, 820), touch=True, arrives=arrives))
    assert len(inspector.kinds) >= KINDS_AT_LEAST


def test_the_circle_closes_without_javascript_and_at_four_times_the_size(
    own_server: Callable[[], str], newcomer: Newcomer
) -> None:
    address = own_server()
    the_circle(lambda: newcomer(address, size=FOUR_TIMES, scripts=False, arrives=fits_the_screen))


def test_a_pupil_gets_through_on_a_phone(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address, size=PHONE, arrives=fits_the_screen)
    sign_in(pupil, school, "Zofia")
    learn(pupil)
    tell(pupil)
    open_notes(pupil, school, "Zofia")
    pupil.sees("Not yet. We will show you here.")
    pupil.hides("Hide my notes")
    sign_out(pupil)


def fits_the_screen(page: Page) -> None:
    """A page in front of a pupil, on whatever screen."""
    assert sideways(page) == [], page.url

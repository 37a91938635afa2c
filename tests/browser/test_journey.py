"""The whole circle in a real browser: with JavaScript and without, on a laptop, tablet, phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

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
from tests.browser.someone import Arrival, Someone

pytestmark = pytest.mark.browser


def nothing_sideways(page: Page) -> None:
    """Nobody has to scroll sideways, and no word is cut off at the edge."""
    wide, seen = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert wide <= seen, f"{page.url} is {wide} wide on a screen of {seen}"


def the_circle(invite: Callable[[], Someone]) -> None:
    """Told, read, answered, seen."""
    school = founded(invite)
    sign_out_staff(school.teacher)
    pupil = invite()
    sign_in(pupil, school, "Amina")
    learn(pupil)
    pupil.sees("You did it all")
    tell(pupil)
    sign_out(pupil)
    sign_in_staff(school.teacher, TEACHER)
    read_and_answer(school.teacher, "Amina Khan")
    sign_in(pupil, school, "Amina")
    open_notes(pupil, school, "Amina")
    see_the_answer(pupil)
    pupil.presses("Hide my notes")
    sign_out(pupil)


def test_what_a_child_tells_is_read_and_answered_and_the_child_sees_it(
    own_server: Callable[[], str], newcomer: Newcomer, tmp_path: Path
) -> None:
    address = own_server()
    the_circle(lambda: newcomer(address, arrives=seen_and_kept(tmp_path)))


def test_the_circle_closes_without_javascript(
    own_server: Callable[[], str], newcomer: Newcomer
) -> None:
    address = own_server()
    the_circle(lambda: newcomer(address, scripts=False))


@pytest.mark.parametrize(("size", "name"), [((390, 844), "Zofia"), ((1180, 820), "Wei")])
def test_a_pupil_gets_through_on_a_phone_and_on_a_tablet(
    school: School, newcomer: Newcomer, tmp_path: Path, size: tuple[int, int], name: str
) -> None:
    pupil = newcomer(school.address, size=size, arrives=seen_and_kept(tmp_path))
    sign_in(pupil, school, name)
    learn(pupil)
    tell(pupil)
    open_notes_after_telling(pupil, school, name)
    sign_out(pupil)


def open_notes_after_telling(pupil: Someone, school: School, name: str) -> None:
    """My notes before anybody has read them."""
    open_notes(pupil, school, name)
    pupil.sees("Not yet. We will show you here.")


def seen_and_kept(folder: Path) -> Arrival:
    """Looks for sideways scrolling on every page, and keeps a picture of it in a folder."""

    def arrives(page: Page) -> None:
        nothing_sideways(page)
        name = re.sub(r"\W+", "-", page.locator("h1").inner_text()).strip("-")
        number = len(list(folder.iterdir()))
        page.screenshot(path=folder / f"{number:03}-{name}.png", full_page=True)

    return arrives

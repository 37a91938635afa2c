"""What an old tablet's browser lacks takes nothing away that a child needs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.journey import School, comes_in, sign_in
from tests.browser.someone import Someone

pytestmark = pytest.mark.browser
WORDS = "he said it is our secret"
NO_VOICES = "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"
OLD = (
    NO_VOICES
    + """
delete SubmitEvent.prototype.submitter;
delete HTMLFormElement.prototype.requestSubmit;
for (const kind of [Element, Document, DocumentFragment]) delete kind.prototype.replaceChildren;
delete Element.prototype.checkVisibility;
delete AbortSignal.timeout;
delete Intl.Segmenter;
"""
)


def with_words(newcomer: Newcomer, school: School, lacking: str) -> Someone:
    """Somebody who typed words into a browser that lacks this."""
    pupil = newcomer(school.address)
    pupil.page.add_init_script(lacking)
    comes_in(pupil, school, "Zofia")
    pupil.opens("/tell/feel")
    pupil.types("Tell us in your own words", WORDS)
    pupil.page.wait_for_load_state("networkidle")
    return pupil


@pytest.mark.parametrize("lacking", [NO_VOICES, OLD])
def test_hide_this_hides_without_a_voice(school: School, newcomer: Newcomer, lacking: str) -> None:
    pupil = with_words(newcomer, school, lacking)
    assert pupil.page.evaluate("'speechSynthesis' in window") is False
    pupil.button("Hide this").click()
    pupil.page.wait_for_url(re.compile(r"/map$"))
    assert pupil.heading == "Hello Zofia"
    pupil.opens("/tell/feel")
    expect(pupil.page.get_by_label("Tell us in your own words")).to_have_value("")


def test_words_that_waited_for_a_connection_go_from_an_old_browser_too(
    school: School, newcomer: Newcomer
) -> None:
    pupil = with_words(newcomer, school, OLD)
    pupil.page.context.set_offline(True)
    pupil.button("Just talk to me").click()
    pupil.sees("Not sent yet. Your words are safe here. Tell a grown-up in the room.")
    with pupil.to_the_next_page():
        pupil.page.context.set_offline(False)
    pupil.sees("Thank you for telling us, Zofia")
    assert pupil.page.locator("blockquote").inner_text() == WORDS


def test_three_pictures_sign_in_on_an_old_browser(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    pupil.page.add_init_script(OLD)
    sign_in(pupil, school, "Zofia")
    assert pupil.heading == "Hello Zofia"

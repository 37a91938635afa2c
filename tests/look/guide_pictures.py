"""The pictures in the guides, from the demo: nobody in them is real.

make screenshots ONLY=guides    these alone, into app/guides/pictures
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, expect

from app.config import ROOT
from tests.browser.someone import Someone
from tests.look.pages import Page
from tests.look.palette import in_few_colours
from tests.look.places import Places
from tests.look.walks import on_to

FOLDER = ROOT / "app/guides/pictures"
LAPTOP, TABLET, PHONE, SCREEN = (1280, 800), (1180, 820), (390, 844), (1280, 720)
TEACHER, LEAD = "Tomasz Nowicki", "Ruth Adeyemi"


def by_objective(teacher: Someone) -> None:
    with teacher.to_the_next_page():
        teacher.page.get_by_role("link", name="By objective").first.click()
    expect(teacher.page.get_by_role("table").first).to_be_visible()


def a_pretend_player_asks(pupil: Someone) -> None:
    pupil.presses("Start")
    expect(pupil.page.locator(".tablet, main form").first).to_be_visible()


def a_concern(lead: Someone) -> None:
    """As a visitor of the demo does it: the password stands on the page with all sign-ins."""
    password = lead.page.locator("li", has_text=LEAD).locator("code").nth(1).inner_text()
    lead.opens("/concerns?show=open")
    with lead.to_the_next_page():
        lead.page.locator("main a", has_text="C-").first.click()
    lead.page.locator("main input[type=password]").fill(password)
    lead.presses("Open the concern")
    assert lead.heading.startswith("Concern C-")


_PICTURES = (
    Page("sign-ins", "/demo", sizes=(LAPTOP,)),
    Page("map", "/map", "Amelia", (TABLET,)),
    Page("story", "/quiz/t-79-block-it", "Zoya", (TABLET,), walk=a_pretend_player_asks),
    Page("tell", "/tell", "Maryam", (TABLET,)),
    Page("concern", "/demo", LEAD, (LAPTOP,), walk=a_concern, holds=("names shown",)),
    Page("class-grid", "/my-class", TEACHER, (LAPTOP,), walk=by_objective, holds=("names shown",)),
    Page("board", "/lessons/m-79/board/1", TEACHER, (SCREEN,)),
    Page("ages", "/families/join/{family_code}", sizes=(PHONE,), walk=on_to("/families/ages")),
    Page("health", "/health", "Kath Bellamy", (LAPTOP,)),
)
PICTURES = tuple(replace(one, school="demo") for one in _PICTURES)


def picture_guides(browser: Browser, schools: Places, into: Path = FOLDER) -> list[Path]:
    """Write each of them, in few colours."""
    into.mkdir(parents=True, exist_ok=True)
    blank = browser.new_page()
    files = []
    for page in PICTURES:
        with schools.opened(browser, page, page.sizes[0]) as tab:
            seen = tab.screenshot()
        files.append(into / f"{page.name}.png")
        files[-1].write_bytes(in_few_colours(blank, seen))
    blank.close()
    return files

"""`make screenshots`: every page and state in every size, one sheet of them all, and the guides'.

With ONLY=guides, the pictures of the guides alone.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import start_chromium
from tests.browser.page_checks import resize
from tests.look.guide_pictures import FOLDER, picture_guides
from tests.look.pages import PAGES, Page
from tests.look.places import Places, places
from tests.look.sheet import sheet


def main(into: Path) -> None:
    """Serve the seeded schools, look at every page, and write what was seen."""
    into.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.ERROR)  # The faults that are pictured are asked for.
    with (
        tempfile.TemporaryDirectory() as folder,
        places(Path(folder)) as schools,
        sync_playwright() as playwright,
    ):
        browser = start_chromium(playwright)
        files = {page.name: look_at(browser, schools, page, into) for page in PAGES}
        picture_guides(browser, schools)
        browser.close()
    named = os.environ.get("MOCKUPS")
    text = sheet(files, into, Path(named) if named else None)
    (into / "index.html").write_text(text, encoding="utf-8")
    pictures = sum(len(some) for some in files.values())
    print(f"{pictures} pictures and a sheet of them: {into / 'index.html'}")


def main_of_guides() -> None:
    """The pictures of the guides alone: only the demo is made for them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        places(Path(folder), "demo") as schools,
        sync_playwright() as playwright,
    ):
        browser = start_chromium(playwright)
        files = picture_guides(browser, schools)
        browser.close()
    print(f"{len(files)} pictures for the guides: {FOLDER}")


def look_at(browser: Browser, schools: Places, page: Page, into: Path) -> list[Path]:
    """The pictures of one page, one for each size."""
    files = []
    with schools.opened(browser, page, page.sizes[0]) as tab:
        for size in page.sizes:
            resize(tab, size)
            file = into / f"{page.name}-{size[0]}x{size[1]}.png"
            tab.screenshot(path=file)
            files.append(file)
    return files


if __name__ == "__main__":
    if os.environ.get("ONLY") == "guides":
        main_of_guides()
    else:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))

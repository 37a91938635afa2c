"""`make screenshots`: every page in every size into screenshots/, and one sheet of them all."""

from __future__ import annotations

import html
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import start_chromium
from tests.ground.running import Running
from tests.look.pages import PAGES, Page
from tests.look.seeded import Seeded, seeded_school


def main(into: Path) -> None:
    """Start a seeded school, look at every page, and write what was seen."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data, keys = Path(folder) / "data", Path(folder) / "keys"
        seeded = seeded_school(data, keys)
        server = Running.start(data, keys)
        try:
            with sync_playwright() as playwright:
                browser = start_chromium(playwright)
                files = [f for page in PAGES for f in look_at(browser, server, seeded, page, into)]
                browser.close()
        finally:
            server.stop()
    (into / "index.html").write_text(sheet(files), encoding="utf-8")
    print(f"{len(files)} pictures and a sheet of them: {into / 'index.html'}")


def look_at(
    browser: Browser, server: Running, seeded: Seeded, page: Page, into: Path
) -> list[Path]:
    """The pictures of one page, one for each size."""
    files = []
    for width, height in page.sizes:
        context = browser.new_context(viewport={"width": width, "height": height})
        if page.who is not None:
            cookie = {"name": "catkin", "value": seeded.cookies[page.who], "url": server.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        tab = context.new_page()
        tab.goto(server.address + page.address.format(**seeded.ids))
        tab.wait_for_function("document.fonts.status === 'loaded'")
        file = into / f"{page.name}-{width}x{height}.png"
        tab.screenshot(path=file)
        files.append(file)
        context.close()
    return files


def sheet(files: list[Path]) -> str:
    """One page that shows them all, small."""
    shown = "".join(
        f'<figure><img src="{html.escape(f.name)}" alt="" width="420">'
        f"<figcaption>{html.escape(f.stem)}</figcaption></figure>"
        for f in files
    )
    return f'<!doctype html><html lang="en-GB"><title>Every page</title>{shown}</html>'


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))

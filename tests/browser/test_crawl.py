"""Everyone follows the links they are shown: no page breaks, complains or asks elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.someone import hear_faults
from tests.look.held import cookie
from tests.look.places import Places

pytestmark = pytest.mark.browser

AN_ID = re.compile(r"[\w-]{16,}|C-[0-9A-Z]{5}|(?<=[/:])\d+")
"""What differs between pages of one kind."""
OF_A_KIND = 2
"""So many pages of a kind are looked at."""
VISITORS: tuple[tuple[str | None, tuple[str, ...], str, int], ...] = (
    (None, (), "/", 6),
    ("amina", ("notes open",), "/map", 8),
    ("finisher", (), "/map", 9),
    ("teacher", ("names shown",), "/today", 12),
    ("DSL", ("names shown",), "/today", 20),
    ("head", ("names shown",), "/today", 20),
    ("office", (), "/today", 12),
)
"""Who goes where from, and how many kinds of pages they must find at least."""
THE_TEACHERS = ("/lessons/", "/families/", "/static/", "/credits/", "/privacy/")
"""The same for all adults: the teacher follows what leads there, the others look at its list."""
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"


@pytest.mark.parametrize(("who", "holds", "start", "least"), VISITORS)
def test_every_link_leads_to_a_page_of_which_no_browser_complains(
    chromium: Browser,
    schools: Places,
    who: str | None,
    holds: tuple[str, ...],
    start: str,
    least: int,
) -> None:
    address, faults = schools.addresses["oak lane"], list[str]()
    context = chromium.new_context()
    held = cookie(schools.schools["oak lane"], who, holds)
    if held is not None:
        context.add_cookies([{"name": "catkin", "value": held, "url": address}])
    try:
        leaves_out = THE_TEACHERS if start == "/today" and who != "teacher" else ()
        kinds = walked(context, address, start, faults, leaves_out)
    finally:
        context.close()
    assert faults == []
    assert len(kinds) >= least, sorted(kinds)


def walked(
    context: BrowserContext,
    address: str,
    start: str,
    faults: list[str],
    leaves_out: tuple[str, ...],
) -> set[str]:
    """Follow every link to a page of which few were seen; the kinds that were found."""
    page = context.new_page()
    hear_faults(page, address, faults)
    waiting, seen, kinds = [urljoin(address, start)], set[str](), Counter[str]()
    while waiting:
        there = waiting.pop()
        kind = kind_of(there)
        elsewhere = not there.startswith(f"{address}/")
        if there in seen or elsewhere or kind.startswith(leaves_out) or kinds[kind] == OF_A_KIND:
            continue
        seen.add(there)
        kinds[kind] += 1
        answer = page.goto(there)
        if answer is None or answer.status != 200:
            faults.append(f"{there} answered {answer and answer.status}")
        waiting += [urldefrag(link).url for link in reversed(page.evaluate(LINKS))]
    return set(kinds)


def kind_of(address: str) -> str:
    """A page without whose it is; a number in the address is one of many of its kind."""
    parts = urlsplit(address)
    asks = "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))
    return f"{AN_ID.sub('…', parts.path)}?{asks}"

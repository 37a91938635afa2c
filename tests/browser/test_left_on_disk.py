"""A laptop that keeps its profile: a concern was read on it, and nothing of that lies on its disk.

What else somebody tries who must not see a concern: an office account that would be DSL, in
tests/doors/test_office_people.py and tests/rooms/test_resets.py; a leaver with an open tab, in
tests/doors/test_views.py; a stolen cookie, in tests/doors/test_stolen_cookie.py.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from app.base import clock, ids
from app.people.actions.sign_ins import step_up
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told as Words
from tests.browser.conftest import CHROMIUMS, PATIENCE, QUIET
from tests.browser.someone import Someone
from tests.look.learners import add_pupils
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser
CHILD = "Zephyrine"
WORDS = "Quillfeather took my otterbook behind the bikeshed"
HALF = "the velvetledger of the marmaladewhisper"
"""What the DSL was typing, and never sent."""
SECRETS = (CHILD, "otterbook", "bikeshed", "velvetledger", "Who has seen this")
PLAIN = "--hedge-tint"
"""Stands in the style sheets, which a browser may keep."""
PLACES = """async () => {
  const registered = await navigator.serviceWorker.getRegistrations();
  const found = {local: localStorage.length, session: sessionStorage.length,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: registered.length, cookies: document.cookie.length, named: window.name.length,
    state: history.state === null ? 0 : 1};
  return Object.entries(found).filter(([, many]) => many).map(([name]) => name);
}"""


@dataclass(frozen=True)
class Told:
    """A concern of somebody whose name stands nowhere else, and the DSL's cookie."""

    reference: str
    cookie: str
    address: str


@contextmanager
def laptop(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """A whole browser with a profile on the disk, which keeps pages for Back."""
    found = next(filter(None, map(shutil.which, (*CHROMIUMS[1:], CHROMIUMS[0]))), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine: looked for {', '.join(CHROMIUMS)}")
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=found,
        args=[*QUIET],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context.set_default_timeout(PATIENCE)
    # What is kept must lie there as it came, or a scan would not see it.
    context.set_extra_http_headers({"Accept-Encoding": "identity"})
    yield context
    context.close()


@pytest.fixture
def told(served: tuple[Seeded, str]) -> Told:
    """A child has told, and the DSL has just confirmed who is there."""
    here, address = served
    token = here.token("DSL")
    with here.app.app_context():
        pupil = add_pupils(here.school, here.ids["ash"], [CHILD])[CHILD]
        telling = Telling(ids.new_token(), Words(words=WORDS), pupil, here.ids["ash"])
        reference = file_concern(here.school, telling)
        step_up(here.school, ids.fingerprint(token), clock.now())
    return Told(reference, here.sealed({"_user_id": token, "_fresh": True}), address)


def reads(context: BrowserContext, told: Told) -> Page:
    """The DSL looks at the list, opens the concern, and begins a note."""
    lead = Someone(context.pages[0], told.address)
    lead.holds(told.cookie)
    lead.opens("/concerns")
    lead.presses("Show")
    lead.sees(CHILD)
    lead.opens(f"/concerns/{told.reference}")
    lead.sees(WORDS)
    lead.press(lead.page.get_by_text("Add a note", exact=True))
    lead.types("Note", HALF)
    return lead.page


def shapes(secret: str) -> list[bytes]:
    """How it could lie in a file."""
    plain = [secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return plain + [b64encode(b" " * lead + secret.encode())[4:-4] for lead in range(3)]


def lying_in(profile: Path, secrets: tuple[str, ...]) -> set[str]:
    """Which of these lie in some file of the profile, and in which."""
    found = set()
    for file in (path for path in profile.rglob("*") if path.is_file()):
        content = file.read_bytes()
        found |= {
            f"{secret} in {file.relative_to(profile)}"
            for secret in secrets
            if any(shape in content for shape in shapes(secret))
        }
    return found


def pages_in(cache: Path) -> set[bytes]:
    """The pages that the cache keeps; what is everybody's lies below /static."""
    files = [path.read_bytes() for path in cache.rglob("*") if path.is_file()]
    kept = {one for file in files for one in re.findall(rb"127\.0\.0\.1:\d+(/\w+)", file)}
    assert b"/static" in kept
    return kept - {b"/static"}


def history(profile: Path) -> list[tuple[str, str]]:
    """The addresses and titles that the browser remembers."""
    file = profile / "Default" / "History"
    if not file.exists():
        pytest.skip("this Chromium keeps no history: a whole one does")
    with closing(sqlite3.connect(file)) as opened:
        return list(opened.execute("SELECT url, title FROM urls"))


@pytest.mark.parametrize("signs_out", [True, False], ids=["signed out", "just closed"])
def test_nothing_of_a_concern_lies_in_the_profile(
    playwright: Playwright, tmp_path: Path, told: Told, signs_out: bool
) -> None:
    with laptop(playwright, tmp_path) as context:
        page = reads(context, told)
        assert page.evaluate(PLACES) == []
        if signs_out:
            Someone(page, told.address).presses("Sign out")
            assert page.evaluate(PLACES) == []
    assert lying_in(tmp_path, SECRETS) == set()
    assert lying_in(tmp_path, (PLAIN,)), "or the scan could find nothing in this browser's cache"
    assert pages_in(tmp_path / "Default" / "Cache") == set()
    seen = history(tmp_path)
    titles = {title for address, title in seen if address.endswith(told.reference)}
    assert titles <= {"Concern - Catkin", ""}
    assert not [title for _, title in seen if re.search(r"C-[2-9A-Z]{5}", title)]


def test_a_word_that_lies_open_in_a_profile_is_found(tmp_path: Path) -> None:
    """Or the test above could not fail."""
    for n, shape in enumerate(shapes(CHILD)):
        (tmp_path / f"{n}").write_bytes(b"\x00\x01" + shape + b"\xff")
    assert len(lying_in(tmp_path, (CHILD,))) == len(shapes(CHILD))


def test_back_after_signing_out_shows_nothing(
    playwright: Playwright, tmp_path: Path, told: Told
) -> None:
    with laptop(playwright, tmp_path) as context:
        page = reads(context, told)
        Someone(page, told.address).presses("Sign out")
        for _ in range(4):
            page.go_back()
            for secret in (CHILD, WORDS, HALF, told.reference):
                expect(page.locator("body")).not_to_contain_text(secret)
            for box in page.locator("textarea").all():
                expect(box).to_have_value("")


def test_a_concern_left_with_words_typed_shows_the_forms_alone(
    playwright: Playwright, tmp_path: Path, told: Told
) -> None:
    with laptop(playwright, tmp_path / "profile") as context:
        context.pages[0].clock.install()
        page = reads(context, told)
        page.clock.run_for(60 * 60 * 1000)
        expect(page.get_by_text(WORDS)).to_be_hidden()
        expect(page.get_by_text(CHILD).first).to_be_hidden()
        expect(page.get_by_label("Note")).to_have_value(HALF)
        expect(page.get_by_label("Note")).to_be_visible()

"""A story on every screen: the words, the tablet and each move stand there without scrolling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.config import ROOT
from tests.browser.conftest import PATIENCE
from tests.browser.page_checks import resize
from tests.browser.test_scripts import VOICES
from tests.ground.running import Running
from tests.look.pages import PUPIL
from tests.look.seeded import Seeded, seeded_school

pytestmark = pytest.mark.browser

WHO = {"5-7": "little one", "7-9": "pupil"}
STORIES = {
    path.stem: path for band in WHO for path in sorted((ROOT / "quizzes" / band).glob("*.yaml"))
}
MOVES = "button[name=choice]:not(.twin)"
"""Each move once: a box has buttons of its own for moves that have tiles."""
WAYS = 30
"""How often a story is played at most: enough for every move of those there are."""

# Below the leaves of the hedge nobody can press; on a wide screen it stands beside the page.
OUT_OF_SIGHT = """what => {
  const hedge = document.querySelector(".hedge").getBoundingClientRect();
  const end = hedge.left > 0 ? innerHeight : hedge.top - 12;
  return [...document.querySelectorAll(what)]
    .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, b]) => b.top < 0 || b.bottom > end)
    .map(([says, b]) => `${says} ends at ${Math.round(b.bottom)} of ${Math.round(end)}`);
}"""


@pytest.fixture
def pupil(chromium: Browser, tmp_path: Path, name: str) -> Iterator[Page]:
    """Somebody of the age of the story, at its front."""
    seeded: Seeded = seeded_school(tmp_path / "data", tmp_path / "keys")
    server = Running.start(tmp_path / "data", tmp_path / "keys")
    context = chromium.new_context(reduced_motion="reduce", base_url=server.address)
    context.set_default_timeout(PATIENCE)
    cookie = {
        "name": "catkin",
        "value": seeded.cookies[WHO[STORIES[name].parent.name]],
        "url": server.address,
    }
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    yield page
    context.close()
    server.stop()


def out_of_sight(page: Page, what: str) -> list[str]:
    """Which of these a child would have to look for, on any of the screens."""
    faults = []
    for size in PUPIL:
        resize(page, size)
        faults += [f"{size[0]}: {fault}" for fault in page.evaluate(OUT_OF_SIGHT, what)]
    return faults


def labels_of(written: str) -> set[str]:
    """The words on the buttons of a story."""
    return {
        line.partition("label: ")[2].strip("\"'")
        for line in written.splitlines()
        if "label:" in line
    }


def press(page: Page, what: str) -> None:
    """Press a button, and be on the page that it leads to."""
    with page.expect_navigation():
        page.locator(what).first.click()


@pytest.mark.parametrize("name", STORIES)
def test_every_move_of_a_story_is_in_sight_and_so_is_the_way_on(pupil: Page, name: str) -> None:
    written = STORIES[name].read_text("utf-8")
    story = f"/quiz/{written.partition('id: ')[2].split()[0]}"
    made: defaultdict[tuple[str, str], int] = defaultdict(int)
    seen: set[str] = set()
    faults: list[str] = []

    def look(what: str) -> None:
        """At the first sight of a page, on every screen."""
        page = pupil.locator("main").inner_text()
        if page not in seen:
            seen.add(page)
            faults.extend(out_of_sight(pupil, what))

    pupil.goto(story)
    for _ in range(WAYS):
        press(pupil, ".card form button")
        while pupil.locator(MOVES).count():
            look("button[name=choice]")
            scene = pupil.locator(".say").inner_text()
            labels = pupil.locator(MOVES).all_inner_texts()
            new = min(labels, key=lambda label: made[scene, label])
            made[scene, new] += 1
            with pupil.expect_navigation():
                pupil.locator(MOVES).nth(labels.index(new)).click()
            look(".ask-for a")
            press(pupil, ".ask-for a")
        look(".card .btn")
        if {label for _, label in made} >= labels_of(written):
            break
        pupil.goto(story)
    assert {label for _, label in made} == labels_of(written)
    assert sorted(set(faults)) == []


@pytest.mark.parametrize("name", ["puppy-box"])
def test_the_big_listen_reads_the_story_then_the_box_then_each_tile(pupil: Page, name: str) -> None:
    assert name in STORIES
    pupil.add_init_script(f"({VOICES})([true, 'en-GB'])")
    pupil.goto("/quiz/a-57-puppy-box")
    press(pupil, ".card form button")
    big, small = pupil.locator(".say [data-listen]"), pupil.locator(".hedge [data-listen]")
    tiles = pupil.locator(MOVES).all_inner_texts()
    box = pupil.locator(".pop h3").inner_text().split()
    big.click()
    heard: list[str] = []
    in_tiles = 0
    while big.get_attribute("aria-pressed") == "true":
        assert small.get_attribute("aria-pressed") == "true"
        marked = "".join(pupil.locator("mark.reading").all_inner_texts())
        heard.append(" ".join(marked.split()))
        in_tiles += pupil.locator(".k:has(.reading)").count()
        pupil.evaluate("speechSynthesis.finish()")
        pupil.wait_for_timeout(20)
    assert small.get_attribute("aria-pressed") == "false"
    assert heard[0] == "What now?"
    assert heard[-3:] == [" ".join(tile.split()) for tile in tiles]
    assert in_tiles == len(tiles)
    read = " ".join(heard)
    assert read.index("Zara pops") < read.index(" ".join(box)) < read.index(heard[-3])
    assert "Listen" not in read
    assert "Tap" not in heard

"""A story on every screen: the words, the tablet and each move stand there without scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from app.base import clock
from app.content.story_values import Move, Story
from app.learning.actions import Seen, begin, make_move
from app.learning.queries import newest_run
from tests.browser.conftest import PATIENCE
from tests.browser.page_checks import on_each
from tests.browser.test_scripts import VOICES
from tests.look.pages import PUPIL
from tests.look.seeded import Seeded
from tests.playing import content, ways_through

pytestmark = pytest.mark.browser

WHO = {"5-7": "little one", "7-9": "pupil"}
STORIES = [story for story in content().quizzes.values() if story.band in WHO]
MOVES = "button[name=choice]:not(.twin)"
"""Each move once: a box has buttons of its own for moves that have tiles."""

# Below the leaves of the hedge nobody can press; on a wide screen it stands beside the page.
OUT_OF_SIGHT = """what => {
  const hedge = document.querySelector(".hedge").getBoundingClientRect();
  const end = hedge.left > 0 ? innerHeight : hedge.top - 12;
  const all = [...document.querySelectorAll(what)];
  if (!all.length) return [`there is no ${what}`];
  return all
    .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, b]) => b.top < 0 || b.bottom > end)
    .map(([says, b]) => `${says} ends at ${Math.round(b.bottom)} of ${Math.round(end)}`);
}"""


@pytest.fixture
def pupil(chromium: Browser, served: tuple[Seeded, str], story: Story) -> Iterator[Page]:
    """Somebody of the age of the story."""
    seeded, address = served
    context = chromium.new_context(reduced_motion="reduce", base_url=address)
    context.set_default_timeout(PATIENCE)
    cookie = {"name": "catkin", "value": seeded.cookies[WHO[story.band]], "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


@dataclass
class Player:
    """Plays a story past its pages, and knows what each of them would say."""

    seeded: Seeded
    story: Story

    def __post_init__(self) -> None:
        who = WHO[self.story.band]
        self.pupil = self.seeded.people[who][1]
        self.browser = self.seeded.app.test_client()
        self.browser.set_cookie("catkin", self.seeded.cookies[who])

    def begins(self, runs: int) -> None:
        """The story once more."""
        with self.seeded.app.app_context():
            seen = {"runs_seen": runs, "moment": clock.now()}
            begin(self.seeded.school, self.pupil, piece=self.story, **seen)  # type: ignore[arg-type]

    def makes(self, move: Move) -> None:
        """The move, as its button would."""
        with self.seeded.app.app_context():
            run = newest_run(self.seeded.school, self.pupil, self.story.id)
            assert run is not None
            seen, now = Seen(run, run.step), clock.now()
            assert make_move(self.seeded.school, seen, story=self.story, move=move, moment=now)

    def says(self, page: str) -> str:
        """All that a page of the story says."""
        answer = self.browser.get(f"/quiz/{self.story.id}/{page}")
        assert answer.status_code == 200
        return re.sub("<[^>]+>", "", answer.text.partition("<main")[2])


def out_of_sight(page: Page, what: str) -> list[str]:
    """Which of these a child would have to look for, on any of the screens."""
    faults = []
    for size in on_each(page, PUPIL):
        faults += [f"{size[0]}: {fault}" for fault in page.evaluate(OUT_OF_SIGHT, what)]
    return faults


def press(page: Page, what: str) -> None:
    """Press a button, and be on the page that it leads to."""
    with page.expect_navigation():
        page.locator(what).first.click()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_move_of_a_story_is_in_sight_and_so_is_the_way_on(
    served: tuple[Seeded, str], pupil: Page, story: Story
) -> None:
    player, seen, faults = Player(served[0], story), set[str](), list[str]()

    def look(page: str, what: str, *, how_many: int | None = None) -> None:
        """At the first sight of a page, on every screen."""
        says = player.says(page)
        if says not in seen:
            seen.add(says)
            pupil.goto(f"/quiz/{story.id}/{page}")
            assert how_many in {None, pupil.locator(MOVES).count()}, says
            faults.extend(out_of_sight(pupil, what))

    for runs, way in enumerate(ways_through(story)):
        player.begins(runs)
        for moment, move in way:
            look("play", "button[name=choice]", how_many=len(moment.moves))
            player.makes(move)
            look("after", ".ask-for a")
        look("play", ".card .btn", how_many=0)
    assert sorted(set(faults)) == []


@pytest.mark.parametrize("story", [content().quizzes["a-57-puppy-box"]])
def test_the_big_listen_reads_the_story_then_the_box_then_each_tile(pupil: Page) -> None:
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

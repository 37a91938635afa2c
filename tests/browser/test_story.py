"""A story on every screen: the words, the tablet and each move stand there without scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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
from tests.playing import ways_through
from tests.quick import content

pytestmark = pytest.mark.browser

WHO = {"5-7": "little teller", "7-9": "teller"}
STORIES = [story for story in content().quizzes.values() if story.band in WHO]
MOVES = "button[name=choice]:not(.twin)"
"""Each move once: a box has buttons of its own for moves that have tiles."""
CHOICE = re.compile(r'<button(?! class="[^"]*twin)[^>]* name="choice"')

# Below the leaves of the hedge nobody can press; on a wide screen it stands beside the page.
PLACES = """what => {
  const hedge = document.querySelector(".hedge").getBoundingClientRect();
  const end = hedge.left > 0 ? innerHeight : hedge.top - 12;
  return [...document.querySelectorAll(what)]
    .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
    .map(([says, b]) => [says, Math.round(b.top), Math.round(b.bottom), Math.round(end)]);
}"""
# What differs between pages of one look stands in main: so it is put in, and nothing is fetched.
READ = """pages => {
  const parser = new DOMParser();
  const put_in = html => parser.parseFromString(html, "text/html").querySelector("main");
  window.mains = [document.querySelector("main"), ...pages.map(put_in)];
}"""
TURNED = f"""what => window.mains.map(main => {{
  document.querySelector("main").replaceWith(main);
  return ({PLACES})(what);
}})"""
LOOK = re.compile(r'<html[^>]*>|<body[^>]*>|<link rel="stylesheet"[^>]*>')
Place = tuple[str, int, int, int]
"""What a button says, its upper and lower edge, and where the sight ends."""


def out_of_sight(places: list[Place]) -> list[str]:
    """Which of these a child would have to look for."""
    return [
        f"{says} ends at {bottom} of {end}"
        for says, top, bottom, end in places
        if top < 0 or bottom > end
    ]


@pytest.fixture
def pupil(chromium: Browser, served: tuple[Seeded, str], story: Story) -> Iterator[Page]:
    """Somebody of the age of the story."""
    seeded, address = served
    context = chromium.new_context(reduced_motion="reduce", base_url=address)
    context.set_default_timeout(PATIENCE)
    cookie = {"name": "catkin", "value": seeded.cookie_of(WHO[story.band]), "url": address}
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
        self.browser.set_cookie("catkin", self.seeded.cookie_of(who))

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

    def page(self, name: str) -> str:
        """What a page of the story is now."""
        answer = self.browser.get(f"/quiz/{self.story.id}/{name}")
        assert answer.status_code == 200
        return answer.text


@dataclass
class Album:
    """The pages of a story on which this must be in sight; the first of them stands in a tab."""

    tab: Page
    what: str
    pages: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """What a child would have to look for, on any page and any of the screens."""
        found = []
        self.tab.evaluate(READ, self.pages)
        for size in on_each(self.tab, PUPIL):
            as_it_is, *turned = self.tab.evaluate(TURNED, self.what)
            assert turned[0] == as_it_is, "put in, it is another than the page itself"
            assert all(turned), f"a page has no {self.what}"
            found += [f"{size[0]}: {fault}" for one in turned for fault in out_of_sight(one)]
        return found


def press(page: Page, what: str) -> None:
    """Press a button, and be on the page that it leads to."""
    with page.expect_navigation():
        page.locator(what).first.click()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_move_of_a_story_is_in_sight_and_so_is_the_way_on(
    served: tuple[Seeded, str], pupil: Page, story: Story
) -> None:
    player, albums, seen = Player(served[0], story), dict[str, Album](), set[str]()

    def look(name: str, what: str, *, moves: int = 0) -> None:
        """At the first sight of a page, and put it into its album."""
        page = player.page(name)
        main = re.sub("<[^>]+>", "", page.partition("<main")[2])
        if main in seen:
            return
        seen.add(main)
        assert len(re.findall(CHOICE, page)) == moves, main
        kind = f"{what} {LOOK.findall(page)}"
        if kind not in albums:
            tab = pupil.context.new_page()
            tab.goto(f"/quiz/{story.id}/{name}")
            albums[kind] = Album(tab, what)
        albums[kind].pages.append(page)

    for runs, way in enumerate(ways_through(story)):
        player.begins(runs)
        for moment, move in way:
            look("play", "button[name=choice]", moves=len(moment.moves))
            player.makes(move)
            look("after", ".ask-for a")
        look("play", ".card .btn")
    assert [fault for album in albums.values() for fault in album.faults()] == []


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

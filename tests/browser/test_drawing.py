"""Draw it and Give me some words, in a real browser: by mouse, by keys, and put away at once."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from app.safeguarding.drawing import read_drawing
from tests.browser.conftest import Newcomer
from tests.browser.journey import (
    LEAD,
    School,
    comes_in,
    confirm_password,
    open_notes,
    staff_comes_in,
)
from tests.browser.keys import Keys
from tests.browser.page_checks import LAPTOP, PHONE, against_wcag, resize, sideways, too_small
from tests.browser.someone import Someone
from tests.browser.test_scripts import hear_to_the_end, with_a_voice

pytestmark = pytest.mark.browser
NAME = "Wei"
FULL = "Your drawing is too big. Undo a little."


def at_step_2(pupil: Someone) -> None:
    pupil.opens("/tell/feel")
    assert pupil.heading == "How do you feel?"


def open_the_paper(pupil: Someone) -> Locator:
    """The paper, once its script has come."""
    pupil.button("Draw it").click()
    paper = pupil.page.locator(".paper")
    expect(paper).to_be_visible()
    return paper


def draw(page: Page, *points: tuple[float, float]) -> None:
    """One stroke through these places, each a share of the paper's width and height."""
    box = page.locator(".paper").bounding_box()
    assert box is not None
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def kept(page: Page) -> str:
    return page.locator("[name=drawing]").input_value()


def test_a_line_is_drawn_kept_over_back_and_next_and_seen_by_child_and_desk(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    comes_in(pupil, school, NAME)
    at_step_2(pupil)
    open_the_paper(pupil)
    draw(pupil.page, (0.1, 0.2), (0.5, 0.8), (0.9, 0.2))
    pupil.button("Blue").click()
    draw(pupil.page, (0.5, 0.5))
    lines = kept(pupil.page)
    first, dot = read_drawing(lines)
    assert first.points == ((60, 80), (300, 320), (540, 80))
    assert (dot.pen, dot.points) == (1, ((300, 200),))
    pupil.presses("Next")
    pupil.presses("Back")
    expect(pupil.page.locator(".paper path")).to_have_count(2)
    assert kept(pupil.page) == lines
    pupil.presses("Just talk to me")
    add = pupil.page.get_by_role("link", name="Add something").get_attribute("href")
    shown = [stroke.path for stroke in (first, dot)]
    assert paths(pupil.page.get_by_role("img", name="My drawing")) == shown
    pupil.opens("/map")
    open_notes(pupil, school, NAME)
    assert paths(pupil.page.get_by_role("img", name="My drawing").first) == shown
    lead = newcomer(school.address)
    staff_comes_in(lead, school, "DSL")
    lead.opens(str(add).replace("/notes/", "/concerns/").removesuffix("/add"))
    confirm_password(lead, LEAD)
    assert paths(lead.page.get_by_role("img", name="Drawing by the child")) == shown


def paths(drawing: Locator) -> list[str]:
    expect(drawing).to_be_visible()
    found: list[str] = drawing.locator("path").evaluate_all(
        "paths => paths.map(one => one.getAttribute('d'))"
    )
    return found


SCRIBBLE = """many => {
  const paper = document.querySelector(".paper");
  const box = paper.getBoundingClientRect();
  const at = (kind, x, y) => paper.dispatchEvent(new PointerEvent(kind, {
    pointerId: 1, button: 0, bubbles: true, cancelable: true,
    clientX: box.left + box.width * x, clientY: box.top + box.height * y,
  }));
  paper.setPointerCapture = () => {};
  window.grown = 0;
  const set = SVGElement.prototype.setAttribute;
  SVGElement.prototype.setAttribute = function (name, value) {
    window.grown += name === "d" ? value.length : 0;
    return set.call(this, name, value);
  };
  const begun = performance.now();
  at("pointerdown", 0.5, 0.5);
  // Round and round, ever wider: each point bends, and each part holds all that went before.
  for (let i = 1; i <= many; i += 1) {
    const wide = 0.45 * i / many;
    at("pointermove", 0.5 + wide * Math.cos(i), 0.5 + wide * Math.sin(i));
  }
  window.rebuilt = window.grown;
  at("pointerup", 0.5, 0.5);
  return performance.now() - begun;
}"""


def test_a_scribble_without_end_is_kept_in_parts_and_the_paper_stays_quick(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil)
    open_the_paper(pupil)
    pupil.page.evaluate("document.querySelector('#drawing').dataset.most = 1e6")
    took = pupil.page.evaluate(SCRIBBLE, 6000)
    assert took < 5000
    parts = read_parts(kept(pupil.page))
    assert len(parts) > 3
    assert all(len(part) <= 3001 for part in parts)
    for before, after in pairwise(parts):
        assert before[-2:] == after[1:3]
    # While it is drawn only whole parts are drawn anew, not the line at every move.
    assert pupil.page.evaluate("window.rebuilt") < 10 * len(kept(pupil.page))


def read_parts(lines: str) -> list[list[int]]:
    return [[int(number) for number in part.split()] for part in lines.split(";")]


def test_a_line_that_goes_wrong_does_not_end_the_drawing(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil)
    open_the_paper(pupil)
    pupil.page.evaluate("""() => {
      const { hypot } = Math;
      Math.hypot = () => { Math.hypot = hypot; window.broke = true; return undefined.nothing; };
      addEventListener("error", (event) => event.preventDefault());
    }""")
    draw(pupil.page, (0.1, 0.1), (0.5, 0.9))
    assert pupil.page.evaluate("window.broke") is True
    draw(pupil.page, (0.1, 0.2), (0.5, 0.8), (0.9, 0.2))
    (stroke,) = read_drawing(kept(pupil.page))
    assert stroke.points == ((60, 80), (300, 320), (540, 80))


def test_undo_and_start_again_take_back_and_undo_takes_that_back(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil)
    open_the_paper(pupil)
    draw(pupil.page, (0.1, 0.1), (0.9, 0.9))
    one = kept(pupil.page)
    draw(pupil.page, (0.1, 0.9), (0.9, 0.1))
    two = kept(pupil.page)
    for press, left in (
        ("Undo", one),
        ("Start again", ""),
        ("Undo", one),
        ("Undo", ""),
        ("Undo", ""),
    ):
        pupil.button(press).click()
        assert kept(pupil.page) == left
        expect(pupil.page.locator(".paper path")).to_have_count(1 if left else 0)
    assert two.startswith(one)


def test_what_leaves_the_paper_ends_at_its_edge(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil)
    open_the_paper(pupil)
    draw(pupil.page, (0.5, 0.5), (1.3, 0.5), (0.5, -0.3))
    (stroke,) = read_drawing(kept(pupil.page))
    assert (600, 200) in stroke.points
    assert stroke.points[-1] == (300, 0)


def test_a_full_paper_says_so_and_what_fits_is_kept(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil)
    pupil.page.evaluate("document.querySelector('#drawing').dataset.most = 60")
    open_the_paper(pupil)
    status = pupil.page.get_by_role("status").filter(has_text=FULL)
    for _ in range(3):
        draw(pupil.page, (0.1, 0.1), (0.9, 0.2), (0.1, 0.3), (0.9, 0.4))
    expect(status).to_be_visible()
    assert 40 < len(kept(pupil.page)) <= 60
    assert read_drawing(kept(pupil.page))
    pupil.button("Undo").click()
    expect(status).to_have_count(0)


def test_hiding_wipes_words_and_drawing_from_screen_and_server(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    comes_in(pupil, school, NAME)
    at_step_2(pupil)
    open_the_paper(pupil)
    draw(pupil.page, (0.1, 0.1), (0.9, 0.9))
    pupil.presses("Next")
    pupil.presses("Back")
    pupil.page.get_by_text("Give me some words").click()
    pupil.ticks("a game")
    asked: list[str] = []
    pupil.page.on("request", lambda one: asked.append(one.post_data or ""))
    pupil.page.route(re.compile(r"/map$"), lambda route: route.abort("aborted"))
    with pupil.page.expect_event("requestfailed", lambda one: one.url.endswith("/map")):
        pupil.button("Hide this").click(no_wait_after=True)
    expect(pupil.page.locator("path, [name=drawing], [name=chosen]")).to_have_count(0)
    pupil.page.unroute(re.compile(r"/map$"))
    assert "drawing=" not in "".join(asked)
    pupil.opens("/map")
    at_step_2(pupil)
    assert kept(pupil.page) == ""
    expect(pupil.page.locator(":checked")).to_have_count(0)
    expect(pupil.page.locator("#drawing")).to_be_hidden()


def test_who_draws_is_there_and_is_not_sent_away_with_an_unsent_drawing(
    school: School, newcomer: Newcomer
) -> None:
    pupil = newcomer(school.address)
    pupil.page.clock.install()
    comes_in(pupil, school, NAME)
    at_step_2(pupil)
    open_the_paper(pupil)
    draw(pupil.page, (0.1, 0.1), (0.9, 0.9))
    pupil.page.clock.run_for(620_000)
    assert pupil.heading == "How do you feel?"
    assert kept(pupil.page)


def test_without_scripts_there_are_words_and_no_drawing(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address, scripts=False)
    comes_in(pupil, school, NAME)
    at_step_2(pupil)
    expect(pupil.page.locator("[data-draw]")).to_be_hidden()
    pupil.page.get_by_text("Give me some words").click()
    pupil.ticks("a game")
    pupil.ticks("asked")
    pupil.presses("Just talk to me")
    pupil.sees("Words I picked: a game, asked")


def test_keys_tick_words_and_pass_the_paper_by(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    at_step_2(pupil)
    keys = Keys(pupil)
    keys.tab_to("Give me some words")
    keys.page.keyboard.press("Enter")
    keys.space("a game")
    expect(pupil.page.get_by_label("a game", exact=True)).to_be_checked()
    keys.tab_to("Draw it")
    keys.page.keyboard.press("Enter")
    expect(pupil.page.locator(".paper")).to_be_visible()
    stops = [keys.tab()["says"] for _ in range(6)]
    assert stops == ["Black", "Blue", "Orange", "Undo", "Start again", "Next"]


def test_listen_reads_the_words_only_when_they_are_open(school: School, newcomer: Newcomer) -> None:
    pupil = newcomer(school.address)
    with_a_voice(pupil)
    at_step_2(pupil)
    pupil.button("Listen").click()
    marked = hear_to_the_end(pupil.page)
    assert "Give me some words" in marked
    assert "someone I know" not in marked
    pupil.page.get_by_text("Give me some words").click()
    pupil.button("Listen").click()
    marked = hear_to_the_end(pupil.page)
    words = pupil.page.locator(".picks label").all_inner_texts()
    assert len(words) > 30
    assert [word for word in words if word not in marked] == []
    in_order = [marked.index(one) for one in ("Who", "me", "Doing words", "said", "Where")]
    assert in_order == sorted(in_order), "each group is read after its name"


def test_next_is_in_sight_on_a_small_laptop_while_both_are_closed(
    school: School, newcomer: Newcomer
) -> None:
    for size in (LAPTOP, (1366, 768), (1180, 820)):
        pupil = newcomer(school.address, size=size)
        comes_in(pupil, school, NAME)
        at_step_2(pupil)
        expect(pupil.button("Draw it")).to_be_visible()
        box = pupil.button("Next").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1], size


@pytest.mark.parametrize("size", [LAPTOP, PHONE, (320, 640)])
def test_words_and_paper_fit_and_can_be_pressed(
    school: School, newcomer: Newcomer, size: tuple[int, int]
) -> None:
    pupil = newcomer(school.address, size=size)
    at_step_2(pupil)
    pupil.page.get_by_text("Give me some words").click()
    open_the_paper(pupil)
    draw(pupil.page, (0.1, 0.1), (0.9, 0.9))
    for found in (sideways, too_small, against_wcag):
        assert found(pupil.page) == []
        resize(pupil.page, size)

"""The map of a story: everything in it, drawn and in words, sound or not."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from app.config import ROOT
from app.content.catalogue import read_catalogue
from app.content.registers import read_registers
from app.content.story_map import OPENS, StoryMap, Ways, map_of, ways_through
from tests.unit.content.conftest import Desk

SVG = "{http://www.w3.org/2000/svg}"


def drawn(desk: Desk) -> StoryMap:
    path = desk.root / Desk.STORY
    return map_of(path.read_text("utf-8"), path, Desk.STORY, read_registers(desk.root))


def tree(found: StoryMap) -> Element:
    assert found.html is not None
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(found.html)


def texts(found: StoryMap) -> list[str]:
    """The words of the drawing, line by line."""
    return ["".join(one.itertext()) for one in tree(found).iter(f"{SVG}text")]


def arrows(found: StoryMap) -> list[str]:
    named = tree(found).iter(f"{SVG}path")
    return [str(one.get("class")) for one in named if one.get("marker-end")]


def test_every_scene_is_a_card_and_every_move_an_arrow(desk: Desk) -> None:
    found = drawn(desk)
    assert found.problems == ()
    assert {"1 pond", "2 dry", "3 tea"} <= set(texts(found))
    assert sorted(arrows(found)) == ["risky", "safe", "safe", "safe"]
    assert "Risky: m-secret" in texts(found)


def test_what_is_special_about_a_scene_is_marked(desk: Desk) -> None:
    desk.plant(Desk.STORY, "  - id: dry\n", "  - id: dry\n    rewind_here: true\n    skin: chat\n")
    desk.plant(
        Desk.STORY, "    not_your_fault: true\n", "    not_your_fault: true\n    grown_up: true\n"
    )
    said = " ".join(texts(drawn(desk)))
    for mark in (
        "Starts here",
        "A grown-up hears",
        "Says: not your fault",
        "Back to here is offered by name",
        "Guest app: Pipsqueak",
        "Ends: sunny",
    ):
        assert mark in said


def test_what_is_remembered_and_asked_is_shown() -> None:
    path = ROOT / "quizzes/9-11/gambit.yaml"
    found = map_of(path.read_text("utf-8"), path, "gambit", read_registers(ROOT))
    said = " ".join(texts(found))
    assert "Remembers knows_name: yes, gave +1" in said
    assert "Only if not blocked" in said
    assert "Lines ask: looked; knows_name; not knows_name" in said
    rows = ["".join(row.itertext()) for row in tree(found).iter("tr")]
    gave = next(row for row in rows if row.startswith("gave"))
    assert "a count to 5" in gave
    assert "supper, tally, friday" in gave


def test_the_words_below_hold_every_scene_and_move(desk: Desk) -> None:
    page = tree(drawn(desk))
    assert [h.text for h in page.iter("h2")][-3:] == ["1 pond", "2 dry", "3 tea"]
    rows = [[" ".join("".join(c.itertext()).split()) for c in row] for row in page.iter("tr")]
    assert ["Block Block Frostbyte", "2 dry", "always", "nothing", "Safe"] in rows
    risky = next(row for row in rows if row[0] == "Reply By the canal")
    assert risky[4] == "Risky: m-secret “A promise is a promise.”"


@pytest.mark.parametrize("path", sorted((ROOT / "quizzes").glob("*/*.yaml")), ids=lambda p: p.stem)
def test_a_map_stands_alone_and_no_line_leaves_its_card(path: Path) -> None:
    found = map_of(path.read_text("utf-8"), path, path.name, read_registers(ROOT))
    page = tree(found)
    assert found.html is not None
    assert found.html.startswith(OPENS)
    assert not re.search(r"<script|@import|url\((?!#)|\bsrc=|https?:", found.html)
    assert [one.get("href") for one in page.iter("link")] == []
    assert all(len(line) <= 41 for line in texts(found))


def test_a_faulty_story_is_drawn_as_far_as_it_goes(desk: Desk) -> None:
    desk.plant(Desk.STORY, "        to: dry\n", "        to: drought\n")
    desk.plant(Desk.STORY, "        to: tea\n", "        to: pond\n")
    desk.plant(Desk.STORY, "title: The Small Frog\n", "title: [oh, no]\n")
    found = drawn(desk)
    assert len(found.problems) >= 3
    assert "drought" in texts(found)
    assert arrows(found).count("astray") == 1
    said = "".join(tree(found).itertext())
    assert "there is no scene drought" in said
    assert "a loop back to pond" in said


def test_words_of_a_story_are_never_markup(desk: Desk) -> None:
    desk.plant(Desk.STORY, "Iona plays with her frog.", "'<script>x</script> & <b>'")
    found = drawn(desk)
    assert found.html is not None
    assert "<script" not in found.html
    assert any("<script>" in line for line in texts(found))


@pytest.mark.parametrize("text", ["a: [1\n", "- a\n- b\n", "just words\n", ""])
def test_what_is_no_story_has_no_map_but_its_problem(desk: Desk, text: str) -> None:
    desk.write(Desk.STORY, text)
    found = drawn(desk)
    assert found.html is None
    assert found.problems


def test_what_is_oddly_shaped_is_still_drawn(desk: Desk) -> None:
    for text in (
        "scenes: 5\n",
        "scenes: [{id: 3}, {moves: [{to: 7}]}, x]\ncast: 3\nmemory: {a: {is: fact}}\n",
    ):
        desk.write(Desk.STORY, text)
        assert drawn(desk).html is not None


def test_ways_are_counted_as_the_memory_lets_them() -> None:
    story = read_catalogue(ROOT).quizzes["t-57-snail-mail"]
    lengths, waiting = list[int](), [(story.start, story.at_first, 0)]
    while waiting:
        name, memory, length = waiting.pop()
        moves = story.scenes[name].seen_with(memory).moves
        waiting += [(move.to, move.after(memory), length + 1) for move in moves]
        lengths += [] if moves else [length]
    assert ways_through(story) == Ways(len(lengths), min(lengths), max(lengths))

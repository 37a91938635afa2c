"""A drawing is strokes of whole numbers on the paper; whatever else comes is no drawing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.safeguarding.drawing import (
    HIGH,
    MOST,
    PENS,
    WIDE,
    CannotBeRead,
    Stroke,
    read_drawing,
    what_fits,
)

points = st.tuples(st.integers(0, WIDE), st.integers(0, HIGH))
strokes = st.builds(
    Stroke,
    st.integers(0, len(PENS) - 1),
    st.lists(points, min_size=1, max_size=40).map(tuple),
)
drawings = st.lists(strokes, max_size=20).map(tuple)
nearly = st.text(alphabet="0123456789 ;,.-+eE١²٣NaN\n\t<>\"'/", max_size=60)
"""What looks like a drawing, but for a slip."""

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "the end of an attribute": '0 1 2" onload="alert(1)',
    "a path of somebody else's": "0 1 2;M0 0L10 10Z",
    "an address": "0 1 2;url(#x)",
    "not a number": "0 NaN NaN",
    "for ever": "0 Infinity 1",
    "a large number": "0 1e9 1",
    "a number off the paper": f"0 {WIDE + 1} 1",
    "a number below the paper": f"0 1 {HIGH + 1}",
    "many digits": "0 " + "9" * 400 + " 1",
    "a negative number": "0 -1 5",
    "a plus": "0 +1 5",
    "a fraction": "0 1.5 5",
    "a number in another base": "0 0x10 5",
    "leading noughts": "0 007 5",
    "an underscore": "0 1_0 5",
    "digits of another script": "0 ١٢ ٣",
    "full-width digits": "0 １ ２",
    "a superscript": "0 ² 5",
    "a fourth pen": "3 1 2",
    "no pen": "1 2",
    "a pen and nothing": "0",
    "half a point": "0 1 2 3",
    "two spaces": "0  1 2",
    "another space": "0\u00a01 2",
    "a comma": "0 1,2",
    "a line end": "0 1 2\n",
    "a space at the end": "0 1 2 ",
    "an empty stroke": "0 1 2;;1 3 4",
    "a loose end": "0 1 2;",
    "NUL": "0 1\x00 2",
    "half a letter": "\udcff",
    "JSON": "[[0,1,2]]",
    "far too much": "0" + " 1 2" * MOST,
}


@given(drawings)
def test_what_is_drawn_comes_back_as_it_was_drawn(drawn: tuple[Stroke, ...]) -> None:
    text = ";".join(stroke.text for stroke in drawn)
    assert read_drawing(text) == drawn


@given(st.one_of(nearly, st.text(max_size=60)))
def test_what_is_read_is_exactly_what_came_and_lies_on_the_paper(text: str) -> None:
    try:
        drawn = read_drawing(text)
    except CannotBeRead:
        return
    assert ";".join(stroke.text for stroke in drawn) == text
    for stroke in drawn:
        assert stroke.colour in PENS.values()
        assert all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in stroke.points)


@given(strokes)
def test_a_path_holds_numbers_and_the_two_letters_of_a_line(stroke: Stroke) -> None:
    assert re.fullmatch(r"M\d+ \d+(L\d+ \d+)+", stroke.path, re.ASCII)


def test_a_dot_is_a_line_that_can_be_seen() -> None:
    (dot,) = read_drawing("2 30 40")
    assert dot.path == "M30 40L30 40"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_drawing_is_never_read_and_never_quoted(text: str) -> None:
    with pytest.raises(CannotBeRead) as refused:
        read_drawing(text)
    assert str(refused.value) == ""


def test_no_text_is_no_drawing() -> None:
    assert read_drawing("") == ()


@given(st.integers(1, 9000))
def test_of_too_much_the_first_whole_strokes_are_kept(many: int) -> None:
    text = ";".join(["0 10 20 30 40"] * many)
    kept = what_fits(text)
    assert text.startswith(kept)
    assert len(read_drawing(kept)) == min(many, (MOST + 1) // len("0 10 20 30 40;"))
    assert kept == text or len(text) > MOST


def test_of_one_stroke_that_is_too_long_nothing_is_kept() -> None:
    assert what_fits("0" + " 1 2" * MOST) == ""

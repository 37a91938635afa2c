"""The layout of a map: to the right, apart, and with few crossings."""

from __future__ import annotations

from itertools import pairwise

from app.content.layers import CARD_GAP, lay_out

DIAMOND = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d")]


def heights(names: str, height: float = 100) -> dict[str, float]:
    return dict.fromkeys(names, height)


def test_every_arrow_leads_to_the_right() -> None:
    layout = lay_out(heights("abcd"), DIAMOND, "a")
    assert layout.depth == {"a": 0, "b": 1, "c": 1, "d": 2}
    assert layout.back == set()


def test_an_arrow_over_a_column_gets_a_lane_that_no_card_touches() -> None:
    layout = lay_out(heights("abcd"), DIAMOND, "a")
    (lane,) = layout.lanes(("a", "d"))
    assert all(abs(layout.middle[name] - lane) > 50 for name in "bc")


def test_cards_of_a_column_stand_apart() -> None:
    tall = {"a": 80.0, **{name: 40.0 + 30 * n for n, name in enumerate("bcdef")}}
    layout = lay_out(tall, [("a", name) for name in "bcdef"], "a")
    column = [str(place) for place in layout.columns[1]]
    for above, below in pairwise(column):
        apart = layout.middle[below] - layout.middle[above]
        assert apart >= (tall[above] + tall[below]) / 2 + CARD_GAP - 0.01


def test_arrows_do_not_cross_where_they_need_not() -> None:
    arrows = [("s", "a"), ("s", "b"), ("s", "c"), ("a", "z"), ("b", "y"), ("c", "x")]
    layout = lay_out(heights("sabcxyz"), arrows, "s")
    after = {"a": "z", "b": "y", "c": "x"}
    assert [after[str(place)] for place in layout.columns[1]] == layout.columns[2]


def test_a_loop_is_drawn_back_and_ends_nothing() -> None:
    layout = lay_out(heights("abc"), [("a", "b"), ("b", "c"), ("c", "a"), ("b", "b")], "a")
    assert layout.back == {("c", "a"), ("b", "b")}
    assert layout.depth == {"a": 0, "b": 1, "c": 2}


def test_what_no_way_leads_to_has_a_place_too() -> None:
    layout = lay_out(heights("abz"), [("a", "b"), ("z", "gone")], "a")
    assert layout.depth == {"a": 0, "b": 1, "z": 0}
    assert set(layout.middle) == {"a", "b", "z"}


def test_nothing_has_a_layout() -> None:
    assert lay_out({}, [], None).columns == [[]]

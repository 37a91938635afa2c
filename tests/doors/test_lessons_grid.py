"""The class grid, as Today draws it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, render_template_string

from app.learning.rules import HOW_A_STATE_IS_MADE, Shown, class_grid
from tests.playing import content

DRAW = '{% from "parts/class_grid.html" import grid %}{{ grid(rows, pupils, how=how) }}'


@dataclass(frozen=True)
class Named:
    id: str
    shown_name: str


PUPILS = [Named("amina", "Amina"), Named("ben", "Ben")]
PROGRESS = {("amina", "tell.block"): Shown(2, 0), ("ben", "tell.helpers"): Shown(0, 3)}


def draw(app: Flask, pupils: list[Named], objectives: tuple[str, ...]) -> str:
    rows = class_grid(
        [content().objectives[one] for one in objectives], [p.id for p in pupils], PROGRESS
    )
    with app.test_request_context():
        html = render_template_string(DRAW, rows=rows, pupils=pupils, how=HOW_A_STATE_IS_MADE)
    return " ".join(html.split())


def test_each_cell_says_its_state_in_a_mark_and_in_words(app: Flask) -> None:
    html = draw(app, PUPILS, ("tell.block", "tell.helpers"))
    assert html.count('<td><span aria-hidden="true">✓</span><span class="vh">secure</span>') == 1
    assert html.count('<td><span aria-hidden="true">!</span><span class="vh">stuck</span>') == 1
    assert html.count('<th scope="col">') == 2 + len(PUPILS)
    assert html.count('<th scope="row">') == 2
    assert "<caption>" in html


def test_the_grid_is_told_in_words_as_well(app: Flask) -> None:
    html = draw(app, PUPILS, ("tell.block",))
    assert "1 of 2 secure, 1 not started." in html
    for state, rule in HOW_A_STATE_IS_MADE.items():
        assert f"{state.value}: {rule}" in html


def test_an_empty_class_or_an_empty_shelf_gets_a_sentence(app: Flask) -> None:
    assert "There are no pupils in this class yet." in draw(app, [], ("tell.block",))
    assert "There are no lessons for this class yet." in draw(app, PUPILS, ())

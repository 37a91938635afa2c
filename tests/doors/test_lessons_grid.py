"""The class grid, as Today and the page of a class's progress draw it."""

from __future__ import annotations

from flask import Flask, render_template_string

from app.learning.rules import HOW_A_STATE_IS_MADE, Shown, class_grid
from app.web.cover import Head
from tests.quick import content

DRAW = (
    '{% from "parts/class_grid.html" import grid, how_made, key %}'
    '{{ grid(rows, heads, "Where Hazel is", to=to) }}{{ key() }}{{ how_made(how) }}'
)
HEADS = [Head("amina", "k1", "Amina", "AK", "fox"), Head("ben", "k2", "Ben", "BL", "bee")]
PROGRESS = {("amina", "tell.block"): Shown(2, 0), ("ben", "tell.helpers"): Shown(0, 3)}


def draw(app: Flask, objectives: tuple[str, ...], to: str | None = None) -> str:
    rows = class_grid(
        [content().objectives[one] for one in objectives], [h.id for h in HEADS], PROGRESS
    )
    with app.test_request_context():
        html = render_template_string(DRAW, rows=rows, heads=HEADS, how=HOW_A_STATE_IS_MADE, to=to)
    return " ".join(html.split())


def test_each_cell_says_its_state_in_a_mark_and_in_words(app: Flask) -> None:
    html = draw(app, ("tell.block", "tell.helpers"))
    assert html.count('<td><span class="c l3"><span class="vh">secure</span>') == 1
    assert html.count('<td><span class="c lx"><span class="vh">stuck</span>') == 1
    assert html.count('scope="col"') == 2 + len(HEADS)
    assert html.count('scope="row"') == 2
    assert "<caption" in html


def test_every_mark_leads_to_what_it_rests_on_where_there_is_such_a_page(app: Flask) -> None:
    html = draw(app, ("tell.block",), to="/class/hazel/progress")
    assert 'href="/class/hazel/progress?cell=tell.block%3Ak1#rests-on"' in html


def test_the_grid_is_told_in_words_for_those_who_do_not_see_it(app: Flask) -> None:
    html = draw(app, ("tell.block",))
    told = html.partition('<ul class="vh">')[2]
    assert "1 of 2 secure, 1 not started." in told


def test_the_rule_behind_each_mark_is_written_out(app: Flask) -> None:
    html = draw(app, ("tell.block",))
    for state, rule in HOW_A_STATE_IS_MADE.items():
        assert f"<b>{state.value.capitalize()}</b>: {rule}" in html

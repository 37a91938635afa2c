"""How answers are marked, and where a pupil stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.learning.rules import (
    HOW_A_STATE_IS_MADE,
    Shown,
    State,
    class_grid,
    letter_of,
    mark_move,
    mark_option,
    objectives_taught,
    state_of,
)
from app.learning.runs import (
    Given,
    Run,
    choice_made,
    first_place,
    furthest_card,
    open_question,
    path_of,
    scene_of,
)
from tests.playing import card, lesson, move, pond, question
from tests.quick import content

RUN = Run(
    id=1, pupil_id="amina", piece="t-hop", version=1, number=1, at="1", step=0, finished=False
)
HOP = lesson(card(1, question(1), question(2)), card(2))


def test_a_good_answer_counts_for_the_question_and_a_slip_names_its_misconception() -> None:
    slip, good = (mark_option(question(1), option) for option in question(1).options)
    assert (slip.good, slip.misconception, slip.objectives) == (
        False,
        "s-code-share",
        ("safe.password",),
    )
    assert (good.good, good.misconception, good.objectives) == (True, None, ("safe.password",))


def test_a_risky_move_is_a_slip_and_a_safe_move_is_good() -> None:
    assert not mark_move(move(1, "x", "tell.block", risk=True)).good
    assert mark_move(move(2, "x", "tell.block")).good


def test_an_objective_counts_once_for_a_move_that_names_it_twice() -> None:
    assert mark_move(move(1, "x", "tell.block", "tell.block")).objectives == ("tell.block",)


@pytest.mark.parametrize(
    ("good", "slips", "state"),
    [
        (0, 0, State.NOT_STARTED),
        (0, 1, State.STARTED),
        (0, 2, State.STARTED),
        (0, 3, State.STUCK),
        (1, 0, State.NEARLY),
        (1, 1, State.NEARLY),
        (1, 2, State.STARTED),
        (1, 9, State.STUCK),
        (3, 4, State.STUCK),
        (2, 2, State.NEARLY),
        (2, 1, State.SECURE),
        (3, 2, State.SECURE),
    ],
)
def test_the_state_follows_the_written_rule(good: int, slips: int, state: State) -> None:
    assert state_of(good, slips) is state


@given(st.integers(0, 20), st.integers(0, 20))
def test_one_more_good_answer_never_makes_a_state_worse(good: int, slips: int) -> None:
    order = [State.NOT_STARTED, State.STUCK, State.STARTED, State.NEARLY, State.SECURE]
    assert order.index(state_of(good + 1, slips)) >= order.index(state_of(good, slips))


def test_every_state_says_how_it_is_made() -> None:
    assert set(HOW_A_STATE_IS_MADE) == set(State)


def test_no_word_for_a_state_calls_a_child_wrong() -> None:
    assert not any("wrong" in word for word in (*State, *HOW_A_STATE_IS_MADE.values()))


def test_only_first_answers_of_the_first_run_are_evidence() -> None:
    answered = replace(RUN, answers=(Given("1.1", 1, 2, good=True, id=1),), tip=1)
    assert RUN.is_evidence("1.1")
    assert answered.is_evidence("1.2")
    assert not answered.is_evidence("1.1")
    assert not replace(RUN, number=2).is_evidence("1.1")


def test_in_another_version_every_answer_is_practice() -> None:
    assert not RUN.in_version(2).is_evidence("1.1")
    assert RUN.in_version(1).is_evidence("1.1")
    assert RUN.in_version(2).in_version(1).is_evidence("1.1")


def test_an_answer_stands_only_in_the_version_it_was_given_in() -> None:
    first, second = Given("1.1", 1, 2, good=True), Given("2/1.1", 1, 1, good=False)
    run = replace(RUN, answers=(first, second))
    asked, other = HOP.cards[0].questions
    assert run.standing == (first,)
    newer = run.in_version(2)
    assert newer.standing == (replace(second, place="1.1"),)
    assert (newer.kept_at("1.1"), newer.next_turn("1.1")) == ("2/1.1", 2)
    assert choice_made(newer, HOP.cards[0], asked) == asked.options[0]
    assert open_question(newer, HOP.cards[0]) == other
    assert open_question(run.in_version(3), HOP.cards[0]) == asked


def test_moves_of_another_version_are_left_out() -> None:
    run = replace(RUN, answers=(Given("fly", 1, 2, good=True, id=1),), tip=1)
    assert [made.label for _, made in path_of(run, pond())] == ["Move 2"]
    assert path_of(run.in_version(2), pond()) == []


def test_the_grid_has_a_cell_for_every_pupil_in_the_order_given() -> None:
    objective = content().objectives["tell.block"]
    progress = {("ben", "tell.block"): Shown(2, 0), ("chidi", "tell.block"): Shown(0, 1)}
    (row,) = class_grid([objective], ["amina", "ben", "chidi"], progress)
    assert row.cells == (State.NOT_STARTED, State.SECURE, State.STARTED)
    assert (row.letter, row.secure) == ("T", 1)
    assert row.others == [(State.NOT_STARTED, 1), (State.STARTED, 1)]


def test_every_objective_of_the_real_content_belongs_to_a_letter() -> None:
    assert {letter_of(objective) for objective in content().objectives} == set("SMART")


def test_objectives_come_in_smart_order_with_what_a_lesson_reviews() -> None:
    assert objectives_taught([HOP, pond()]) == ("safe.password", "tell.block", "tell.helpers")


def test_a_run_begins_at_the_first_card_or_scene() -> None:
    assert (first_place(HOP), first_place(pond())) == ("1", "fly")


def test_a_place_that_a_newer_version_lost_leads_back_to_the_beginning() -> None:
    assert furthest_card(replace(RUN, at="2"), HOP) == 2
    assert furthest_card(replace(RUN, at="9"), HOP) == 1
    assert scene_of(replace(RUN, at="rain"), pond()).id == "rain"
    assert scene_of(replace(RUN, at="gone"), pond()).id == "fly"


def test_a_question_waits_until_it_has_an_answer_that_still_exists() -> None:
    first, second = HOP.cards[0].questions
    assert open_question(RUN, HOP.cards[0]) == first
    answered = replace(RUN, answers=(Given("1.1", 1, 2, good=True),))
    assert open_question(answered, HOP.cards[0]) == second
    vanished = replace(RUN, answers=(Given("1.1", 1, 7, good=True),))
    assert open_question(vanished, HOP.cards[0]) == first
    assert vanished.next_turn("1.1") == 2


def test_the_latest_answer_is_the_one_that_shows() -> None:
    run = replace(RUN, answers=(Given("1.1", 1, 1, good=False), Given("1.1", 2, 2, good=True)))
    latest = run.given("1.1")
    assert latest is not None
    assert latest.choice == 2


def test_moves_that_a_newer_version_lost_are_left_out() -> None:
    run = replace(
        RUN,
        answers=(
            Given("fly", 1, 2, good=True, id=1),
            Given("gone", 1, 1, good=True, id=2, after=1),
            Given("rain", 1, 9, good=True, id=3, after=2),
        ),
        tip=3,
    )
    assert [made.label for _, made in path_of(run, pond())] == ["Move 2"]

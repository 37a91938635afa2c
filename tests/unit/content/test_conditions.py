"""The small language of `when`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.conditions import ConditionFault, parse

MEMORY = {"wet": 1, "dry": 0, "slips": 2}


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("wet", True),
        ("dry", False),
        ("unheard_of", False),
        ("not wet", False),
        ("not not wet", True),
        ("wet and dry", False),
        ("wet or dry", True),
        ("not wet and dry or wet", True),
        ("not (wet and dry)", True),
        ("dry and (wet or wet)", False),
        ("dry and wet or wet", True),
        ("slips >= 2", True),
        ("slips>2", False),
        ("slips <= 1 or slips == 2", True),
        ("slips < 2", False),
        ("  ( wet )  ", True),
        ("android or order or nothing", False),
    ],
)
def test_a_condition_says_what_it_says(text: str, so: bool) -> None:
    assert parse(text).holds(MEMORY) is so


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "a name is missing at the end"),
        ("wet and", "a name is missing at the end"),
        ("and wet", "a name is missing before “and”"),
        ("wet dry", "“dry” is left over"),
        ("wet)", "“)” is left over"),
        ("(wet", "a bracket is not closed"),
        ("slips >=", "a number is missing after “>=”"),
        ("slips >= wet", "a number is missing after “>=”"),
        ("slips => 1", "“=>” is no part of a condition"),
        ("2 == slips", "a name is missing before “2”"),
        ("wet && dry", "“&&” is no part of a condition"),
        ("wet; import os", "“;” is no part of a condition"),
        ("__import__('os')", "“__import__('os')” is no part of a condition"),
        ("Wet", "“Wet” is no part of a condition"),
        ("(" * 30 + "wet" + ")" * 30, "the brackets go too deep"),
        ("not " * 30 + "wet", "there are too many nots"),
        ("wet or " * 60 + "wet", "the condition is very long"),
    ],
)
def test_what_is_no_condition_is_named(text: str, what: str) -> None:
    with pytest.raises(ConditionFault) as fault:
        parse(text)
    assert fault.value.what == what
    assert fault.value.mend


@given(st.text(alphabet="wetdryslipsandornot()<>=! 0123456789\n\t\u0661", max_size=200))
def test_any_text_is_a_condition_or_a_fault(text: str) -> None:
    try:
        found = parse(text)
    except ConditionFault:
        return
    assert found.holds(MEMORY) in (True, False)


def test_the_names_that_are_asked_for_are_known() -> None:
    asks = list(parse("wet and (not dry or slips >= 2)").asks())
    assert [(ask.name, ask.sign, ask.number) for ask in asks] == [
        ("wet", "", 0),
        ("dry", "", 0),
        ("slips", ">=", 2),
    ]

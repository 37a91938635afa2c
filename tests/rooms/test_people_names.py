"""Names: read from a pasted list, and told apart in a class."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.names import (
    AVATARS,
    FullName,
    chosen,
    next_avatars,
    read_list,
    read_name,
    shown_names,
)


def names_of(text: str) -> list[FullName]:
    return [line.name for line in read_list(text) if line.name]


@pytest.mark.parametrize(
    ("written", "given_name", "family"),
    [
        ("Amina Khan", "Amina", "Khan"),
        ("Khan, Amina", "Amina", "Khan"),
        ("O'Brien, Finn", "Finn", "O'Brien"),
        ("  Amina\t Khan  ", "Amina", "Khan"),
        ("\ufeffAm\u200bina \u202eKhan\u2069", "Amina", "Khan"),
        ("Am\x00ina Khan", "Amina", "Khan"),
        ("Maria Santos Silva", "Maria", "Santos Silva"),
        ("Khan, Amina Jane", "Amina Jane", "Khan"),
        ("Suharto", "Suharto", ""),
        ("أمينة خان", "أمينة", "خان"),
        ("Zoe\u0308 Smith", "Zoë", "Smith"),
        ("<b>Amina</b> Khan", "<b>Amina</b>", "Khan"),
    ],
)
def test_a_name_is_read_as_people_write_it(written: str, given_name: str, family: str) -> None:
    assert read_name(written) == (FullName(given_name, family), None)


@pytest.mark.parametrize(
    "written",
    ["=1+1", "+44", "-Amina", "@Amina", "\tAmina", "\u200b=1", "＝1+1", " \u00a0=1", "Khan, =cmd"],
)
def test_what_a_spreadsheet_would_run_is_no_name(written: str) -> None:
    assert read_name(written) == (None, "a formula, not a name")


@pytest.mark.parametrize("written", ["😀 😀", "123", "7 Khan", "Khan, 7", "...", ""])
def test_a_first_name_has_letters(written: str) -> None:
    assert read_name(written) == (None, "a first name without letters")


def test_a_name_has_up_to_a_hundred_letters() -> None:
    assert read_name("A" * 100)[0] is not None
    assert read_name("A" * 101) == (None, "longer than 100 letters")


def test_a_row_of_a_spreadsheet_is_left_out() -> None:
    assert read_name("Khan, Amina, Hazel, 4")[1] == "a row with several commas, not a name"
    assert read_name("Khan, Amina,,")[0] == FullName("Amina", "Khan")


def test_lines_are_numbered_as_in_the_paste_and_blank_ones_left_out() -> None:
    lines = read_list("Amina Khan\r\n\r\nFinn Byrne\r \u200b\nWei Zhang\u2028Umar Yusuf")
    assert [line.number for line in lines] == [1, 3, 5, 6]


def test_the_same_name_twice_is_asked_about() -> None:
    lines = read_list("Amina Khan\nKHAN, amina\nFinn Byrne", [FullName("Finn", "Byrne")])
    assert [line.same_as for line in lines] == [None, "line 1", "a pupil of this class"]
    assert [line.number for line in chosen(lines)] == [1]
    assert [line.number for line in chosen(lines, [2])] == [1, 2]


def test_a_line_that_is_no_name_is_not_saved_however_it_is_ticked() -> None:
    assert chosen(read_list("=1+1"), [1]) == []


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("Amina Khan\nFinn Byrne", ["Amina", "Finn"]),
        ("Finn O'Brien\nFinn Byrne", ["Finn O", "Finn B"]),
        ("Finn Byrne\nFinn Brown\nFinn Cox", ["Finn By", "Finn Br", "Finn C"]),
        ("Finn Byrne\nfinn brown", ["Finn By", "finn Br"]),
        ("Finn de Souza\nFinn", ["Finn D", "Finn"]),
        ("Amina Khan\nAmina Khan", ["Amina K 1", "Amina K 2"]),
        ("Owen O'Hara\nOwen Owens", ["Owen O'H", "Owen Ow"]),
        ("Mei Li\nMei Lin", ["Mei Li", "Mei Lin"]),
        ("Finn Brown\nFinn Cox\nX, Finn B", ["Finn B 1", "Finn C", "Finn B 2"]),
    ],
)
def test_twins_of_name_are_shown_with_as_little_more_as_it_takes(
    pasted: str, shown: list[str]
) -> None:
    assert shown_names(names_of(pasted)) == shown


parts = st.text(alphabet="ab '-1B", max_size=4)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.builds(FullName, parts.map(lambda t: f"A{t}".strip()), parts), max_size=12))
def test_no_two_pupils_of_a_class_are_ever_shown_the_same(names: list[FullName]) -> None:
    shown = [text.casefold() for text in shown_names(names)]
    assert len(set(shown)) == len(names)


def test_avatars_go_round_before_any_is_worn_twice_more() -> None:
    worn = next_avatars([], 30)
    assert set(worn) == set(AVATARS)
    assert max(Counter(worn).values()) - min(Counter(worn).values()) <= 1
    assert next_avatars(["fox", "bee", "unknown"], 1) == ["frog"]

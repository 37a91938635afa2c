"""Which age holds on a day: one row at a time, laws that only raise, nothing stale as true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.age_rules import (
    AgeLaw,
    AgeRow,
    AgeRule,
    Looked,
    Span,
    planned_ages,
    rule_of_day,
    sure_age,
)
from app.content.catalogue import read_catalogue
from app.content.slots import UNSURE, register_slots
from tests.quick import content

FILE = "lessons/facts/age-limits.yaml"
FIRST = date(2026, 1, 1)
days = st.dates(FIRST, date(2029, 1, 1))
ages = st.none() | st.integers(0, 21)
looks = st.builds(Looked, st.just("terms"), st.just(FIRST), days, st.booleans())
laws = st.builds(
    AgeLaw,
    st.just("a-law"),
    st.just("A law"),
    st.integers(0, 21),
    st.just(("pond",)),
    st.builds(Span, st.none() | days, st.none() | days),
    looks,
)


@st.composite
def rules(draw: st.DrawFn) -> AgeRule:
    """A service whose rows follow upon each other without a day between."""
    turns = [None, *sorted(draw(st.sets(days, max_size=4))), None]
    spans = [Span(begins, ends) for begins, ends in pairwise(turns)]
    rows = tuple(AgeRow(draw(ages), "", None, span, draw(looks)) for span in spans)
    return AgeRule("pond", "Pond", "social", rows, tuple(draw(st.lists(laws, max_size=2))))


@given(rules(), days)
def test_on_every_day_one_row_is_in_force(rule: AgeRule, day: date) -> None:
    assert sum(row.span.holds(day) for row in rule.rows) == 1
    found = rule_of_day(rule, day)
    assert found is not None
    assert found.row.span.holds(day)


@given(rules(), laws, days)
def test_a_law_never_lowers_an_age(rule: AgeRule, law: AgeLaw, day: date) -> None:
    before = rule_of_day(rule, day)
    after = rule_of_day(replace(rule, laws=(*rule.laws, law)), day)
    assert before is not None
    assert after is not None
    if before.age is not None:
        assert after.age is not None
        assert after.age >= before.age
    if law.in_force(day):
        assert law.min_age is not None
        assert (after.age or 0) >= law.min_age
    else:
        assert after.age == before.age


@given(rules(), days)
def test_nothing_unconfirmed_or_stale_is_sure(rule: AgeRule, day: date) -> None:
    found = rule_of_day(rule, day)
    assert found is not None
    parts = (found.row.looked, *(law.looked for law in found.laws))
    sure = all(one.verified and day < one.recheck for one in parts)
    assert sure_age(rule, day) == (found.age if sure else None)
    assert found.verified == all(one.verified for one in parts)
    assert (found.verified and day < found.recheck) == sure


def test_an_announced_law_plans_an_age_and_changes_none() -> None:
    looked = Looked("terms", FIRST, date(2028, 1, 1), verified=True)
    row = AgeRow(13, "", 17, Span(), looked)
    law = AgeLaw("a-law", "A law", 16, ("pond",), Span(), looked)
    rule = AgeRule("pond", "Pond", "social", (row,), (law,))
    assert sure_age(rule, date(2027, 6, 1)) == 13
    assert planned_ages(rule, date(2027, 6, 1)) == {16, 17}
    begun = replace(rule, laws=(replace(law, span=Span(date(2027, 4, 1))),))
    assert sure_age(begun, date(2027, 3, 31)) == 13
    assert sure_age(begun, date(2027, 4, 1)) == 16
    assert planned_ages(begun, date(2027, 4, 1)) == {17}


ROW = "  - {id: pixelpond, service: PixelPond, kind: game, min_age: 13, verified: true,"
SECOND = (
    "  - {id: pixelpond, service: PixelPond, kind: game, min_age: 15, verified: true,\n"
    "     note: New, parent_consent: none, source: terms, checked: 2026-11-20, DATES}\n"
)
LAW = """\
law:
  - {id: a-law, title: A law, min_age: 16, services: [pixelpond], verified: true,
     source: a page, checked: 2026-11-20, from: 2027-01-10}
"""


def plant_rows(desk: Any, first: str, second: str) -> int:
    """Two rows of PixelPond with these dates; the line of the second."""
    desk.plant(FILE, ROW, f"{ROW} {first}")
    at = "  - {id: rumour"
    return int(desk.plant(FILE, at, SECOND.replace("DATES", second) + at))


def slot(desk: Any, day: date, name: str = "pixelpond") -> str:
    return register_slots(read_catalogue(desk.root), day)[f"age_rule:{name}"]


def test_a_slot_changes_on_the_day_on_which_a_row_takes_over(desk: Any) -> None:
    plant_rows(desk, "until: 2027-01-10,", "from: 2027-01-10, recheck: 2027-08-01")
    assert desk.problems() == []
    assert slot(desk, date(2027, 1, 9)) == "13 or older"
    assert slot(desk, date(2027, 1, 10)) == "15 or older"
    assert slot(desk, date(2027, 7, 31)) == "15 or older"
    assert slot(desk, date(2027, 8, 1)) == UNSURE


def test_a_slot_changes_on_the_day_on_which_a_law_begins(desk: Any) -> None:
    desk.plant(FILE, "services:\n", LAW + "services:\n")
    assert desk.problems() == []
    assert slot(desk, date(2027, 1, 9)) == "13 or older"
    assert slot(desk, date(2027, 1, 10)) == "16 or older"
    assert slot(desk, date(2027, 2, 1)) == UNSURE


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ("", "from: 2027-01-10", "PixelPond has two rules at once"),
        ("until: 2027-01-10,", "until: 2028-01-10", "PixelPond has two rules at once"),
        ("until: 2027-01-11,", "from: 2027-01-10", "PixelPond has two rules at once"),
        (
            "until: 2027-01-10,",
            "from: 2027-01-12",
            "PixelPond has no rule from 2027-01-10 to 2027-01-12",
        ),
        (
            "until: 2027-01-10,",
            "from: 2027-01-10, until: 2027-01-10",
            "`until` is not after `from`",
        ),
        (
            "until: 2027-01-10,",
            "from: 2027-01-10, recheck: 2026-11-20",
            "`recheck` is not after `checked`",
        ),
        ("until: 2027-01-10,", "from: soon", "`from` is not a date"),
    ],
)
def test_an_overlap_or_a_gap_is_named_with_its_line(
    desk: Any, first: str, second: str, what: str
) -> None:
    line = plant_rows(desk, first, second)
    found = [(p.line, p.what) for p in desk.problems() if p.file == FILE]
    at = line + 1 if what == "`from` is not a date" else line
    assert found == [(at, what)]


def test_one_id_for_two_services_is_named(desk: Any) -> None:
    line = desk.plant(FILE, "id: rumour", "id: pixelpond")
    found = [(p.line, p.what) for p in desk.problems() if p.file == FILE]
    assert found == [(line, "the id pixelpond is used twice")]


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        ("[pixelpond]", "[pixelpont]", "there is no service pixelpont", "did you mean pixelpond?"),
        (
            ", services: [pixelpond]",
            "",
            "the law names no `services`",
            "give both, or neither",
        ),
        ("min_age: 16, ", "", "the law names no `min_age`", "give both, or neither"),
        ("from: 2027", "until: 2027", "the law ends and never begins", "add `from`"),
        (
            "verified: true,",
            "verified: true, colour: red,",
            "`colour` is not a key of this version",
            "mend its spelling or take it out",
        ),
    ],
)
def test_a_fault_in_a_law_is_named_with_its_line(
    desk: Any, old: str, new: str, what: str, mend: str
) -> None:
    desk.plant(FILE, "services:\n", LAW.replace(old, new) + "services:\n")
    found = [p for p in desk.problems() if p.file == FILE]
    assert [(p.line, p.what, p.mend) for p in found] == [(8, what, mend)]


def test_every_rule_that_ships_keeps_its_age_until_it_is_to_be_looked_at_again() -> None:
    shipped = content()
    day = date(2026, 11, 20)
    assert sure_age(shipped.ages["tiktok"], day) == 13
    assert planned_ages(shipped.ages["tiktok"], day) == {16}
    assert sure_age(shipped.ages["messenger"], day) is None
    late = min(row.looked.recheck for one in shipped.ages.values() for row in one.rows)
    assert sure_age(shipped.ages["tiktok"], late - timedelta(days=1)) == 13
    assert sure_age(shipped.ages["tiktok"], late) is None

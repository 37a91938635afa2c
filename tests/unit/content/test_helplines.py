"""The register of help lines: whom a line is for, how it is reached, and the lines of a nation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.content.helplines import any_day, lines_for, ways_to
from app.content.registers import read_registers
from app.content.values import Helpline
from tests.unit.content.conftest import Desk

UK = ("England", "Wales", "Scotland", "Northern Ireland")
LINE = Helpline(
    id="a-line",
    name="A line",
    contact="0800 1111",
    purpose="any worry",
    show_to=("parent",),
    hours=None,
    nations=UK,
    note=None,
    source="a briefing",
    checked=date(2026, 11, 20),
    verified=True,
    hours_verified=False,
)
WALES = """\
nations:
  Wales:
    - id: meic
      name: Meic
      contact: "080880 23456"
      source: a page
      checked: 2026-11-20
      verified: true
    - id: wales-note
      note: "Report to the local authority"
"""


def test_only_checked_lines_of_the_reader_and_the_nation_are_shown() -> None:
    welsh = replace(LINE, id="welsh", nations=("Wales",))
    hidden = (
        replace(LINE, id="unchecked", verified=False),
        replace(LINE, id="for-staff", show_to=("staff",)),
        replace(LINE, id="vague", nations=("England mainly; check locally",)),
        replace(LINE, id="nowhere", nations=()),
    )
    known = (LINE, welsh, *hidden)
    assert lines_for(known, "parent", "Wales") == [LINE, welsh]
    assert lines_for(known, "parent", "England") == [LINE]
    assert lines_for(known, "parent", None) == [LINE]
    assert lines_for(known, "pupil5-7", "England") == []


@pytest.mark.parametrize(
    ("contact", "kind", "words", "link", "aside"),
    [
        ("0800 1111", "call", "0800 1111", "tel:08001111", ""),
        ("text SHOUT to 85258", "text", "text SHOUT to 85258", "sms:85258?body=SHOUT", ""),
        ("text 84001", "text", "text 84001", "sms:84001", ""),
        ("help@nspcc.org.uk", "mail", "help@nspcc.org.uk", "mailto:help@nspcc.org.uk", ""),
        ("ceop.police.uk/A-B", "site", "ceop.police.uk/A-B", "https://ceop.police.uk/A-B", ""),
        ("a.org.uk (search it)", "site", "a.org.uk", "https://a.org.uk", "search it"),
        ("online form", "other", "online form", "", ""),
        ("javascript:alert(1)", "other", "javascript:alert", "", "1"),
        ("set by the school", "other", "set by the school", "", ""),
    ],
)
def test_each_way_has_the_link_that_opens_it(
    contact: str, kind: str, words: str, link: str, aside: str
) -> None:
    (way,) = ways_to(replace(LINE, contact=contact))
    assert (way.kind, way.words, way.link, way.aside) == (kind, words, link, aside)


def test_several_ways_keep_their_order() -> None:
    ways = ways_to(replace(LINE, contact="a.org.uk; 0300 123 2040; text 84001"))
    assert [way.kind for way in ways] == ["site", "call", "text"]


@pytest.mark.parametrize(
    ("hours", "checked", "said"),
    [
        ("always", True, True),
        ("all day and night", True, True),
        ("always", False, False),
        ("Print 'any day' and link rather than print hours", False, True),
        ("weekdays 10am to 4pm", True, False),
        (None, True, False),
    ],
)
def test_any_day_is_said_only_where_the_register_allows_it(
    hours: str | None, checked: bool, said: bool
) -> None:
    assert any_day(replace(LINE, hours=hours, hours_verified=checked)) is said


def test_the_lines_of_a_nation_are_read_with_it_and_its_notes_are_not(desk: Desk) -> None:
    file = desk.root / "lessons/facts/helplines.yaml"
    file.write_text(file.read_text() + WALES)
    found = read_registers(desk.root).helplines
    assert desk.problems() == []
    assert found is not None
    assert set(found) == {"childline", "meic"}
    assert found["meic"].nations == ("Wales",)
    assert found["meic"].show_to == ()


def test_a_faulty_line_of_a_nation_is_named_with_its_line(desk: Desk) -> None:
    file = desk.root / "lessons/facts/helplines.yaml"
    file.write_text(file.read_text() + WALES)
    line = desk.plant(
        "lessons/facts/helplines.yaml", "verified: true\n    -", "verified: yes!\n    -"
    )
    (problem,) = desk.problems()
    assert (problem.line, problem.file) == (line, "lessons/facts/helplines.yaml")


def test_an_id_that_a_nation_uses_again_is_named(desk: Desk) -> None:
    file = desk.root / "lessons/facts/helplines.yaml"
    file.write_text(file.read_text() + WALES.replace("id: meic", "id: childline"))
    assert "the id childline is used twice" in [problem.what for problem in desk.problems()]

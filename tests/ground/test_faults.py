"""Each line of `make faults` in its quick form; and a line fails where its guard is taken out."""

from __future__ import annotations

import sys

import pytest

from tests.faults.lines import FALLS_WITHOUT, LINES
from tests.faults.table import How, Line

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="faults are done on Linux"),
]


@pytest.mark.parametrize("line", LINES, ids=[line.name.replace(" ", "-") for line in LINES])
def test_a_line_of_the_table_holds(line: Line) -> None:
    found = line.found(How(quick=True))
    if found.holds is None:
        pytest.skip(found.figure)
    assert found.holds, found.figure


def test_every_guard_has_a_line_that_stands_on_it() -> None:
    names = {line.name for line in LINES}
    assert len(names) == len(LINES)
    assert all(lines and names >= set(lines) for lines in FALLS_WITHOUT.values())


def test_a_line_fails_where_its_guard_is_taken_out() -> None:
    (line,) = [line for line in LINES if line.name == "R3 reply_lost"]
    assert line.found(How(quick=True, without="key")).holds is False

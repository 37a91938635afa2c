"""Each line of `make faults` in its quick form; and a line fails where its guard is taken out."""

from __future__ import annotations

import sys

import pytest

from tests.faults.lines import FALLS_WITHOUT, LINES
from tests.faults.table import Found, How, Line, closing

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


def test_the_table_ends_with_what_it_means() -> None:
    held, fell, skipped = (Found("", holds) for holds in (True, False, None))
    tried = list(zip(LINES[:3], (held, held, skipped), strict=True))
    assert closing(tried).startswith(
        "2 of 3 lines hold, 0 do not, and 1 could not be tried on this machine: whatever went wrong"
    )
    tried[1] = (LINES[1], fell)
    assert "1 of 3 lines hold, 1 do not" in closing(tried)
    assert f"at {LINES[1].requirement} Catkin does not do what it promises" in closing(tried)
    assert "promises" not in closing([(LINES[0], skipped)])

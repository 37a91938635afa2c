"""The hour at which tests run: whoever asks for another moves the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.at_school import TEN


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Ten on a school day, and it stays ten: a class is open in school hours alone."""
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller

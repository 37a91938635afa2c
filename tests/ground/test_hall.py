"""Two hundred phones behind one address come in and answer within a second of each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.workshops import queries
from tests.ground.running import Running
from tests.load.workshop import Hall, run

pytestmark = pytest.mark.process
PHONES = 200


def test_a_whole_hall_at_once_is_let_in_and_every_answer_counts_once(tmp_path: Path) -> None:
    hall = Hall.begin(tmp_path)
    server = Running.start(tmp_path / "data", tmp_path / "keys")
    try:
        figures = run(server.port, hall, phones=PHONES, seconds=3, joining=0.5)
    finally:
        server.stop()
    assert figures.errors == []
    assert len(figures.times["vote"]) == PHONES
    assert (hall.now.phones, hall.now.answered) == (PHONES, PHONES)
    with hall.app.app_context():
        fallen = queries.tally_of(hall.school, hall.id, 1)
    assert fallen.counts == (PHONES // 5,) * 5

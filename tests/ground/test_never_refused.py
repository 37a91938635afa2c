"""Fifty children tell while another program holds the database, and the server is killed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.base.database import Store, file_of
from tests.ground.running import Running
from tests.ground.storm import Child, all_at_once, assemble, teller
from tests.ground.test_storm import kept_tellings

pytestmark = pytest.mark.process
HOW_MANY = 50
SOON = 3.0
"""Seconds in which each is acknowledged."""


def timed(press: Callable[[], bool], took: list[float]) -> Callable[[], bool]:
    def go() -> bool:
        began = time.perf_counter()
        done = press()
        took.append(time.perf_counter() - began)
        return done

    return go


def in_spool(data: Path) -> list[Path]:
    return [path for path in (data / "spool").glob("*") if path.is_file()]


def test_tells_against_a_locked_database_are_taken_kept_through_a_kill_and_filed_once(
    tmp_path: Path,
) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    assemble(data, keys)
    server = Running.start(data, keys)
    assert (data / "ballast").stat().st_size == 8 << 20
    tellers: dict[str, tuple[Child, Callable[[], bool]]] = {
        f"child {number}": teller(server.port, number) for number in range(HOW_MANY)
    }
    took: list[float] = []
    with closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as other:
        other.execute("BEGIN EXCLUSIVE")
        presses = {name: timed(press, took) for name, (_, press) in tellers.items()}
        assert all_at_once(presses, lambda _: None) == set(tellers)
        receipts = sorted(child.reference for child, _ in tellers.values())
        assert "We kept your words" in tellers["child 0"][0].get("/tell/sent")
        server.kill_all()
        assert len(in_spool(data)) == HOW_MANY
        other.rollback()
    assert max(took) < SOON, sorted(took)[-5:]
    server = Running.start(data, keys)
    try:
        ends = time.monotonic() + 20
        while in_spool(data) and time.monotonic() < ends:
            time.sleep(0.1)
    finally:
        server.stop()
    assert in_spool(data) == []
    assert sorted(kept_tellings(data)) == [(reference, 1) for reference in receipts]

"""Every Tell and every answer that was acknowledged is there once, whatever kills the server."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from app.base.database import Store, file_of
from tests.ground.running import Running
from tests.ground.storm import Assembly, all_at_once, answerer, assemble, teller

pytestmark = pytest.mark.process


def rows(data: Path, store: Store, sql: str) -> list[tuple[str, int]]:
    with sqlite3.connect(file_of(data, store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute(sql).fetchall()


def kept_tellings(data: Path) -> list[tuple[str, int]]:
    return rows(
        data,
        Store.SAFEGUARDING,
        "SELECT c.reference, (SELECT count(*) FROM words w WHERE w.concern_id = c.id)"
        " FROM concern c WHERE NOT c.canary",
    )


def kept_answers(data: Path) -> list[tuple[str, int]]:
    return rows(data, Store.LEARNING, "SELECT pupil_id, count(*) FROM answer GROUP BY pupil_id")


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assembly, Path]:
    folder = tmp_path_factory.mktemp("assembly")
    return assemble(folder / "data", folder / "keys"), folder


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_server_killed_amid_tells_and_answers_loses_nothing_and_doubles_nothing(
    assembly: tuple[Assembly, Path], tmp_path: Path, turn: int
) -> None:
    school, folder = assembly
    shutil.copytree(folder, tmp_path / "school")
    data, keys = tmp_path / "school" / "data", tmp_path / "school" / "keys"
    server = Running.start(data, keys)
    tellers = {f"child {number}": teller(server.port, number) for number in range(100)}
    tells = {name: press for name, (_, press) in tellers.items()}
    answers = {pupil: answerer(server.port, cookie) for pupil, cookie in school.cookies.items()}
    enough = random.Random(turn).randint(20, 160)
    acknowledged: list[str] = []

    def kill_in_the_midst(key: str) -> None:
        acknowledged.append(key)
        if len(acknowledged) == enough:
            server.kill_all()

    done = all_at_once({**tells, **answers}, kill_in_the_midst)
    server.kill_all()

    told = kept_tellings(data)
    assert [words for _, words in told] == [1] * len(told)
    receipts = [tellers[name][0].reference for name in done & set(tells)]
    assert len(set(receipts)) == len(receipts)
    assert set(receipts) <= {reference for reference, _ in told}
    given = dict(kept_answers(data))
    assert set(given.values()) <= {1}
    assert done & set(answers) <= set(given)
    assert len(done) >= enough
    Running.start(data, keys).stop()

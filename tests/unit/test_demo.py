"""The demo's settings, its mark, its calendar, and the plan of its school."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from app.base import clock
from app.base.demo_mark import NAME
from app.base.errors import CannotStart
from app.base.folders import prepare_folders
from app.base.past import living_at
from app.cli import run_command
from app.config import read_settings
from app.demo.plan import read_plan
from app.demo.terms import school_days, spread, told_at

HOLIDAYS = read_plan(84).holidays


def refusal(data: Path, keys: Path, *, demo: bool) -> str:
    with pytest.raises(CannotStart) as caught:
        prepare_folders(data, keys, demo=demo)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_demo_has_a_port_and_folders_of_its_own() -> None:
    given = {"DATA_DIR": "/srv/data/", "KEYS_DIR": "/srv/keys"}
    school, demo = read_settings(given), read_settings({**given, "DEMO": "1"})
    assert (school.port, demo.port) == (8000, 8001)
    assert (str(demo.data_dir), str(demo.keys_dir)) == ("/srv/data-demo", "/srv/keys-demo")
    assert demo.host == school.host == "127.0.0.1"
    assert read_settings({"DEMO": "1"}).data_dir == Path(f"{read_settings({}).data_dir}-demo")
    assert read_settings({"DEMO": "1", "PORT": "9000", "HOST": "0.0.0.0"}).port == 9000
    assert not read_settings({"DEMO": "0"}).demo


@pytest.mark.parametrize("nonsense", ["nonsense", "yes", "2", "11", "1 1"])
def test_a_demo_that_is_neither_wanted_nor_not_is_refused(nonsense: str) -> None:
    with pytest.raises(CannotStart, match=f"DEMO is “{nonsense}”. Give 1"):
        read_settings({"DEMO": nonsense})


def test_neither_the_demo_nor_a_school_opens_the_others_folder(tmp_path: Path) -> None:
    school, demo, keys = tmp_path / "school", tmp_path / "demo", tmp_path / "keys"
    prepare_folders(school, keys)
    before = sorted(school.iterdir())
    assert "holds a real Catkin" in refusal(school, keys, demo=True)
    assert sorted(school.iterdir()) == before
    prepare_folders(demo, keys, demo=True)
    assert json.loads((demo / NAME).read_bytes()) == {}
    assert "holds the demo" in refusal(demo, keys, demo=False)
    assert prepare_folders(demo, keys, demo=True).data == demo


@pytest.mark.parametrize("left", ["installation.json", "learning.db", "safeguarding.db"])
def test_whatever_is_left_of_a_school_keeps_the_demo_out(tmp_path: Path, left: str) -> None:
    (tmp_path / left).touch()
    assert "never opens" in refusal(tmp_path, tmp_path / "keys", demo=True)
    assert not (tmp_path / NAME).exists()


def test_a_real_school_is_not_reset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tmp_path / "data-demo"
    prepare_folders(real, tmp_path / "keys-demo")
    (real / "learning.db").write_text("precious")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    for verb in (["--reset"], ["--json"], []):
        with pytest.raises(CannotStart, match="real Catkin"):
            run_command(["demo", *verb])
    assert (real / "learning.db").read_text() == "precious"


@pytest.mark.parametrize("pupils", ["83", "421", "0", "-1"])
def test_a_demo_too_small_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pupils: str
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(CannotStart, match="from 84 to 420"):
        run_command(["demo", f"--pupils={pupils}"])
    assert list(tmp_path.iterdir()) == []


def test_within_another_moment_it_is_that_moment() -> None:
    then = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
    with living_at(then):
        assert clock.now() == then
        with living_at(then + timedelta(days=1)):
            assert clock.now() == then + timedelta(days=1)
        assert clock.now() == then
    assert clock.now() > then


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2026-11-16T10:00", "2026-09-03", "2026-11-13"),
        ("2026-11-22T23:30", "2026-09-03", "2026-11-20"),
        ("2026-12-26T00:10", "2026-09-03", "2026-12-18"),
        ("2027-03-01T12:00", "2026-09-03", "2027-02-26"),
        ("2027-08-20T12:00", "2026-09-03", "2027-07-19"),
        ("2027-09-01T08:00", "2027-04-15", "2027-07-19"),
        ("2027-09-10T08:00", "2027-04-15", "2027-07-19"),
        ("2027-10-01T08:00", "2027-09-03", "2027-09-30"),
    ],
)
def test_there_is_always_a_term_behind(now: str, first: str, last: str) -> None:
    days = school_days(datetime.fromisoformat(now).replace(tzinfo=UTC), HOLIDAYS)
    assert (days[0], days[-1]) == (date.fromisoformat(first), date.fromisoformat(last))
    assert len(days) >= 15
    assert all(day.weekday() < 5 for day in days)


def test_lessons_are_spread_over_the_term_in_order() -> None:
    days = school_days(datetime(2026, 11, 16, 10, tzinfo=UTC), HOLIDAYS)
    for count in (1, 4, 9, 100):
        found = spread(days, count)
        assert len(found) == count
        assert found == sorted(found)
        assert found[-1] == days[-1]


def test_what_was_told_was_told_before_now() -> None:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    days = school_days(now, HOLIDAYS)
    assert told_at(now, days, ago=0, at=time(0, 35)) == now - timedelta(minutes=35)
    assert told_at(now, days, ago=1, at=time(14, 5)).isoformat() == "2026-11-20T14:05:00+00:00"


def test_a_larger_school_has_more_classes_of_the_same_size() -> None:
    small, large = read_plan(84), read_plan(420)
    assert [len(one.pupils) for one in small.classes] == [28] * 3
    assert [len(one.pupils) for one in large.classes] == [28] * 15
    assert large.classes[:3] == small.classes
    assert [len(one.pupils) for one in read_plan(100).classes] == [28, 28, 28, 16]
    for one in large.classes:
        assert len(set(one.pupils)) == 28, one.name
    assert len({one.name for one in large.classes}) == 15
    assert large == read_plan(420)


def test_the_plan_speaks_of_who_is_there() -> None:
    plan = read_plan(84)
    keys = {adult.key for adult in plan.staff}
    by_name = {one.name: one for one in plan.classes}
    assert len(plan.staff) == 8
    assert {one.teacher for one in plan.classes} <= keys
    for concern in plan.concerns:
        assert {*concern.to, *concern.about} <= keys
        assert concern.pupil is None or concern.pupil <= len(by_name[concern.class_name].pupils)
        assert {step["by"] for step in concern.then} <= keys | {"child"}
    assert all(adult.email.endswith(".example") for adult in plan.staff)

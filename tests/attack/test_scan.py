"""What scanners report is read, held against what is explained, and told in a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack import scan
from tests.attack.findings import (
    Finding,
    Why,
    crawled,
    explanations,
    from_sqlmap,
    from_wapiti,
    plain,
    sorted_out,
    table,
    was_tried,
)
from tests.attack.samples import SQLMAP, SQLMAP_FOUND_NOTHING, SQLMAP_NEVER_BEGAN, WAPITI
from tests.attack.target import Served
from tests.ground.running import Running

COOKIE = Why("wapiti", "Secure Flag", "catkin$", "", "a reason that is long enough to be one")


def test_a_report_of_wapiti_is_read() -> None:
    xss, cookie = from_wapiti(WAPITI)
    assert (xss.kind, xss.where, xss.parameter) == (
        "Reflected Cross Site Scripting", "/pupils/…/move", "to",
    )  # fmt: skip
    assert cookie.says == "Secure flag is not set in the cookie : catkin"
    assert crawled(WAPITI) == 236


def test_a_log_of_sqlmap_is_read_point_by_point() -> None:
    found = from_sqlmap(SQLMAP, "POST office.add_adult /people/add")
    assert [one.kind for one in found] == ["injection by POST"] * 2
    assert [one.parameter for one in found] == ["name", "name"]
    assert found[0].says == "AND boolean-based blind - WHERE or HAVING clause"
    assert from_sqlmap("", "POST office.add_adult /people/add") == []


def test_what_was_not_tried_does_not_count_as_well() -> None:
    assert was_tried(SQLMAP)
    assert was_tried(SQLMAP_FOUND_NOTHING)
    assert not was_tried(SQLMAP_NEVER_BEGAN)


def test_only_what_is_explained_is_let_be() -> None:
    found = [*from_wapiti(WAPITI), *from_sqlmap(SQLMAP, "POST office.add_adult /people/add")]
    counted, left, idle = sorted_out(found, [COOKIE])
    assert (counted, idle) == ({COOKIE: 1}, [])
    assert {one.scanner for one in left} == {"wapiti", "sqlmap"}
    assert len(left) == 3
    said = table(counted, left)
    assert said.endswith("1 explained, 3 not explained")
    assert "NOT EXPLAINED: Reflected Cross Site Scripting" in said
    assert sorted_out([], [COOKIE]) == ({COOKIE: 0}, [], [COOKIE])


def test_the_same_words_of_another_scanner_are_not_explained() -> None:
    other = Finding("sqlmap", "Secure Flag cookie", "catkin", "", "")
    assert sorted_out([other], [COOKIE])[1] == [other]


def test_each_explanation_is_one(tmp_path: Path) -> None:
    assert explanations()
    path = tmp_path / "scanned.yaml"
    path.write_text(
        "explained:\n- {scanner: sqlmap, kind: injection, says: '', where: '', why: 'all of it'}\n"
    )
    with pytest.raises(ValueError, match="say what this is about"):
        explanations(path)


def test_an_address_is_told_without_what_is_another_in_each_school() -> None:
    assert plain("http://127.0.0.1:9/concerns/01jcz3v6q2mk8xw4h7n5b9t0aa?a=b") == "/concerns/…"
    assert plain("/lesson/t-79/1") == "/lesson/t-79/1"


def test_what_broke_in_catkin_is_a_finding_whatever_the_scanner_made_of_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    line = '{{"event": "request", "status": {}, "route": "{}"}}\n'
    log.write_text(line.format(303, "pupil.tell") + line.format(500, "desk.note") * 2 + "no line\n")
    served = Served(Running(None, 0), log)  # type: ignore[arg-type]
    assert [one.says for one in served.broke()] == ["500 of desk.note"]
    assert served.answered() == "3 requests (2 x 500, 1 x 303)"


def test_a_scanner_that_is_missing_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(scan.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(scan, "ROOT", tmp_path)
    assert scan.main([]) == 2
    assert capsys.readouterr().out.startswith("Not found: wapiti and sqlmap.")

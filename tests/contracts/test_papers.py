"""The papers cannot fall behind the code: each thing kept has its row, each row its thing."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask import Flask

from app.base.database import METADATA
from app.config import ROOT
from app.content.reading import GATES, too_hard
from app.papers import news, records
from app.papers.records import Row
from tests.contracts.two_schools import World
from tests.contracts.words_of import pieces_of

CODE = {path: path.read_text("utf-8") for path in sorted((ROOT / "app").rglob("*.py"))}
ADD = """
app/papers/kept.yaml has no row for {what}. Add one to the group it belongs to, in plain English:
      - name: What people call it
        {key}
        what: "What is in it, and what is not"
        why: "What it is for"
        long: "When it goes"
        who: "Who is shown it"
"""
MADE_BY_SERVING = {"running.lock", "mail.lock", "ballast", "spool/a-telling", "stuck-school"}
"""Only a server makes these; the name stands in its code."""
ELSEWHERE = {"app/base/backup.py", "app/web/log_requests.py"}
"""The code of what is kept outside both folders: copies of the data, and lines of a log."""


def rows() -> list[Row]:
    return list(records.kept().rows())


def without_row(there: set[str], named: list[str], key: str) -> str:
    """What to add, spelt out."""
    return "".join(
        ADD.format(what=one, key=key.format(one.removeprefix("table ")))
        for one in sorted(there - set(named))
    )


def test_every_table_has_its_row_and_every_row_its_table() -> None:
    there = {name for metadata in METADATA.values() for name in metadata.tables}
    there |= {"alembic_version"}
    named = [table for row in rows() for table in row.tables]
    assert there <= set(named), without_row(there, named, "tables: [{}]")
    assert sorted(named) == sorted(set(named)), "a table stands in two rows of app/papers/kept.yaml"
    gone = set(named) - there
    assert not gone, f"app/papers/kept.yaml names tables that are not there: {sorted(gone)}"


def files_of(app: Flask) -> set[str]:
    """What lies in the data folder and, under keys/, in the keys folder."""
    folders = app.extensions["catkin"].folders
    found = {
        mark + path.relative_to(folder).as_posix()
        for mark, folder in (("", folders.data), ("keys/", folders.keys))
        for path in Path(folder).rglob("*")
        if path.is_file()
    }
    return found | MADE_BY_SERVING


def test_every_file_beside_the_databases_has_its_row(world: World) -> None:
    there, named = files_of(world.app), [name for row in rows() for name in row.files]
    lost = {file for file in there if not any(fnmatch(file, name) for name in named)}
    assert not lost, without_row(lost, named, 'files: ["{}"]')
    code = "".join(CODE.values())
    empty = [
        name
        for name in named
        if not any(fnmatch(file, name) for file in there) and name not in code
    ]
    assert empty == [], "app/papers/kept.yaml names files that nothing makes"


A_COOKIE = re.compile(
    r"""(?:set_cookie\(\s*(?:cookie_named\()?|_COOKIE_NAME["'\]]*\s*[=,]\s*)(?:["']([\w-]+)["']|([A-Za-z_.]+)\b(?!\())"""
)


def constants(text: str) -> dict[str, str]:
    """The strings that a file names at its top."""
    found = {}
    for node in ast.parse(text).body:
        pairs = [(node.targets[0], node.value)] if isinstance(node, ast.Assign) else []
        if pairs and isinstance(pairs[0][0], ast.Tuple) and isinstance(pairs[0][1], ast.Tuple):
            pairs = list(zip(pairs[0][0].elts, pairs[0][1].elts, strict=True))
        for name, value in pairs:
            if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                found[name.id] = str(value.value)
    return found


def value_of(constant: str, text: str) -> str | None:
    """What a constant holds: from this file, or from the one it is taken from."""
    taken = re.search(rf"^from app([\w.]+) import (?:\([^)]*|[^(\n]*)\b{constant}\b", text, re.M)
    place = ROOT / f"app{taken[1].replace('.', '/')}.py" if taken else ROOT
    return constants(CODE.get(place, text)).get(constant)


def cookies_of_the_code() -> set[str]:
    """The names of the cookies that the code sets."""
    found = set()
    for path, text in CODE.items():
        for plain, constant in A_COOKIE.findall(text):
            name = plain or value_of(constant, text)
            assert name, f"{path.name}: what is the cookie {constant} called?"
            found.add(name)
    return found


def test_every_cookie_has_its_row_and_every_row_its_cookie() -> None:
    there, named = cookies_of_the_code(), [row.cookie for row in rows() if row.cookie]
    assert there <= set(named), without_row(there, named, "cookie: {}")
    assert set(named) <= there, f"no code sets {sorted(set(named) - there)}"


IN_THE_COOKIE = re.compile(
    r'(?<!db\.)\bsession(?:\[|\.(?:get|pop|setdefault)\()(?:"(\w+)"|([A-Z_]+))'
)


def held_by_the_code() -> set[str]:
    """What the code puts into Catkin's own cookie, by the names it uses."""
    found = set()
    for path, text in CODE.items():
        if not re.search(r"^from flask import .*\bsession\b", text, re.MULTILINE):
            continue
        for plain, constant in IN_THE_COOKIE.findall(text):
            name = plain or value_of(constant, text)
            assert name, f"{path.name}: what is {constant} called in the cookie?"
            found.add(name)
    return found


def test_everything_in_the_cookie_is_named(world: World) -> None:
    (own,) = [row for row in rows() if row.cookie == "catkin"]
    opened = world.app.session_interface.get_signing_serializer(world.app)  # type: ignore[attr-defined]
    carried = {key for cookie in world.here.cookies.values() for key in opened.loads(cookie)}
    assert {"_user_id", "csrf_token", "class_pass"} <= carried
    there = held_by_the_code() | carried
    lost = there - set(own.holds)
    assert not lost, f"add to `holds` of the cookie in app/papers/kept.yaml: {sorted(lost)}"
    assert set(own.holds) <= there | {"_flashes"}, sorted(set(own.holds) - there)


def test_every_row_says_all_and_names_something() -> None:
    for row in rows():
        assert row.tables or row.files or row.cookie or row.code, row.name
        assert not row.code or (ROOT / row.code).exists(), row.code
        assert all(len(say) > 5 for say in (row.what, row.why, row.long, row.who)), row.name


def test_what_is_kept_outside_both_folders_has_its_row_too() -> None:
    assert {row.code for row in rows() if row.code} >= ELSEWHERE


def test_what_does_a_measure_or_a_test_is_where_the_papers_say() -> None:
    told = [measure.where for risk in records.assessment().risks for measure in risk.measures]
    told += [one.where for one in records.accessibility().tested]
    assert len(told) > 20
    assert [where for where in told if not (ROOT / where).exists()] == []


def test_no_risk_is_made_smaller_than_its_own_words() -> None:
    """What is remote and minimal is low; what is probable and severe is never low before."""
    levels = ("low", "medium", "high")
    for risk in records.assessment().risks:
        assert levels.index(risk.after) <= levels.index(risk.before), risk.risk
        if risk.severe == "severe":
            assert risk.before == "high", risk.risk
            assert risk.after != "low", risk.risk


def test_the_part_for_pupils_is_easy_to_read(world: World) -> None:
    page = world.browser("pupil").get("/privacy").text
    part = page[page.index('<section class="child"') : page.index('<p class="lead">')]
    pieces = pieces_of(part)
    assert "What Catkin knows about me" in pieces
    assert [fault for one in pieces for fault in too_hard(one, "7-9", ["Catkin"])] == []
    whole = " ".join(one if one.endswith(".") else f"{one}." for one in pieces)
    assert len(whole.split()) <= 2 * GATES["7-9"].screen
    assert [one for one in too_hard(whole, "7-9", ["Catkin"]) if "grade" in one] == []


def test_one_number_of_the_version_is_the_truth() -> None:
    versions = news.versions()
    assert versions[0].number == news.version(), "CHANGES.md and pyproject.toml disagree"
    numbers = [tuple(map(int, one.number.split("."))) for one in versions]
    assert numbers == sorted(numbers, reverse=True)
    assert all(line for one in versions for line in one.lines if line.startswith("-"))
    heads = re.findall(r"^## .+$", (ROOT / "CHANGES.md").read_text("utf-8"), re.MULTILINE)
    assert len(heads) == len(versions), "a heading of CHANGES.md is not `## 1.2.3, 4 May 2026`"


@pytest.mark.parametrize("name", ["kept", "dpia", "accessibility"])
def test_no_time_is_typed_that_the_code_knows(name: str) -> None:
    text = (ROOT / f"app/papers/{name}.yaml").read_text("utf-8")
    assert re.findall(r"\b\d+ (?:second|minute|hour|day|week)s?\b", text) == []


def test_whoever_adds_a_table_reads_which_row_to_write() -> None:
    told = without_row({"workshop", "pupil"}, ["pupil"], "tables: [{}]")
    assert "kept.yaml has no row for workshop." in told
    assert "        tables: [workshop]\n" in told
    assert "pupil" not in told

"""The registers of the curriculum and of blocking: ids, days, and what nobody has confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from app.config import ROOT
from app.content.catalogue import read_and_check, read_catalogue
from app.content.curriculum import worked_towards
from app.content.registers import read_registers
from app.content.slots import NO_NUMBER, register_slots
from tests.unit.content.conftest import Desk

CURRICULUM = "lessons/facts/curriculum.yaml"
BLOCKING = "lessons/facts/blocking-reporting.yaml"
OBJECTIVES = "lessons/facts/objectives.yaml"
MISCONCEPTIONS = "lessons/facts/misconceptions.yaml"
HELPLINES = "lessons/facts/helplines.yaml"
BEFORE, AFTER = date(2026, 8, 31), date(2026, 9, 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "what"),
    [
        (CURRICULUM, "id: RSHE25-RK-1", "id: RSHE19-BS-2", 0, "the id RSHE19-BS-2 is used twice"),
        (CURRICULUM, "2020-09-01", "soon", 0, "`in_force_from` is not a date"),
        (CURRICULUM, "2020-09-01", "2030-09-01", 1, "`in_force_to` is before `in_force_from`"),
        (CURRICULUM, "short: PSHE", "short: Statutory", 0, "the short name says statutory"),
        (
            CURRICULUM,
            "Stand by others.",
            "A statutory duty.",
            0,
            "RSHE25-RK-1 is not verified, and its words say statutory",
        ),
        (
            CURRICULUM,
            "framework: Connected World",
            "framework: World",
            0,
            "EFACW-OB-5-5 is of a framework that is not listed",
        ),
        (
            CURRICULUM,
            "{name: Connected World,",
            "{name: Programme of Study,",
            0,
            "the framework Programme of Study is listed twice",
        ),
        (BLOCKING, "- id: rumour", "- id: pixelpond", 0, "the id pixelpond is used twice"),
        (
            BLOCKING,
            "steps_verified: false",
            "steps_verified: true",
            0,
            "rumour is not verified, and its steps are",
        ),
        (
            BLOCKING,
            "recheck_before: 2027",
            "recheck_before: 2025",
            0,
            "`recheck_before` is not after `checked`",
        ),
        (BLOCKING, "    source: its rules\n", "", -5, "`source` is missing"),
        (
            OBJECTIVES,
            "[EFACW-OB-5-5]",
            "[EFACW-OB-5-6, EFACW-OB-5-5]",
            0,
            "there is no statement EFACW-OB-5-6",
        ),
        (
            OBJECTIVES,
            "evidences: [EFACW-OB-5-5]",
            "evidences: [PSHE20-KS2-R27]",
            -4,
            "tell.block counts as verified, and no statement that it evidences is",
        ),
        (OBJECTIVES, "source: the bible, ", "", 0, "`source` is missing"),
        (MISCONCEPTIONS, "checked: 2026-11-20", "checked: lately", 0, "`checked` is not a date"),
    ],
)
def test_a_fault_is_named_with_its_line(
    desk: Desk, file: str, old: str, new: str, at: int, what: str
) -> None:
    line = desk.plant(file, old, new, at)
    found = [(one.file, one.line) for one in desk.problems() if one.what == what]
    assert found == [(file, line)], desk.problems()


def test_an_unverified_objective_is_never_scored(desk: Desk) -> None:
    row = "- id: meet.secrets\n"
    desk.plant(OBJECTIVES, row, f"{row}  verified: false\n")
    text = (desk.root / MISCONCEPTIONS).read_text("utf-8")
    line = text[: text.index("- id: m-secret")].count("\n") + 1
    what = "the objective meet.secrets is not verified, and is never scored"
    problems = desk.problems()
    assert {one.file for one in problems if one.what == what} == {Desk.LESSON}
    behind = "m-secret counts as verified, and meet.secrets does not"
    assert [(o.file, o.line) for o in problems if o.what == behind] == [(MISCONCEPTIONS, line)]


def test_an_unverified_misconception_is_never_scored(desk: Desk) -> None:
    row = "- id: m-secret\n"
    desk.plant(MISCONCEPTIONS, row, f"{row}  verified: false\n")
    text = (desk.root / Desk.STORY).read_text("utf-8")
    line = text[: text.index("misconception: m-secret")].count("\n") + 1
    what = "the misconception m-secret is not verified, and is never scored"
    found = [(one.file, one.line) for one in desk.problems() if one.what == what]
    assert (Desk.STORY, line) in found
    assert {file for file, _ in found} == {Desk.STORY, Desk.LESSON}


def test_a_row_says_for_itself_where_it_differs(desk: Desk) -> None:
    row = "- id: m-busy-place\n"
    desk.plant(MISCONCEPTIONS, row, f"{row}  source: a class\n  checked: 2026-12-01\n")
    known = read_catalogue(desk.root).misconceptions
    assert (known["m-busy-place"].source, known["m-busy-place"].checked.month) == ("a class", 12)
    assert (known["t-once"].source, known["t-once"].checked.month) == ("the bible", 11)


def test_statutory_is_said_only_of_what_is_confirmed_and_in_force(desk: Desk) -> None:
    known = read_catalogue(desk.root).curriculum.statements
    old, new = known["RSHE19-BS-2"], known["RSHE25-RK-1"]
    assert old.statutory_on(BEFORE)
    assert not old.statutory_on(AFTER)
    assert old.ended_by(AFTER)
    assert new.binding
    assert not new.statutory_on(AFTER)
    assert not known["EFACW-OB-5-5"].statutory_on(AFTER)


def test_statements_come_by_framework_once_each_and_confirmed_ones_first(desk: Desk) -> None:
    known = read_catalogue(desk.root)
    two = [known.objectives[one] for one in ("meet.secrets", "safe.footprint", "tell.helpers")]
    found = worked_towards(known.curriculum, two)
    assert [(g.framework.short, [s.called for s in g.statements]) for g in found] == [
        ("RSHE (2019)", ["RSHE19-BS-2"]),
        ("PSHE", ["R20", "R27"]),
    ]
    assert [one.stage for one in found[1].statements] == ["Key Stage 1", "Key Stage 2"]
    (only,) = worked_towards(known.curriculum, [known.objectives["tell.block"]])
    assert only.statements[0].stage == "Year 5"


def test_steps_are_told_only_while_they_are_confirmed_and_fresh(desk: Desk) -> None:
    blocking = read_catalogue(desk.root).blocking
    assert blocking is not None
    sure, recalled = blocking.services.values()
    day, late = date(2027, 11, 19), date(2027, 11, 20)
    assert sure.steps_on(day) == ("the name, Block", "the flag")
    assert (sure.tool_on(day), sure.steps_on(late), sure.tool_on(late)) == ("a PIN", None, None)
    assert (recalled.steps_on(day), recalled.tool_on(day)) == (None, None)


def test_a_confirmed_service_may_have_recalled_steps(desk: Desk) -> None:
    desk.plant(BLOCKING, "steps_verified: true", "steps_verified: false")
    blocking = read_catalogue(desk.root).blocking
    assert blocking is not None
    one, day = blocking.services["pixelpond"], date(2026, 12, 1)
    assert (one.steps_on(day), one.tool_on(day)) == (None, "a PIN")


@pytest.mark.parametrize(
    ("file", "old"), [(Desk.LESSON, "It is not your fault."), (Desk.STORY, "plays with her frog.")]
)
def test_a_line_that_is_not_verified_is_refused_and_gives_no_number(
    desk: Desk, file: str, old: str
) -> None:
    line = desk.plant(file, old, f"{old} {{childline}}")
    assert desk.problems() == []
    desk.plant(HELPLINES, "\n    verified: true", "\n    verified: false")
    (problem,) = desk.problems()
    assert (problem.file, problem.line) == (file, line)
    assert problem.what.startswith("the line is not verified: “{childline}”")
    known, _ = read_and_check(desk.root)
    assert register_slots(known, AFTER)["childline"] == NO_NUMBER
    assert known.helplines["childline"].number == ""


def test_what_ships_evidences_what_it_ships() -> None:
    known = read_registers(ROOT)
    assert known.curriculum is not None
    assert known.objectives
    statements = known.curriculum.statements
    for objective in known.objectives.values():
        assert set(objective.evidences) <= set(statements)
    assert known.blocking is not None
    for one in (*known.objectives.values(), *(known.misconceptions or {}).values()):
        assert one.source
        assert one.checked
    assert all(one.source for one in (*statements.values(), *known.blocking.services.values()))

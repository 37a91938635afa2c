"""Each threat and each requirement that holds is bound to tests that are there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.contracts.bound import (
    WRITTEN,
    Requirement,
    Standard,
    Threats,
    counted,
    guide,
    known_tests,
    named_tests,
    read,
)

THREATS = read("threats", Threats).threats
ASVS, CODE = (read(name, Standard).rows for name in ("asvs", "childrens-code"))
ACTORS = {
    "curious-pupil", "pretending-pupil", "bully-beside", "subject-on-staff", "subject-on-team",
    "over-reaching-staff", "technician", "stolen-machine", "family-at-workshop",
    "request-for-record", "internet-robot", "other-school", "supply-chain", "the-software",
    "well-meaning-machine",
}  # fmt: skip
"""Everybody in the threat model of the safeguarding requirements."""
FURTHER = {"office-account", "seen-password", "stolen-cookie", "listener"}
"""Those that came with the roles, the sign-ins and the network."""
WAITED_FOR = {"the accused", "TLS", "TOTP", "sessions", "attack", "views"}
FEWEST = 3
"""One test alone is seldom all that stands in somebody's way."""


def levels() -> dict[str, int]:
    """Every requirement of levels 1 and 2, as the standard numbers them."""
    text = (Path(__file__).parent / "asvs-ids.txt").read_text("utf-8")
    sections = re.findall(r"^([\d.]+): (.+)$", text, re.MULTILINE)
    return {
        f"{section}.{number.rstrip('*')}": 1 if number.endswith("*") else 2
        for section, numbers in sections
        for number in numbers.split()
    }


def test_every_threat_of_the_model_is_there_and_no_stranger() -> None:
    assert {one.id for one in THREATS} == ACTORS | FURTHER
    assert len(THREATS) == len(ACTORS | FURTHER)


def test_each_threat_is_bound_to_tests_that_are_there() -> None:
    for one in THREATS:
        assert set(one.tests) - known_tests() == set(), one.id
        assert len(set(one.tests)) == len(one.tests) >= FEWEST, one.id
        assert all(len(say) >= 6 for say in (one.who, one.wants, one.asset, one.stops, one.left))
        assert one.waits in WAITED_FOR | {""}, one.id


def test_the_requirements_are_exactly_those_of_levels_one_and_two() -> None:
    there = {row.id: row.level for row in ASVS}
    assert len(ASVS) == len(there) == 253
    assert there == levels()
    assert Counter(there.values()) == {1: 70, 2: 183}


def test_the_standards_of_the_childrens_code_are_all_there() -> None:
    assert [row.id for row in CODE] == [str(number) for number in range(1, 16)]


@pytest.mark.parametrize("rows", [ASVS, CODE], ids=["asvs", "childrens-code"])
def test_what_holds_has_tests_that_are_there_and_what_does_not_says_why(
    rows: tuple[Requirement, ...],
) -> None:
    for row in rows:
        if row.verdict == "holds":
            assert row.tests, row.id
            assert set(row.tests) - known_tests() == set(), row.id
            assert not row.waits, f"{row.id} holds and waits"
        else:
            assert len(row.why) > 8, row.id
            assert not row.tests, f"{row.id} has tests: does it hold?"
        assert row.waits in WAITED_FOR | {""}, row.id
        assert not re.search(r"\bverify that\b", row.gist, re.I), f"{row.id}: in our own words"


def test_it_is_seen_when_a_test_has_gone() -> None:
    assert named_tests("def test_a() -> None: ...\ndef helper() -> None: ...") == ["test_a"]
    assert "tests/contracts/test_bound.py::test_it_is_seen_when_a_test_has_gone" in known_tests()
    assert "tests/contracts/test_bound.py::test_that_never_was" not in known_tests()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_guide_is_what_the_paper_says(name: str) -> None:
    assert guide(name).read_text("utf-8") == WRITTEN[name](), (
        f"{name}.md is behind its paper: python -m tests.contracts.bound"
    )


def test_the_counts_stand_on_the_pages() -> None:
    for name, rows in (("asvs", ASVS), ("childrens-code", CODE)):
        assert f": {counted(rows)}.\n" in guide(name).read_text("utf-8")
    assert f"\n{len(THREATS)} threats, " in guide("threat-model").read_text("utf-8")


@pytest.mark.parametrize("name", WRITTEN)
def test_every_link_of_such_a_guide_leads_to_a_file(name: str) -> None:
    targets = set(re.findall(r"\]\(([^)]+)\)", guide(name).read_text("utf-8")))
    assert targets
    assert [one for one in targets if not (guide(name).parent / one).resolve().is_file()] == []

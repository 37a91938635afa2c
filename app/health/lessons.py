"""The lessons and quizzes, and the ages that pupils are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from app.content.check import check
from app.content.fact_checks import Due, FactToCheck, age_facts
from app.content.registers import read_registers
from app.health.findings import Finding, look, mend, ok


def content(root: Path) -> Finding:
    """Whether the check of all lessons and quizzes passes."""
    problems = len(check(root))
    if not problems:
        return ok("Lessons", "All lessons and quizzes pass the check.")
    return mend(
        "Lessons",
        f"{problems} to mend in lessons and quizzes, and Catkin does not start so.",
        "See what: python -m app content check",
    )


def facts_in(root: Path, day: date) -> Finding:
    """Whether an age of the register is past its date."""
    found = read_registers(root).age_facts
    if found is None:
        return mend("Facts", "The ages cannot be read.", "See what: python -m app content check")
    return facts(age_facts(found, day))


def facts(found: Iterable[FactToCheck]) -> Finding:
    """The same for facts that were read already."""
    past = sum(one.due is Due.PAST for one in found)
    if not past:
        return ok("Facts", "No age rule is past its date.")
    rules = "1 age rule is" if past == 1 else f"{past} age rules are"
    return look(
        "Facts",
        f"{rules} past the date to look again; pupils see no number instead.",
        "See which on the Facts page; a newer Catkin may have looked already.",
    )

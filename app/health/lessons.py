"""The lessons and quizzes, the ages that pupils are told, and what families are told to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from app.content.blocking import Blocking
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
        "See what: .venv/bin/python -m app content check",
    )


def facts_in(root: Path, day: date) -> Finding:
    """Whether a fact of the registers is past the day to look again."""
    known = read_registers(root)
    if known.age_facts is None or known.blocking is None:
        do = "See what: .venv/bin/python -m app content check"
        return mend("Facts", "The ages, or how to block and report, cannot be read.", do)
    return facts(age_facts(known.age_facts, day), ways_past(known.blocking, day))


def ways_past(known: Blocking | None, day: date) -> int:
    """In how many services how to block and report is past its day."""
    return sum(day >= one.recheck for one in known.services.values()) if known else 0


def facts(found: Iterable[FactToCheck], ways: int) -> Finding:
    """The same for facts that were read already."""
    past = sum(one.due is Due.PAST for one in found)
    if not past and not ways:
        return ok("Facts", "No fact is past the date to look again.")
    says = []
    if past:
        says.append(f"{count(past, 'age rule')} past that date; pupils see no number instead.")
    if ways:
        services = count(ways, "service")
        says.append(
            f"How to block and report in {services} past it; families are sent to the service."
        )
    return look(
        "Facts",
        f"Facts are past the date to look again. {' '.join(says)}",
        "See which ages on the Facts page; a newer Catkin may have looked already.",
    )


def count(number: int, thing: str) -> str:
    """“1 rule is”, “2 rules are”."""
    return f"1 {thing} is" if number == 1 else f"{number} {thing}s are"

"""The papers whose every line is bound to tests, and the guides that are written from them.

python -m tests.contracts.bound    write app/guides/{threat-model,asvs,childrens-code}.md anew
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from ruamel.yaml import YAML

from app.config import ROOT
from app.papers.records import HERE, Record

GUIDES = ROOT / "app/guides"
VERDICTS = ("holds", "not yet", "does not apply")


class Threat(Record):
    """Somebody or something, what they are after, and what stands in the way."""

    id: str
    who: str
    wants: str
    asset: str
    stops: str
    left: str
    tests: tuple[str, ...]
    waits: str = ""


class Threats(Record):
    """The threat model."""

    threats: tuple[Threat, ...]


class Requirement(Record):
    """One requirement of a standard, and how Catkin stands to it."""

    id: str
    level: Literal[0, 1, 2] = 0
    gist: str
    verdict: Literal["holds", "does not apply", "not yet"]
    why: str = ""
    waits: str = ""
    tests: tuple[str, ...] = ()

    @property
    def chapter(self) -> str:
        """The number before the first full stop."""
        return self.id.partition(".")[0]


class Standard(Record):
    """All requirements of a standard."""

    rows: tuple[Requirement, ...]


R = TypeVar("R", bound=Record)


def read(name: str, shape: type[R]) -> R:
    """A paper, checked."""
    text = (HERE / f"{name}.yaml").read_text("utf-8")
    return shape.model_validate(YAML(typ="safe", pure=True).load(text))


@cache
def known_tests() -> frozenset[str]:
    """The name of each test there is, as pytest knows it, found by reading alone."""
    return frozenset(
        f"{path.relative_to(ROOT).as_posix()}::{name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in named_tests(path.read_text("utf-8"))
    )


def named_tests(text: str) -> list[str]:
    """The tests that a file defines at its top."""
    return [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def link_to(test: str) -> str:
    """A test as a link to its file, called what it says."""
    place, _, name = test.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../../{place})"


def threat_model(paper: Threats) -> str:
    """The guide of the threat model."""
    waiting = sum(bool(one.waits) for one in paper.threats)
    lines = [
        "# Threat model",
        "",
        "Written by `python -m tests.contracts.bound` from `app/papers/threats.yaml`:"
        " change that, and write it again.",
        "",
        "What is guarded, in this order: a child's safety after telling; that what is told arrives;"
        " who told; what was told; whom it is about; the proof of what was done; lessons.",
        "",
        f"{len(paper.threats)} threats, each bound to tests that run with `make test`"
        + (f"; for {waiting} of them more is being built." if waiting else "."),
    ]
    for one in paper.threats:
        lines += ["", f"## {one.who}", "", f"**Wants** {one.wants}.", ""]
        lines += [f"**At stake:** {one.asset}.", "", f"**What stops it.** {one.stops}.", ""]
        lines += [f"**What is left.** {one.left}.", ""]
        if one.waits:
            lines += [f"**More is being built:** {one.waits}.", ""]
        lines += ["**Tests:** " + "; ".join(map(link_to, one.tests)) + "."]
    return "\n".join(lines) + "\n"


def counted(rows: Iterable[Requirement]) -> str:
    """How many have which verdict, as a sentence."""
    verdicts: Counter[str] = Counter(row.verdict for row in rows)
    return ", ".join(f"{one} {verdicts[one]}" for one in VERDICTS)


def cell(row: Requirement) -> str:
    """What stands behind a verdict."""
    why = row.why + ("." if row.why else "")
    return " ".join(filter(None, ("; ".join(map(link_to, row.tests)) + "." * bool(row.tests), why)))


def table(rows: Iterable[Requirement], levels: bool) -> list[str]:
    """A table of requirements."""
    head = [
        "id",
        *(["level"] if levels else []),
        "gist",
        "verdict",
        "how we know, or what is missing",
    ]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        level = [str(row.level)] if levels else []
        lines.append("| " + " | ".join([row.id, *level, row.gist, row.verdict, cell(row)]) + " |")
    return lines


def asvs(paper: Standard) -> str:
    """The guide of OWASP ASVS."""
    lines = [
        "# OWASP ASVS 5.0, levels 1 and 2",
        "",
        "Written by `python -m tests.contracts.bound` from `app/papers/asvs.yaml`. Gists are ours:"
        " the words that count are those of the standard.",
        "",
        f"{len(paper.rows)} requirements: {counted(paper.rows)}.",
    ]
    for level in (1, 2):
        of_level = [row for row in paper.rows if row.level == level]
        lines += ["", f"Level {level}, {len(of_level)}: {counted(of_level)}."]
    for chapter in dict.fromkeys(row.chapter for row in paper.rows):
        rows = [row for row in paper.rows if row.chapter == chapter]
        lines += ["", f"## Chapter {chapter}: {counted(rows)}", "", *table(rows, levels=True)]
    return "\n".join(lines) + "\n"


def childrens_code(paper: Standard) -> str:
    """The guide of the Children's Code."""
    lines = [
        "# The Children's Code of the ICO",
        "",
        "Written by `python -m tests.contracts.bound` from `app/papers/childrens-code.yaml`, in our"
        " own words. Schools are outside the code; Catkin keeps to it all the same.",
        "",
        f"{len(paper.rows)} standards: {counted(paper.rows)}.",
        "",
        *table(paper.rows, levels=False),
    ]
    return "\n".join(lines) + "\n"


WRITTEN: dict[str, Callable[[], str]] = {
    "threat-model": lambda: threat_model(read("threats", Threats)),
    "asvs": lambda: asvs(read("asvs", Standard)),
    "childrens-code": lambda: childrens_code(read("childrens-code", Standard)),
}
"""Each guide that is written from a paper."""


def guide(name: str) -> Path:
    """Where such a guide stands."""
    return GUIDES / f"{name}.md"


if __name__ == "__main__":
    for called, text in WRITTEN.items():
        guide(called).write_text(text(), "utf-8")
        print(guide(called).relative_to(ROOT))

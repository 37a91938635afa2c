"""What may stay of what is found in the code, each with its reason; see explained.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app.config import ROOT

TABLE = Path(__file__).with_name("explained.yaml")


@dataclass(frozen=True)
class Found:
    """A rule's finding: the file from the root, and its line."""

    rule: str
    path: str
    line: int
    says: str

    @property
    def text(self) -> str:
        """The line itself."""
        return (ROOT / self.path).read_text("utf-8").splitlines()[self.line - 1]


@cache
def _written() -> Any:
    return YAML(typ="safe", pure=True).load(TABLE)


def unexplained(found: Iterable[Found], *, stands: str = "") -> list[str]:
    """A sentence for each finding without a reason, and each reason without a finding.

    Reasons are looked at for the rules whose names begin with `stands`: `B` for bandit.
    """
    kept = [one for one in found if one.rule not in _written()["everywhere"]]
    reasons = {
        (path, part, rule)
        for path, entries in _written()["here"].items()
        for part, rule, _why in entries
        if is_bandits(rule) == (stands == "B")
    }
    used, said = set(), []
    for one in kept:
        fitting = {(p, part, r) for p, part, r in reasons if fits(one, p, part, r)}
        used |= fitting
        if not fitting:
            said.append(f"{one.path}:{one.line}: {one.rule}: {one.says}")
    return said + [f"{p}: “{part}” ({r}) finds nothing" for p, part, r in sorted(reasons - used)]


def is_bandits(rule: str) -> bool:
    """Whether a rule is one of bandit's."""
    return rule[:1] == "B" and rule[1:].isdigit()


def fits(one: Found, path: str, part: str, rule: str) -> bool:
    """Whether a reason is one for this finding."""
    return (one.path, one.rule) == (path, rule) and part in one.text

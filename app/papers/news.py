"""What is new, from CHANGES.md, and the version, from pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_HEAD = re.compile(r"^## (?P<number>\d+\.\d+\.\d+), (?P<day>\d{1,2} [A-Z][a-z]+ \d{4})$", re.M)


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its number, its day in words, and the lines that say what came with it."""

    number: str
    day: str
    lines: tuple[str, ...]


@cache
def version() -> str:
    """The number of this Catkin."""
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(facts["project"]["version"])


@cache
def versions() -> tuple[Version, ...]:
    """Every version, the newest first."""
    text = (ROOT / "CHANGES.md").read_text("utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return tuple(
        Version(head["number"], head["day"], tuple(text[head.end() : end].strip().splitlines()))
        for head, end in zip(heads, ends, strict=True)
    )

"""The records behind the papers: what is kept, the assessment, what is accessible; from YAML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

HERE = Path(__file__).parent


class Record(BaseModel):
    """Nothing unknown and nothing missing: a slip of the pen in a file is an error, not a gap."""

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=Record)


class Row(Record):
    """One kind of thing that Catkin keeps, and what it is called in the code."""

    name: str
    what: str
    why: str
    long: str
    who: str
    tables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    cookie: str = ""
    holds: dict[str, str] = {}
    code: str = ""


class Group(Record):
    """Rows that belong together."""

    name: str
    rows: tuple[Row, ...]


class Question(Record):
    """A heading, and what stands under it, a paragraph each."""

    asks: str
    says: tuple[str, ...]


class Kept(Record):
    """Everything that is kept, why it may be, and what is not."""

    where: tuple[str, ...]
    bases: tuple[Question, ...]
    never: tuple[str, ...]
    groups: tuple[Group, ...]

    def rows(self) -> Iterator[Row]:
        """The rows of all groups, in order."""
        for group in self.groups:
            yield from group.rows


class Measure(Record):
    """What lessens a risk, and the file or folder that does it."""

    does: str
    where: str


class Risk(Record):
    """A risk to people before and after the measures."""

    risk: str
    harm: str
    likely: Literal["remote", "possible", "probable"]
    severe: Literal["minimal", "significant", "severe"]
    before: Literal["low", "medium", "high"]
    measures: tuple[Measure, ...]
    left: str
    after: Literal["low", "medium", "high"]


class Assessment(Record):
    """The data protection impact assessment that a school can begin with."""

    prepared: date
    need: tuple[Question, ...]
    processing: tuple[Question, ...]
    consultation: tuple[Question, ...]
    necessity: tuple[Question, ...]
    risks: tuple[Risk, ...]
    not_yet: tuple[str, ...]
    sign_off: tuple[Question, ...]


class Shortcoming(Record):
    """Something that some people cannot use, and what they can use instead."""

    name: str
    what: str
    instead: str
    criterion: str


class Tested(Record):
    """A way in which pages are tried, and the file that does it."""

    what: str
    where: str


class Accessibility(Record):
    """The facts of the accessibility statement."""

    prepared: date
    reviewed: date
    standard: str
    law: str
    you_can: tuple[str, ...]
    tested: tuple[Tested, ...]
    not_tested: tuple[str, ...]
    shortcomings: tuple[Shortcoming, ...]
    outside: tuple[str, ...]
    next: tuple[str, ...]


def _read(name: str, shape: type[R]) -> R:
    text = (HERE / f"{name}.yaml").read_text("utf-8")
    return shape.model_validate(YAML(typ="safe", pure=True).load(text))


@cache
def kept() -> Kept:
    """The record of what is kept."""
    return _read("kept", Kept)


@cache
def assessment() -> Assessment:
    """The assessment."""
    return _read("dpia", Assessment)


@cache
def accessibility() -> Accessibility:
    """The facts of the accessibility statement."""
    return _read("accessibility", Accessibility)

"""How long guidance says that records of concerns are kept: lessons/facts/retention.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from app.content.problems import Findings
from app.content.shapes import Note, Shape, Slug, Text, Title, fit
from app.content.yaml_lines import Tree


class _FactShape(Shape):
    id: Slug
    who: Title
    records: Title
    years: Annotated[int, Field(ge=1, le=150)]
    counted_from: Title | None = None
    says: Text
    source: Note
    checked: date
    verified: bool


class _FileShape(Shape):
    retention: Annotated[list[_FactShape], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class RetentionFact:
    """What somebody says about how long a kind of record is kept, and when that was looked up."""

    id: str
    who: str
    records: str
    years: int
    counted_from: str | None
    says: str
    source: str
    checked: date
    verified: bool


def read_retention(tree: Tree, findings: Findings) -> dict[str, RetentionFact] | None:
    """The register; None if it does not fit."""
    register = fit(_FileShape, tree, (), findings)
    if register is None:
        return None
    found: dict[str, RetentionFact] = {}
    for i, row in enumerate(register.retention):
        if row.id in found:
            line = tree.line("retention", i)
            findings.add(line, f"the id {row.id} is used twice", "give one of them another id")
        found.setdefault(row.id, RetentionFact(**row.model_dump()))
    return found

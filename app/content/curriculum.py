"""What the curriculum asks: its statements, and which of them the objectives work towards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.content.values import Objective

STAGES: Final[Mapping[str, str]] = {
    "EYFS": "Reception",
    "KS1": "Key Stage 1",
    "KS2": "Key Stage 2",
    "all": "All years",
}


@dataclass(frozen=True, slots=True)
class Framework:
    """A publication with statements; `short` is what pages call it."""

    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a framework asks for, in our words."""

    id: str
    framework: str
    subject: str
    key_stage: str
    strand: str
    words: str
    code: str | None
    year: str | None
    source: str
    checked: date
    verified: bool
    binding: bool
    """Whether its framework binds schools; pages ask `statutory_on`."""
    begins: date | None
    ends: date | None
    """The last day on which it counts."""

    def statutory_on(self, day: date) -> bool:
        """Whether it may be called statutory on a day: confirmed, and in force."""
        begun = self.begins is None or self.begins <= day
        return self.verified and self.binding and begun and not self.ended_by(day)

    def ended_by(self, day: date) -> bool:
        """Whether something else has taken its place."""
        return self.ends is not None and self.ends < day

    @property
    def called(self) -> str:
        """The publisher's code where there is one, else our id."""
        return self.code or self.id

    @property
    def stage(self) -> str:
        """For whom it is, as schools say it."""
        if self.year == "R":
            return "Reception"
        return f"Year {self.year}" if self.year else STAGES.get(self.key_stage, "Primary")


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The register: frameworks in the order of the file, statements by id."""

    frameworks: tuple[Framework, ...]
    statements: Mapping[str, Statement]


@dataclass(frozen=True, slots=True)
class Worked:
    """The statements of one framework that objectives work towards, confirmed ones first."""

    framework: Framework
    statements: tuple[Statement, ...]

    @property
    def confirmed(self) -> bool:
        """Whether any of them may be printed."""
        return any(one.verified for one in self.statements)


def worked_towards(known: Curriculum, objectives: Iterable[Objective]) -> list[Worked]:
    """What the objectives evidence, framework by framework; each statement once."""
    named = dict.fromkeys(one for objective in objectives for one in objective.evidences)
    found = [known.statements[one] for one in named if one in known.statements]
    found.sort(key=lambda one: not one.verified)
    groups = (
        Worked(framework, tuple(one for one in found if one.framework == framework.name))
        for framework in known.frameworks
    )
    return [group for group in groups if group.statements]

"""What is wrong in a content file, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend; `file` is relative to the content folder, `line` counts from 1."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}, {self.mend}"


class ContentProblems(Exception):
    """The content cannot be used; it names every problem at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [str(problem) for problem in self.problems]
        return "\n".join([*lines, "1 problem." if count == 1 else f"{count} problems."])


@dataclass(slots=True)
class Findings:
    """The problems of one file, gathered while it is read; the same one is kept once."""

    file: str
    found: dict[Problem, None] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self.found)

    def add(self, line: int, what: str, mend: str) -> None:
        self.found[Problem(self.file, line, what, mend)] = None

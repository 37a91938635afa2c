"""A line of the table: what is done to Catkin, what comes of it, and whether that holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class CannotHere(Exception):
    """This machine cannot do the fault; the sentence says what it lacks."""


@dataclass(frozen=True, slots=True)
class How:
    """How much is done, and whether a guard was taken out first."""

    quick: bool = False
    without: str = ""

    def many(self, long: int, quick: int) -> int:
        """A number that is smaller in the quick form."""
        return quick if self.quick else long


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it; `holds` is None where it could not be tried."""

    figure: str
    holds: bool | None

    @property
    def verdict(self) -> str:
        """As the table says it."""
        return {None: "skipped", True: "holds", False: "NO"}[self.holds]


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement, or one side of it."""

    requirement: str
    done: str
    limit: str
    check: Callable[[How], Found]

    @property
    def name(self) -> str:
        """By which tests know it."""
        return f"{self.requirement} {self.check.__name__}"

    def found(self, how: How) -> Found:
        """Do it; what breaks on the way does not hold, and the table says how."""
        try:
            return self.check(how)
        except CannotHere as lack:
            return Found(str(lack), None)
        except Exception as problem:
            says = " ".join(str(problem).split())[:160]
            return Found(f"{type(problem).__name__}: {says}", False)

    def row(self, found: Found, seconds: float) -> str:
        """As it stands in the table."""
        cells = (self.requirement, self.done, found.figure, self.limit, found.verdict)
        return "| " + " | ".join((*cells, f"{seconds:.0f} s")) + " |"


HEAD = "| | What was done | Found | Limit | Verdict | Took |\n|---|---|---|---|---|---|"


def closing(tried: list[tuple[Line, Found]]) -> str:
    """One sentence after the table: how many hold, how many do not, and what that means."""
    fell = [line.requirement for line, one in tried if one.holds is False]
    hold = sum(one.holds is True for _, one in tried)
    skipped = sum(one.holds is None for _, one in tried)
    says = f"{hold} of {len(tried)} lines hold, {len(fell)} do not"
    if skipped:
        says += f", and {skipped} could not be tried on this machine"
    if fell:
        return (
            f"{says}: at {', '.join(dict.fromkeys(fell))} Catkin does not do what it promises,"
            " and nobody should rely on it there until that is mended."
        )
    if not hold:
        return f"{says}: nothing is shown."
    return (
        f"{says}: whatever went wrong in them, Catkin did with what children told as it promises."
    )

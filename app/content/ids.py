"""Whether the ids a file names are in the registers, and fit its band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from app.content.problems import Findings
from app.content.registers import Registers
from app.content.values import Band, Letter, Misconception, Objective

FRIENDS: Final[Mapping[Letter, str]] = {
    "S": "sloe",
    "M": "moss",
    "A": "aster",
    "R": "rowan",
    "T": "tansy",
}


@dataclass(frozen=True, slots=True)
class Ids:
    """The registers as one file of one band sees them."""

    registers: Registers
    band: Band

    def objective(self, name: str, line: int, findings: Findings) -> None:
        self._check("objective", self.registers.objectives, (name, line), findings)

    def misconception(self, name: str, line: int, findings: Findings) -> None:
        self._check("misconception", self.registers.misconceptions, (name, line), findings)

    def story(self, name: str, line: int, findings: Findings) -> None:
        quizzes = self.registers.quizzes
        if quizzes is None:
            return
        if name not in quizzes:
            near = get_close_matches(name, quizzes, 1)
            mend = f"did you mean {near[0]}?" if near else "name a file in quizzes/ by its id"
            findings.add(line, f"there is no quiz {name}", mend)
        elif quizzes[name] != self.band:
            findings.add(line, f"the quiz {name} is for {quizzes[name]}", "choose another")

    def friend(self, name: str, letter: Letter, line: int, findings: Findings) -> None:
        if FRIENDS[letter] != name:
            what = f"{name} is not the friend of {letter}"
            findings.add(line, what, f"write {FRIENDS[letter]}")

    def _check(
        self,
        what: str,
        register: Mapping[str, Objective] | Mapping[str, Misconception] | None,
        found: tuple[str, int],
        findings: Findings,
    ) -> None:
        name, line = found
        if register is None:
            return
        row = register.get(name)
        if row is None:
            near = get_close_matches(name, register, 1)
            mend = f"did you mean {near[0]}?" if near else "look it up in lessons/facts"
            findings.add(line, f"there is no {what} {name}", mend)
        elif self.band not in row.bands:
            bands = ", ".join(row.bands)
            findings.add(line, f"the {what} {name} is not for {self.band}", f"it is for {bands}")
        elif not row.verified:
            mend = "use another, or have its row in lessons/facts looked up"
            findings.add(line, f"the {what} {name} is not verified, and is never scored", mend)

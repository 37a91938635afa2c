"""The words of a file as passages: who says them to whom, and on which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["told", "said", "grown-up", "unknown", "label", "feedback", "art", "notes"]
"""told: the storyteller and the card; said: friends and apps; grown-up: who says what is so;
unknown: players that nobody knows; label: buttons, answers and headings; art: what is drawn;
notes: for teachers."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that are read in one go, in parts that may stand on several lines."""

    role: Role
    parts: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return " ".join(words for words, _ in self.parts)

    @property
    def line(self) -> int:
        return self.parts[0][1]

    def line_at(self, offset: int) -> int:
        """The line of the part that holds this offset of `text`."""
        for words, line in self.parts:
            if offset <= len(words):
                return line
            offset -= len(words) + 1
        return self.parts[-1][1]


def passage(role: Role, words: str, line: int) -> Passage:
    return Passage(role, ((words, line),))

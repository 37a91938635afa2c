"""A child's drawing: strokes of a pen and whole numbers; nothing else is ever let in or shown.

As text a stroke is its pen and its points, `1 20 30 25 34`, and `;` stands between two strokes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WIDE, HIGH = 600, 400
"""The paper; every point lies on it."""
PENS = {"Black": "#16302b", "Blue": "#2561c4", "Orange": "#e8590c"}
"""The three pens by name, in the order of their numbers."""
MOST = 24_000
"""Letters that a drawing may take."""

_NUMBER = r" (?:0|[1-9][0-9]{0,2})"
_STROKE = re.compile(rf"[0-{len(PENS) - 1}](?:{_NUMBER}{_NUMBER})+")


class CannotBeRead(ValueError):
    """What came is no drawing of ours. It never quotes what came."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of the pen, from where it was set down to where it was lifted."""

    pen: int
    points: tuple[tuple[int, int], ...]

    @property
    def colour(self) -> str:
        """The colour of its pen."""
        return tuple(PENS.values())[self.pen]

    @property
    def path(self) -> str:
        """The line as SVG draws it; a dot is a line to where it began."""
        points = self.points if len(self.points) > 1 else self.points * 2
        return "M" + "L".join(f"{x} {y}" for x, y in points)

    @property
    def text(self) -> str:
        """The stroke as it is kept."""
        return " ".join(map(str, (self.pen, *(one for point in self.points for one in point))))


def read_drawing(text: str) -> tuple[Stroke, ...]:
    """The strokes of a drawing, none for no text; CannotBeRead for anything else."""
    if len(text) > MOST:
        raise CannotBeRead
    return tuple(map(_stroke, text.split(";"))) if text else ()


def what_fits(text: str) -> str:
    """A drawing that is too big without its last strokes, so that the rest can be read."""
    return text if len(text) <= MOST else text[: MOST + 1].rpartition(";")[0]


def _stroke(text: str) -> Stroke:
    if not _STROKE.fullmatch(text):
        raise CannotBeRead
    pen, *numbers = map(int, text.split(" "))
    points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    if any(x > WIDE or y > HIGH for x, y in points):
        raise CannotBeRead
    return Stroke(pen, points)

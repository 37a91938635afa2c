"""What a first draft says in the place of an author's words: no pupil must ever read it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from app.content.problems import Findings

_BLANKS: Final = Path(__file__).resolve().parent / "blank"
_TELLS_WHAT_TO_WRITE: Final = re.compile(
    r"\b(?:Say|Ask|Write) here\b[^.?\n{]*|\bThen write how\b[^.\n{]*|\bSay why it is (?:good|fun)\b"
    r"|\bSay why a pupil may think so\b|\bSay what (?:you (?:did|can do)|Wren wants)\b[^.\n{]*"
)


@cache
def sentences() -> frozenset[str]:
    """Every sentence of the blanks that says what belongs in its place."""
    texts = (path.read_text("utf-8") for path in sorted(_BLANKS.iterdir()))
    return frozenset(
        found.strip() for text in texts for found in _TELLS_WHAT_TO_WRITE.findall(text)
    )


def refuse_untouched(text: str, findings: Findings) -> None:
    """Name each line of a piece for pupils that still holds such a sentence."""
    for number, line in enumerate(text.splitlines(), 1):
        left = next((one for one in sentences() if one in line), None)
        if left is not None:
            mend = "put your own words in its place, or let the piece be a draft"
            findings.add(number, f"“{left}” is what the first draft says", mend)

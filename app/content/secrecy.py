"""What no storyteller, feedback or grown-up says to a child: that it is at fault, or a secret kept.

A player whom nobody knows may ask for a secret: that is the risk a story is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_FAULT: Final = re.compile(
    r"\byour\s+(?:own\s+)?fault\b|\b(?:you're|you are|you were)\s+to\s+blame\b", re.IGNORECASE
)
_NO: Final = re.compile(
    r"(?:\b(?:not|never)|n't|\b(?:nothing|none)\b[^.,;:!?\"]*\b(?:is|was|were)"
    r"|\bno part of (?:it|this|that) (?:is|was))(?:\s+(?:ever|even|been|be))*\s*$",
    re.IGNORECASE,
)
"""What stands right before the fault where there is none; “not only your fault” is not that."""

_KEEP: Final = r"keep\s+(?:\w+\s+){0,3}?secrets?\b"
_PROMISE: Final = re.compile(
    rf"(?:'ll|\b(?:will|shall|can|could|let's|let us|promises?(?:\s+\w+)?\s+to))"
    rf"\s+(?:(?:always|just|both|all)\s+)?{_KEEP}"
    r"|\b(?:i|we)(?:\s+(?:won't|will not|will never|shan't|would never|promise (?:not|never) to)"
    r"|'ll never|'ll not)\s+(?:ever\s+)?(?:tell\s+(?:any|a soul|on you|you|no|them|mum|dad|people)"
    r"|say\s+(?:a word|any))\w*"
    r"|\b(?:i|we)(?:'ll|\s+will)\s+tell\s+(?:no one|nobody)\b"
    r"|\byour secret(?:'s|\s+is)\s+safe\b|\b(?:just|only|stays?) between (?:us|you and me)\b",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(
    rf"(?:^\s*|[.!?]\s+|\b(?:please|must|should|always)\s+){_KEEP}", re.IGNORECASE
)
_QUOTED: Final = re.compile(r"\"[^\"]*\"?")


def blame_in(text: str) -> Iterator[re.Match[str]]:
    """Each place where the child is at fault; that it is not may be said as often as one likes."""
    for match in _FAULT.finditer(text):
        if not _NO.search(text, 0, match.start()):
            yield match


def secrecy_in(text: str, *, speaks: bool) -> Iterator[re.Match[str]]:
    """Each promise to keep a secret or tell nobody, and each order to keep one.

    Where a grown-up `speaks`, all of it is theirs. Elsewhere, whoever is quoted may be anybody,
    and only a promise is refused there: nobody reads it as the storyteller's advice to keep one.
    """
    yield from _PROMISE.finditer(text)
    own = text if speaks else _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    yield from _ORDER.finditer(own)

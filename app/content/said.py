"""Text-speak in full, as Listen says it: only players nobody knows write it."""

from __future__ import annotations

import re
from functools import cache

from app.content.wordlists import entries


def said_in_full(words: str) -> str:
    """The same words with each short form written out."""
    return _short_forms().sub(lambda found: _in_full()[found[0].lower()], words)


@cache
def _in_full() -> dict[str, str]:
    split = (line.partition("=") for line in entries("said"))
    return {short.strip(): full.strip() for short, _, full in split}


@cache
def _short_forms() -> re.Pattern[str]:
    longest_first = sorted(_in_full(), key=len, reverse=True)
    return re.compile(
        rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w'’-])", re.IGNORECASE
    )

"""The checked word lists beside this file: one entry a line, `#` starts a remark."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "words"


@cache
def entries(name: str) -> tuple[str, ...]:
    """The lines of `words/<name>.txt`."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def pairs(name: str) -> dict[str, str]:
    """Lines of the form `words | what belongs to them`."""
    split = (line.partition("|") for line in entries(name))
    return {words.strip(): rest.strip() for words, _, rest in split}


@cache
def syllable_list() -> dict[str, int]:
    """Each checked word with its syllables, the names of Puddlewick too."""
    counted = (line.rpartition(" ") for name in ("syllables", "names") for line in entries(name))
    return {word.lower(): int(count) for word, _, count in counted}


@cache
def puddlewick_names() -> frozenset[str]:
    """The people, pets, places and apps of the bible, as they are written."""
    return frozenset(line.rpartition(" ")[0] for line in entries("names"))
